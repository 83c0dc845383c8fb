// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/DecoderLayer.h"

#include "backend/model/Attention.h"
#include "backend/model/KeyHeads.h"
#include "backend/model/RmsNorm.h"
#include "backend/model/Rope.h"
#include "backend/model/SwiGlu.h"

#include <algorithm>

namespace dubito::model {

namespace {

/// Slices of rows are multiples of this, so that products keep whole vectors.
constexpr std::int64_t kRowGrain = 16;

template <typename Scalar>
void copyRows(Matrix<Scalar> to, Matrix<const Scalar> from)
{
    for (std::int64_t r = 0; r < from.rows; ++r) {
        std::copy_n(from.row(r), from.columns, to.row(r));
    }
}

template <typename Scalar>
void groupForward(Matrix<Scalar> out, const OperandOf<Scalar>& in, const ProjectionGroup<const Scalar>& group)
{
    std::int64_t column = 0;
    for (const auto& part : group.projections()) {
        linearForward(out.columnsBetween(column, column + part.weight.rows), in, part, Into::Overwrite);
        column += part.weight.rows;
    }
}

template <typename Scalar>
void groupBackwardInput(Matrix<Scalar> dIn, const OperandOf<Scalar>& dOut, const ProjectionGroup<const Scalar>& group)
{
    std::int64_t column = 0;
    for (const auto& part : group.projections()) {
        const Into into = column == 0 ? Into::Overwrite : Into::Add;
        linearBackwardInput(dIn, dOut.columnsBetween(column, column + part.weight.rows), part, into);
        column += part.weight.rows;
    }
}

/// What the gradient of a weight sums over: the copies in BF16 have been made, and reach to the end of the padding.
template <typename Scalar>
Operand<Scalar> summed(Matrix<const Scalar> values, Matrix<Bf16> narrow)
{
    return { values, narrow.data == nullptr ? narrow : narrow.rowsBetween(0, paddedRows(values.rows)) };
}

/// One thread's share of the gradients of a group.
struct Share {
    int part;
    int parts;
};

template <typename Scalar>
void groupBackwardWeight(
    const ProjectionGroup<Scalar>& group, const OperandOf<Scalar>& dOut, const OperandOf<Scalar>& in, Share share)
{
    std::int64_t column = 0;
    for (const auto& part : group.projections()) {
        const auto columns = dOut.columnsBetween(column, column + part.weight.rows);
        linearBackwardWeight(LinearGradient<Scalar> { part, columns, in }, share.part, share.parts);
        column += part.weight.rows;
    }
}

/// Consecutive rows.
struct Slice {
    std::int64_t begin;
    std::int64_t end;

