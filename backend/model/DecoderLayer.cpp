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

/// What the gradient of a weight sums over: the copies in BF16 have been made, and reach to the end of the padding.
template <typename Scalar>
Operand<Scalar> summed(Matrix<const Scalar> values, Matrix<Bf16> narrow)
{
    return { values, narrow.data == nullptr ? narrow : narrow.rowsBetween(0, paddedRows(values.rows)) };
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

/// The operand that `fill(rows)` makes of a slice: in blocks of rows, so that the copy in BF16 reads what is still in the
/// first cache.
template <typename Scalar, typename Fill>
Operand<Scalar> filledOperand(Matrix<Scalar> values, Matrix<Bf16> narrow, const Slice& slice, const Fill& fill)
{
    constexpr std::int64_t kWarmRows = 16;
    const std::int64_t step = narrow.data == nullptr ? slice.end - slice.begin : kWarmRows;
    for (std::int64_t begin = slice.begin; begin < slice.end; begin += step) {
        const Slice rows { begin, std::min(slice.end, begin + step) };
        fill(rows);
        narrowOperand<Scalar>(rows.of(values), narrow, rows.begin);
    }
    return { slice.of(values), narrow.data == nullptr ? narrow : slice.of(narrow) };
}

/// All rows on their way through the adapters of a layer.
template <typename Scalar>
LoraRows<Scalar> loraRowsOf(const LayerContext<Scalar>& context, std::int64_t layer, Matrix<Scalar> lowRank)
{
    const auto& keys = context.rows.dropoutKeys;
    const auto& memory = context.memory;
    return { static_cast<Scalar>(context.loraScale), context.loraDropout, layer, lowRank, memory.dLowRank,
        memory.dropped, keys.empty() ? nullptr : keys.data(), memory.narrow.lowRank, memory.narrow.dLowRank };
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
    const auto& memory = context.memory;
    const auto qkv = slice.of(activations.qkv);
    const auto in = filledOperand(memory.normed, memory.narrow.normed, slice, [&](const Slice& rows) {
        rmsNormForward<Scalar>(rows.of(memory.normed), activations.inputInverse + rows.begin,
            rows.of(activations.input), { parameters.inputNorm, config.rmsEps });
    });
    groupForward<Scalar>(qkv, in, parameters.qkv);
    loraForward<Scalar>(qkv, in, parameters.adapters.qkv, loraRowsOf(context, parameters, activations, slice));
    ropeForward<Scalar>(qkv.columnsBetween(0, config.queryWidth() + config.keyWidth()),
        context.rows.positions.data() + slice.begin, context.memory.rope);
}

/// What comes after it for some rows, up to the gates.
template <typename Scalar>
void afterAttention(const LayerContext<Scalar>& context, const LayerParameters<const Scalar>& parameters,
    const LayerActivations<Scalar>& activations, const Slice& slice)
{
    const auto& memory = context.memory;
    const auto middle = slice.of(activations.middle);
    const auto gateUp = slice.of(activations.gateUp);
    const auto lora = loraRowsOf(context, parameters, activations, slice);
    const auto attended
        = narrowOperand<Scalar>(slice.of(activations.attended), memory.narrow.attended, slice.begin);
    copyRows<Scalar>(middle, slice.of(activations.input));
    linearForward<Scalar>(middle, attended, parameters.output, Into::Add);
    loraForward<Scalar>(middle, attended, parameters.adapters.output, lora);
    const auto in = filledOperand(memory.normed, memory.narrow.normed, slice, [&](const Slice& rows) {
        rmsNormForward<Scalar>(rows.of(memory.normed), activations.middleInverse + rows.begin,
            rows.of(activations.middle), { parameters.attentionNorm, context.config.rmsEps });
    });
    groupForward<Scalar>(gateUp, in, parameters.gateUp);
    loraForward<Scalar>(gateUp, in, parameters.adapters.gateUp, lora);
}

/// From the gates to the layer's output: the way back needs nothing of it that it does not make again.
template <typename Scalar>
void afterGates(const LayerContext<Scalar>& context, const LayerParameters<const Scalar>& parameters,
    const LayerActivations<Scalar>& activations, Matrix<Scalar> out, const Slice& slice)
{
    const auto& memory = context.memory;
    const auto result = slice.of(out);
    const auto in = filledOperand(memory.activated, memory.narrow.activated, slice, [&](const Slice& rows) {
        swiGluForward<Scalar>(rows.of(memory.activated), rows.of(activations.gateUp));
    });
    copyRows<Scalar>(result, slice.of(activations.middle));
    linearForward<Scalar>(result, in, parameters.down, Into::Add);
    loraForward<Scalar>(result, in, parameters.adapters.down, loraRowsOf(context, parameters, activations, slice));
}

/// What a layer's way back works on.
template <typename Scalar>
struct LayerWayBack {
    const LayerParameters<const Scalar>& parameters;
    const LayerActivations<Scalar>& activations;
    const LayerParameters<Scalar>& gradients;

    bool goesTo(Reach part) const { return gradients.reach >= part; }

    /// Whether the input of projections is needed again: for their own gradients, or for those of their adapters.
    bool trains(const LoraGroup<const Scalar>& adapters) const
    {
        return gradients.down.weight.data != nullptr || adapters.count > 0;
    }
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
    const auto dNormed = slice.of(memory.dNormed);
    const auto activated = slice.of(memory.activated);
    const auto lora = loraRowsOf(context, parameters, activations, slice);
    const RmsNorm<Scalar> norm { parameters.attentionNorm, context.config.rmsEps };
    const auto from = narrowOperand<Scalar>(slice.of(memory.stream), narrow.stream, slice.begin);
    loraBackwardLowRank<Scalar>(from, adapters.down, lora);
    if (!way.goesTo(Reach::GateUp)) {
        swiGluForward<Scalar>(activated, slice.of(activations.gateUp));
        const auto in = narrowOperand<Scalar>(activated, narrow.activated, slice.begin);
        return loraLowRank<Scalar>(in, adapters.down, lora);
    }
    linearBackwardInput<Scalar>(activated, from, parameters.down, Into::Overwrite);
    loraBackwardInput<Scalar>(activated, adapters.down, lora);
    const auto dGates = filledOperand(activations.gateUp, narrow.dGateUp, slice, [&](const Slice& rows) {
        swiGluBackward<Scalar>(rows.of(memory.activated), rows.of(activations.gateUp));
        if (way.trains(adapters.down)) {
            narrowOperand<Scalar>(rows.of(memory.activated), narrow.activated, rows.begin);
        }
    });
    if (way.trains(adapters.down) && memory.shape.options.recompute == Recompute::On) {
        const auto copy = narrow.activated.data == nullptr ? narrow.activated : slice.of(narrow.activated);
        loraLowRank<Scalar>({ activated, copy }, adapters.down, lora);
    }
    loraBackwardLowRank<Scalar>(dGates, adapters.gateUp, lora);
    if (way.trains(adapters.gateUp)) {
        filledOperand(memory.normed, narrow.normed, slice, [&](const Slice& rows) {
            rmsNormAgain<Scalar>(rows.of(memory.normed), activations.middleInverse + rows.begin,
                rows.of(activations.middle), norm);
        });
    }
    if (!way.goesTo(Reach::Output)) {
        return;
    }
    groupBackwardInput<Scalar>(dNormed, dGates, parameters.gateUp);
    loraBackwardInput<Scalar>(dNormed, adapters.gateUp, lora);
    const auto fromMiddle = filledOperand(memory.dMiddle, narrow.dMiddle, slice, [&](const Slice& rows) {
        rmsNormBackward<Scalar>(
            { rows.of(memory.dMiddle), rows.of(memory.stream), rows.of(memory.dNormed), dNorm },
            activations.middleInverse + rows.begin, rows.of(activations.middle), norm);
    });
    loraBackwardLowRank<Scalar>(fromMiddle, adapters.output, lora);
    if (way.trains(adapters.output)) {
        narrowOperand<Scalar>(slice.of(activations.attended), narrow.attended, slice.begin);
    }
    if (way.goesTo(Reach::QueryKeyValue)) {
        const auto dAttended = slice.of(memory.dAttended);
        linearBackwardInput<Scalar>(dAttended, fromMiddle, parameters.output, Into::Overwrite);
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
    const auto dNormed = slice.of(memory.dNormed);
    const auto lora = loraRowsOf(context, parameters, activations, slice);
    const RmsNorm<Scalar> norm { parameters.inputNorm, config.rmsEps };
    const std::int64_t rotated = config.queryWidth() + config.keyWidth();
    const auto from = filledOperand(memory.dQkv, memory.narrow.dQkv, slice, [&](const Slice& rows) {
        ropeBackward<Scalar>(rows.of(memory.dQkv).columnsBetween(0, rotated),
            context.rows.positions.data() + rows.begin, memory.rope);
    });
    loraBackwardLowRank<Scalar>(from, parameters.adapters.qkv, lora);
    if (way.trains(parameters.adapters.qkv)) {
        filledOperand(memory.normed, memory.narrow.normed, slice, [&](const Slice& rows) {
            rmsNormAgain<Scalar>(rows.of(memory.normed), activations.inputInverse + rows.begin,
                rows.of(activations.input), norm);
        });
    }
    if (!way.goesTo(Reach::Input)) {
        return;
    }
    groupBackwardInput<Scalar>(dNormed, from, parameters.qkv);
    loraBackwardInput<Scalar>(dNormed, parameters.adapters.qkv, lora);
    rmsNormBackward<Scalar>({ slice.of(memory.stream), slice.of(memory.dMiddle), dNormed, dNorm },
        activations.inputInverse + slice.begin, slice.of(activations.input), norm);
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
    adapterGradients<Scalar>(context,
        { adapters.down, summed<Scalar>(all.of(memory.stream), narrow.stream),
            summed<Scalar>(all.of(memory.activated), narrow.activated) },
        lora);
    adapterGradients<Scalar>(context,
        { adapters.gateUp, summed<Scalar>(gateUp, narrow.dGateUp),
            summed<Scalar>(all.of(memory.normed), narrow.normed) },
        lora);
    adapterGradients<Scalar>(context,
        { adapters.output, summed<Scalar>(all.of(memory.dMiddle), narrow.dMiddle),
            summed<Scalar>(all.of(way.activations.attended), narrow.attended) },
        lora);
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
    adapterGradients<Scalar>(context,
        { gradients.adapters.qkv, summed<Scalar>(all.of(memory.dQkv), narrow.dQkv),
            summed<Scalar>(all.of(memory.normed), narrow.normed) },
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
