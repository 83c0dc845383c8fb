// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/DecoderLayer.h"

#include "backend/model/Attention.h"
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
void groupForward(Matrix<Scalar> out, Matrix<const Scalar> in, const ProjectionGroup<const Scalar>& group,
    Panel<Scalar> panel)
{
    std::int64_t column = 0;
    for (const auto& part : group.projections()) {
        linearForward(out.columnsBetween(column, column + part.weight.rows), in, part, Into::Overwrite, panel);
        column += part.weight.rows;
    }
}

template <typename Scalar>
void groupBackwardInput(Matrix<Scalar> dIn, Matrix<const Scalar> dOut, const ProjectionGroup<const Scalar>& group,
    Panel<Scalar> panel)
{
    std::int64_t column = 0;
    for (const auto& part : group.projections()) {
        const Into into = column == 0 ? Into::Overwrite : Into::Add;
        linearBackwardInput(dIn, dOut.columnsBetween(column, column + part.weight.rows), part, into, panel);
        column += part.weight.rows;
    }
}

/// One thread's share of the gradients of a group.
struct Share {
    int part;
    int parts;
};

template <typename Scalar>
void groupBackwardWeight(
    const ProjectionGroup<Scalar>& group, Matrix<const Scalar> dOut, Matrix<const Scalar> in, Share share)
{
    std::int64_t column = 0;
    for (const auto& part : group.projections()) {
        const auto columns = dOut.columnsBetween(column, column + part.weight.rows);
        linearBackwardWeight(LinearGradient<Scalar> { part, columns, in }, share.part, share.parts);
        column += part.weight.rows;
    }
}

/// Calls `body(sequence, kvHead, thread)` for every key head of every sequence; each thread gets consecutive ones of
/// about the same cost, which grows with the square of the length. The split depends on the lengths alone.
template <typename Scalar, typename Body>
void forKeyHeads(const LayerContext<Scalar>& context, const Body& body)
{
    std::int64_t total = 0;
    for (const auto& sequence : context.rows.sequences) {
        total += sequence.count * sequence.count * context.config.kvHeads;
    }
    context.parallel.forThreads([&](int thread) {
        std::int64_t passed = 0;
        for (const auto& sequence : context.rows.sequences) {
            const std::int64_t cost = sequence.count * sequence.count;
            for (std::int64_t kvHead = 0; kvHead < context.config.kvHeads; ++kvHead) {
                const std::int64_t middle = passed + cost / 2;
                if (cost > 0 && middle * context.parallel.threads() / total == thread) {
                    body(sequence, kvHead, thread);
                }
                passed += cost;
            }
        }
    });
}

/// Consecutive rows and the thread that works on them.
struct Slice {
    std::int64_t begin;
    std::int64_t end;
    int thread;

    template <typename T>
    Matrix<T> of(const Matrix<T>& matrix) const
    {
        return matrix.rowsBetween(begin, end);
    }
};

template <typename Scalar>
Panel<Scalar> panelOf(const LayerContext<Scalar>& context, const Slice& slice)
{
    return context.memory.panels[static_cast<std::size_t>(slice.thread)];
}

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
    groupForward<Scalar>(qkv, normed, parameters.qkv, panelOf(context, slice));
    loraForward<Scalar>(
        qkv, normed, parameters.adapters.qkv, loraRowsOf(context, parameters, activations, slice));
    ropeForward<Scalar>(qkv.columnsBetween(0, config.queryWidth() + config.keyWidth()),
        context.rows.positions.data() + slice.begin, context.memory.rope);
}