    template <typename T>
    Matrix<T> of(const Matrix<T>& matrix) const
    {
        return matrix.rowsBetween(begin, end);
    }
};

/// All rows on their way through the adapters of a layer.
template <typename Scalar>
LoraRows<Scalar> loraRowsOf(const LayerContext<Scalar>& context, std::int64_t layer, Matrix<Scalar> lowRank)
{
    const auto& keys = context.rows.dropoutKeys;
    return { static_cast<Scalar>(context.loraScale), context.loraDropout, layer, lowRank, context.memory.dLowRank,
        context.memory.dropped, keys.empty() ? nullptr : keys.data() };
}

/// Those of a slice.
template <typename Scalar>
LoraRows<Scalar> loraRowsOf(const LayerContext<Scalar>& context, const LayerParameters<const Scalar>& parameters,
    const LayerActivations<Scalar>& activations, const Slice& slice)
{
    return loraRowsOf(context, parameters.adapters.layer, activations.lowRank).rowsBetween(slice.begin, slice.end);
}

/// Everything of some rows that comes before attention.
template <typename Scalar>
void beforeAttention(const LayerContext<Scalar>& context, const LayerParameters<const Scalar>& parameters,
    const LayerActivations<Scalar>& activations, const Slice& slice)
{
    const auto& config = context.config;
    const auto normed = slice.of(context.memory.normed);
    const auto qkv = slice.of(activations.qkv);
    rmsNormForward<Scalar>(normed, activations.inputInverse + slice.begin, slice.of(activations.input),
        { parameters.inputNorm, config.rmsEps });
    groupForward<Scalar>(
        qkv, narrowOperand<Scalar>(normed, context.memory.narrow.normed, slice.begin), parameters.qkv);
    loraForward<Scalar>(
        qkv, normed, parameters.adapters.qkv, loraRowsOf(context, parameters, activations, slice));
    ropeForward<Scalar>(qkv.columnsBetween(0, config.queryWidth() + config.keyWidth()),
        context.rows.positions.data() + slice.begin, context.memory.rope);
}

/// What comes after it for some rows, up to the gates.
template <typename Scalar>
void afterAttention(const LayerContext<Scalar>& context, const LayerParameters<const Scalar>& parameters,
    const LayerActivations<Scalar>& activations, const Slice& slice)
{
    const auto& narrow = context.memory.narrow;
    const auto attended = slice.of(activations.attended);
    const auto middle = slice.of(activations.middle);
    const auto normed = slice.of(context.memory.normed);
    const auto gateUp = slice.of(activations.gateUp);
    const auto lora = loraRowsOf(context, parameters, activations, slice);
    copyRows<Scalar>(middle, slice.of(activations.input));
    linearForward<Scalar>(
        middle, narrowOperand<Scalar>(attended, narrow.attended, slice.begin), parameters.output, Into::Add);
    loraForward<Scalar>(middle, attended, parameters.adapters.output, lora);
    rmsNormForward<Scalar>(normed, activations.middleInverse + slice.begin, middle,
        { parameters.attentionNorm, context.config.rmsEps });
    groupForward<Scalar>(gateUp, narrowOperand<Scalar>(normed, narrow.normed, slice.begin), parameters.gateUp);
    loraForward<Scalar>(gateUp, normed, parameters.adapters.gateUp, lora);
}

/// From the gates to the layer's output: the way back needs nothing of it that it does not make again.
template <typename Scalar>
void afterGates(const LayerContext<Scalar>& context, const LayerParameters<const Scalar>& parameters,
    const LayerActivations<Scalar>& activations, Matrix<Scalar> out, const Slice& slice)
{
    const auto activated = slice.of(context.memory.activated);
    const auto rows = slice.of(out);
    swiGluForward<Scalar>(activated, slice.of(activations.gateUp));
    copyRows<Scalar>(rows, slice.of(activations.middle));
    linearForward<Scalar>(rows, narrowOperand<Scalar>(activated, context.memory.narrow.activated, slice.begin),
        parameters.down, Into::Add);
    loraForward<Scalar>(
        rows, activated, parameters.adapters.down, loraRowsOf(context, parameters, activations, slice));
}

/// What a layer's way back works on.
template <typename Scalar>
struct LayerWayBack {
    const LayerParameters<const Scalar>& parameters;
    const LayerActivations<Scalar>& activations;
    const LayerParameters<Scalar>& gradients;

    bool goesTo(Reach part) const { return gradients.reach >= part; }
};

/// The way back of some rows through the MLP to the gradient of what attention gave, as far as it must go.
template <typename Scalar>
void mlpBackwardRows(
    const LayerContext<Scalar>& context, const LayerWayBack<Scalar>& way, const Slice& slice, Scalar* dNorm)
{
    const auto& [parameters, activations, gradients] = way;
    const auto& memory = context.memory;
    const NarrowOperands& narrow = memory.narrow;
    const auto& adapters = parameters.adapters;
    const auto dOut = slice.of(memory.stream);
    const auto middle = slice.of(activations.middle);
    const auto dMiddle = slice.of(memory.dMiddle);
    const auto dNormed = slice.of(memory.dNormed);
    const auto normed = slice.of(memory.normed);
    const auto activated = slice.of(memory.activated);
    const auto gateUp = slice.of(activations.gateUp);
    const auto lora = loraRowsOf(context, parameters, activations, slice);
    const RmsNorm<Scalar> norm { parameters.attentionNorm, context.config.rmsEps };
    const Scalar* inverse = activations.middleInverse + slice.begin;
    loraBackwardLowRank<Scalar>(dOut, adapters.down, lora);
    if (!way.goesTo(Reach::GateUp)) {
        swiGluForward<Scalar>(activated, gateUp);
        return loraLowRank<Scalar>(activated, adapters.down, lora);
    }
    linearBackwardInput<Scalar>(
        activated, narrowOperand<Scalar>(dOut, narrow.stream, slice.begin), parameters.down, Into::Overwrite);
    loraBackwardInput<Scalar>(activated, adapters.down, lora);
    swiGluBackward<Scalar>(activated, gateUp);
    if (memory.shape.options.recompute == Recompute::On) {
        loraLowRank<Scalar>(activated, adapters.down, lora);
    }
    narrowOperand<Scalar>(activated, narrow.activated, slice.begin);
    loraBackwardLowRank<Scalar>(gateUp, adapters.gateUp, lora);
    rmsNormAgain<Scalar>(normed, inverse, middle, norm);
    narrowOperand<Scalar>(normed, narrow.normed, slice.begin);
    if (!way.goesTo(Reach::Output)) {
        return;
    }
    groupBackwardInput<Scalar>(
        dNormed, narrowOperand<Scalar>(gateUp, narrow.dGateUp, slice.begin), parameters.gateUp);
    loraBackwardInput<Scalar>(dNormed, adapters.gateUp, lora);
    rmsNormBackward<Scalar>({ dMiddle, dOut, dNormed, dNorm }, inverse, middle, norm);
    loraBackwardLowRank<Scalar>(dMiddle, adapters.output, lora);
    if (way.goesTo(Reach::QueryKeyValue)) {
        const auto dAttended = slice.of(memory.dAttended);
        linearBackwardInput<Scalar>(dAttended, narrowOperand<Scalar>(dMiddle, narrow.dMiddle, slice.begin),
            parameters.output, Into::Overwrite);
        loraBackwardInput<Scalar>(dAttended, adapters.output, lora);
    }
}

/// The way back of some rows from queries, keys and values to the gradient of the layer's input.
template <typename Scalar>
void qkvBackwardRows(
    const LayerContext<Scalar>& context, const LayerWayBack<Scalar>& way, const Slice& slice, Scalar* dNorm)
{
    const auto& [parameters, activations, gradients] = way;
    const auto& memory = context.memory;
    const auto& config = context.config;
    const auto dQkv = slice.of(memory.dQkv);
    const auto dNormed = slice.of(memory.dNormed);
    const auto normed = slice.of(memory.normed);
    const auto input = slice.of(activations.input);
    const auto lora = loraRowsOf(context, parameters, activations, slice);
    const RmsNorm<Scalar> norm { parameters.inputNorm, config.rmsEps };
    const Scalar* inverse = activations.inputInverse + slice.begin;
    ropeBackward<Scalar>(dQkv.columnsBetween(0, config.queryWidth() + config.keyWidth()),
        context.rows.positions.data() + slice.begin, memory.rope);
    loraBackwardLowRank<Scalar>(dQkv, parameters.adapters.qkv, lora);
    narrowOperand<Scalar>(slice.of(activations.attended), memory.narrow.attended, slice.begin);
    rmsNormAgain<Scalar>(normed, inverse, input, norm);
    narrowOperand<Scalar>(normed, memory.narrow.normed, slice.begin);
    if (!way.goesTo(Reach::Input)) {
        return;
    }
    groupBackwardInput<Scalar>(dNormed, narrowOperand<Scalar>(dQkv, memory.narrow.dQkv, slice.begin), parameters.qkv);
    loraBackwardInput<Scalar>(dNormed, parameters.adapters.qkv, lora);
    rmsNormBackward<Scalar>(
        { slice.of(memory.stream), slice.of(memory.dMiddle), dNormed, dNorm }, inverse, input, norm);
}

/// The gradients of a group of adapters; a region of its own, because dropout has one room for all groups.
template <typename Scalar>
void adapterGradients(
    const LayerContext<Scalar>& context, const LoraGradient<Scalar>& gradient, const LoraRows<Scalar>& rows)
{
    if (gradient.group.count == 0) {
        return;
    }
    const int threads = context.parallel.threads();
    context.parallel.forThreads([&](int thread) { loraBackwardWeight(gradient, rows, thread, threads); });
}

template <typename Scalar>
void mlpBackward(const LayerContext<Scalar>& context, const LayerWayBack<Scalar>& way)
{
    const auto& gradients = way.gradients;
    const Slice all { 0, context.rows.count() };
    const auto& memory = context.memory;
    const NormPartials<Scalar> partials(context);
    const auto dNorm = [&](int thread) { return gradients.attentionNorm == nullptr ? nullptr : partials.row(thread); };
    context.parallel.forSlices(all.end, kRowGrain, [&](std::int64_t begin, std::int64_t end, int thread) {
        mlpBackwardRows<Scalar>(context, way, { begin, end }, dNorm(thread));
    });
    partials.addTo(gradients.attentionNorm);
    const NarrowOperands& narrow = memory.narrow;
    const auto gateUp = all.of(way.activations.gateUp);
    const int threads = context.parallel.threads();
    if (gradients.down.weight.data != nullptr) {
        context.parallel.forThreads([&](int thread) {
            linearBackwardWeight(
                LinearGradient<Scalar> { gradients.down, summed<Scalar>(all.of(memory.stream), narrow.stream),
                    summed<Scalar>(all.of(memory.activated), narrow.activated) },
                thread, threads);
            groupBackwardWeight<Scalar>(gradients.gateUp, summed<Scalar>(gateUp, narrow.dGateUp),
                summed<Scalar>(all.of(memory.normed), narrow.normed), { thread, threads });
        });
    }
    const auto& adapters = gradients.adapters;
    const auto lora = loraRowsOf(context, way.parameters.adapters.layer, way.activations.lowRank);
    adapterGradients<Scalar>(context, { adapters.down, all.of(memory.stream), all.of(memory.activated) }, lora);
    adapterGradients<Scalar>(context, { adapters.gateUp, gateUp, all.of(memory.normed) }, lora);
    adapterGradients<Scalar>(
        context, { adapters.output, all.of(memory.dMiddle), all.of(way.activations.attended) }, lora);
}

template <typename Scalar>
void attentionPartBackward(const LayerContext<Scalar>& context, const LayerWayBack<Scalar>& way)
{
    const auto& gradients = way.gradients;
    const auto& activations = way.activations;
    const Slice all { 0, context.rows.count() };
    const auto& memory = context.memory;
    forKeyHeads(context, [&](const PackedRows::Sequence& sequence, std::int64_t kvHead, int thread) {
        const std::int64_t end = sequence.begin + sequence.count;
        attentionBackward<Scalar>({ memory.dQkv.rowsBetween(sequence.begin, end),
                                      memory.dAttended.rowsBetween(sequence.begin, end) },
            activations.qkv.rowsBetween(sequence.begin, end), context.heads(), kvHead,
            memory.attention[static_cast<std::size_t>(thread)]);
    });
    const NormPartials<Scalar> partials(context);
    const auto dNorm = [&](int thread) { return gradients.inputNorm == nullptr ? nullptr : partials.row(thread); };
    context.parallel.forSlices(all.end, kRowGrain, [&](std::int64_t begin, std::int64_t end, int thread) {
        qkvBackwardRows<Scalar>(context, way, { begin, end }, dNorm(thread));
    });
    partials.addTo(gradients.inputNorm);
    const NarrowOperands& narrow = memory.narrow;
    const int threads = context.parallel.threads();
    if (gradients.output.weight.data != nullptr) {
        context.parallel.forThreads([&](int thread) {
            linearBackwardWeight(
                LinearGradient<Scalar> { gradients.output, summed<Scalar>(all.of(memory.dMiddle), narrow.dMiddle),
                    summed<Scalar>(all.of(activations.attended), narrow.attended) },
                thread, threads);
            groupBackwardWeight<Scalar>(gradients.qkv, summed<Scalar>(all.of(memory.dQkv), narrow.dQkv),
                summed<Scalar>(all.of(memory.normed), narrow.normed), { thread, threads });
        });
    }
    adapterGradients<Scalar>(context, { gradients.adapters.qkv, all.of(memory.dQkv), all.of(memory.normed) },
        loraRowsOf(context, way.parameters.adapters.layer, activations.lowRank));
}

/// The layer's beginning, attention included.
template <typename Scalar>
void untilAttended(const LayerContext<Scalar>& context, const LayerParameters<const Scalar>& parameters,
    const LayerActivations<Scalar>& activations)
{
    context.parallel.forSlices(context.rows.count(), kRowGrain, [&](std::int64_t begin, std::int64_t end, int) {
        beforeAttention(context, parameters, activations, { begin, end });
    });
    forKeyHeads(context, [&](const PackedRows::Sequence& sequence, std::int64_t kvHead, int thread) {
        const std::int64_t end = sequence.begin + sequence.count;
        attentionForward<Scalar>(activations.attended.rowsBetween(sequence.begin, end),
            activations.qkv.rowsBetween(sequence.begin, end), context.heads(), kvHead,
            context.memory.attention[static_cast<std::size_t>(thread)]);
    });
}

} // namespace

template <typename Scalar>
void decoderLayerActivations(const LayerContext<Scalar>& context, const LayerParameters<const Scalar>& parameters,
    const LayerActivations<Scalar>& activations)
{
    const std::int64_t rows = context.rows.count();
    untilAttended(context, parameters, activations);
    context.parallel.forSlices(rows, kRowGrain, [&](std::int64_t begin, std::int64_t end, int) {
        afterAttention(context, parameters, activations, { begin, end });
    });
}

template <typename Scalar>
void decoderLayerForward(const LayerContext<Scalar>& context, const LayerParameters<const Scalar>& parameters,
    const LayerActivations<Scalar>& activations, Matrix<Scalar> out)
{
    const std::int64_t rows = context.rows.count();
    untilAttended(context, parameters, activations);
    context.parallel.forSlices(rows, kRowGrain, [&](std::int64_t begin, std::int64_t end, int) {
        afterAttention(context, parameters, activations, { begin, end });
        afterGates(context, parameters, activations, out, { begin, end });
    });
}

template <typename Scalar>
void decoderLayerBackward(const LayerContext<Scalar>& context, const LayerParameters<const Scalar>& parameters,
    const LayerParameters<Scalar>& gradients, const LayerActivations<Scalar>& activations)
{
    const LayerWayBack<Scalar> way { parameters, activations, gradients };
    mlpBackward(context, way);
    if (way.goesTo(Reach::QueryKeyValue)) {
        attentionPartBackward(context, way);
    }
}

template void decoderLayerActivations(
    const LayerContext<float>&, const LayerParameters<const float>&, const LayerActivations<float>&);
template void decoderLayerActivations(
    const LayerContext<double>&, const LayerParameters<const double>&, const LayerActivations<double>&);
template void decoderLayerForward(
    const LayerContext<float>&, const LayerParameters<const float>&, const LayerActivations<float>&, Matrix<float>);
template void decoderLayerForward(const LayerContext<double>&, const LayerParameters<const double>&,
    const LayerActivations<double>&, Matrix<double>);
template void decoderLayerBackward(const LayerContext<float>&, const LayerParameters<const float>&,
    const LayerParameters<float>&, const LayerActivations<float>&);
template void decoderLayerBackward(const LayerContext<double>&, const LayerParameters<const double>&,
    const LayerParameters<double>&, const LayerActivations<double>&);

} // namespace dubito::model