/// Everything of some rows that comes after it.
template <typename Scalar>
void afterAttention(const LayerContext<Scalar>& context, const LayerParameters<const Scalar>& parameters,
    const LayerActivations<Scalar>& activations, Matrix<Scalar> out, const Slice& slice)
{
    const auto middle = slice.of(activations.middle);
    const auto normed = slice.of(context.memory.normed);
    const auto gateUp = slice.of(activations.gateUp);
    const auto activated = slice.of(context.memory.activated);
    const auto attended = slice.of(activations.attended);
    const auto panel = panelOf(context, slice);
    const auto lora = loraRowsOf(context, parameters, activations, slice);
    copyRows<Scalar>(middle, slice.of(activations.input));
    linearForward<Scalar>(middle, attended, parameters.output, Into::Add, panel);
    loraForward<Scalar>(middle, attended, parameters.adapters.output, lora);
    rmsNormForward<Scalar>(normed, activations.middleInverse + slice.begin, middle,
        { parameters.attentionNorm, context.config.rmsEps });
    groupForward<Scalar>(gateUp, normed, parameters.gateUp, panel);
    loraForward<Scalar>(gateUp, normed, parameters.adapters.gateUp, lora);
    swiGluForward<Scalar>(activated, gateUp);
    copyRows<Scalar>(out, middle);
    linearForward<Scalar>(out, activated, parameters.down, Into::Add, panel);
    loraForward<Scalar>(out, activated, parameters.adapters.down, lora);
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
    const auto& adapters = parameters.adapters;
    const auto dOut = slice.of(memory.stream);
    const auto middle = slice.of(activations.middle);
    const auto dMiddle = slice.of(memory.dMiddle);
    const auto dNormed = slice.of(memory.dNormed);
    const auto activated = slice.of(memory.activated);
    const auto gateUp = slice.of(activations.gateUp);
    const auto panel = panelOf(context, slice);
    const auto lora = loraRowsOf(context, parameters, activations, slice);
    const RmsNorm<Scalar> norm { parameters.attentionNorm, context.config.rmsEps };
    const Scalar* inverse = activations.middleInverse + slice.begin;
    loraBackwardLowRank<Scalar>(dOut, adapters.down, lora);
    if (!way.goesTo(Reach::GateUp)) {
        return swiGluForward<Scalar>(activated, gateUp);
    }
    linearBackwardInput<Scalar>(activated, dOut, parameters.down, Into::Overwrite, panel);
    loraBackwardInput<Scalar>(activated, adapters.down, lora);
    swiGluBackward<Scalar>(activated, gateUp);
    loraBackwardLowRank<Scalar>(gateUp, adapters.gateUp, lora);
    rmsNormAgain<Scalar>(slice.of(memory.normed), inverse, middle, norm);
    if (!way.goesTo(Reach::Output)) {
        return;
    }
    groupBackwardInput<Scalar>(dNormed, gateUp, parameters.gateUp, panel);
    loraBackwardInput<Scalar>(dNormed, adapters.gateUp, lora);
    rmsNormBackward<Scalar>({ dMiddle, dOut, dNormed, dNorm }, inverse, middle, norm);
    loraBackwardLowRank<Scalar>(dMiddle, adapters.output, lora);
    if (way.goesTo(Reach::QueryKeyValue)) {
        const auto dAttended = slice.of(memory.dAttended);
        linearBackwardInput<Scalar>(dAttended, dMiddle, parameters.output, Into::Overwrite, panel);
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
    const auto input = slice.of(activations.input);
    const auto lora = loraRowsOf(context, parameters, activations, slice);
    const RmsNorm<Scalar> norm { parameters.inputNorm, config.rmsEps };
    const Scalar* inverse = activations.inputInverse + slice.begin;
    ropeBackward<Scalar>(dQkv.columnsBetween(0, config.queryWidth() + config.keyWidth()),
        context.rows.positions.data() + slice.begin, memory.rope);
    loraBackwardLowRank<Scalar>(dQkv, parameters.adapters.qkv, lora);
    rmsNormAgain<Scalar>(slice.of(memory.normed), inverse, input, norm);
    if (!way.goesTo(Reach::Input)) {
        return;
    }
    groupBackwardInput<Scalar>(dNormed, dQkv, parameters.qkv, panelOf(context, slice));
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
    const Slice all { 0, context.rows.count(), 0 };
    const auto& memory = context.memory;
    const NormPartials<Scalar> partials(context);
    const auto dNorm = [&](int thread) { return gradients.attentionNorm == nullptr ? nullptr : partials.row(thread); };
    context.parallel.forSlices(all.end, kRowGrain, [&](std::int64_t begin, std::int64_t end, int thread) {
        mlpBackwardRows<Scalar>(context, way, { begin, end, thread }, dNorm(thread));
    });
    partials.addTo(gradients.attentionNorm);
    const auto gateUp = all.of(way.activations.gateUp);
    const int threads = context.parallel.threads();
    if (gradients.down.weight.data != nullptr) {
        context.parallel.forThreads([&](int thread) {
            linearBackwardWeight(
                LinearGradient<Scalar> { gradients.down, all.of(memory.stream), all.of(memory.activated) }, thread,
                threads);
            groupBackwardWeight<Scalar>(gradients.gateUp, gateUp, all.of(memory.normed), { thread, threads });
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
    const Slice all { 0, context.rows.count(), 0 };
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
        qkvBackwardRows<Scalar>(context, way, { begin, end, thread }, dNorm(thread));
    });
    partials.addTo(gradients.inputNorm);
    const int threads = context.parallel.threads();
    if (gradients.output.weight.data != nullptr) {
        context.parallel.forThreads([&](int thread) {
            linearBackwardWeight(
                LinearGradient<Scalar> { gradients.output, all.of(memory.dMiddle), all.of(activations.attended) },
                thread, threads);
            groupBackwardWeight<Scalar>(
                gradients.qkv, all.of(memory.dQkv), all.of(memory.normed), { thread, threads });
        });
    }
    adapterGradients<Scalar>(context, { gradients.adapters.qkv, all.of(memory.dQkv), all.of(memory.normed) },
        loraRowsOf(context, way.parameters.adapters.layer, activations.lowRank));
}

} // namespace

template <typename Scalar>
void decoderLayerForward(const LayerContext<Scalar>& context, const LayerParameters<const Scalar>& parameters,
    const LayerActivations<Scalar>& activations, Matrix<Scalar> out)
{
    const std::int64_t rows = context.rows.count();
    context.parallel.forSlices(rows, kRowGrain, [&](std::int64_t begin, std::int64_t end, int thread) {
        beforeAttention(context, parameters, activations, { begin, end, thread });
    });
    forKeyHeads(context, [&](const PackedRows::Sequence& sequence, std::int64_t kvHead, int thread) {
        const std::int64_t end = sequence.begin + sequence.count;
        attentionForward<Scalar>(activations.attended.rowsBetween(sequence.begin, end),
            activations.qkv.rowsBetween(sequence.begin, end), context.heads(), kvHead,
            context.memory.attention[static_cast<std::size_t>(thread)]);
    });
    context.parallel.forSlices(rows, kRowGrain, [&](std::int64_t begin, std::int64_t end, int thread) {
        afterAttention(context, parameters, activations, out.rowsBetween(begin, end), { begin, end, thread });
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

template void decoderLayerForward(
    const LayerContext<float>&, const LayerParameters<const float>&, const LayerActivations<float>&, Matrix<float>);
template void decoderLayerForward(const LayerContext<double>&, const LayerParameters<const double>&,
    const LayerActivations<double>&, Matrix<double>);
template void decoderLayerBackward(const LayerContext<float>&, const LayerParameters<const float>&,
    const LayerParameters<float>&, const LayerActivations<float>&);
template void decoderLayerBackward(const LayerContext<double>&, const LayerParameters<const double>&,
    const LayerParameters<double>&, const LayerActivations<double>&);

} // namespace dubito::model
