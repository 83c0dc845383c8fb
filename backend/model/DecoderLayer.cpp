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
void groupForward(Matrix<Scalar> out, Matrix<const Scalar> in, const ProjectionGroup<const Scalar>& group)
{
    std::int64_t column = 0;
    for (const auto& part : group.projections()) {
        linearForward(out.columnsBetween(column, column + part.weight.rows), in, part, Into::Overwrite);
        column += part.weight.rows;
    }
}

template <typename Scalar>
void groupBackwardInput(Matrix<Scalar> dIn, Matrix<const Scalar> dOut, const ProjectionGroup<const Scalar>& group)
{
    std::int64_t column = 0;
    for (const auto& part : group.projections()) {
        const Into into = column == 0 ? Into::Overwrite : Into::Add;
        linearBackwardInput(dIn, dOut.columnsBetween(column, column + part.weight.rows), part, into);
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

/// Everything of the rows [begin, end) that comes before attention.
template <typename Scalar>
void beforeAttention(const LayerContext<Scalar>& context, const LayerParameters<const Scalar>& parameters,
    const LayerActivations<Scalar>& activations, std::int64_t begin, std::int64_t end)
{
    const auto& config = context.config;
    const auto normed = context.memory.normed.rowsBetween(begin, end);
    const auto qkv = activations.qkv.rowsBetween(begin, end);
    rmsNormForward<Scalar>(normed, activations.inputInverse + begin, activations.input.rowsBetween(begin, end),
        { parameters.inputNorm, config.rmsEps });
    groupForward<Scalar>(qkv, normed, parameters.qkv);
    ropeForward<Scalar>(qkv.columnsBetween(0, config.queryWidth() + config.keyWidth()),
        context.rows.positions.data() + begin, context.memory.rope);
}

/// Everything of the rows [begin, end) that comes after it.
template <typename Scalar>
void afterAttention(const LayerContext<Scalar>& context, const LayerParameters<const Scalar>& parameters,
    const LayerActivations<Scalar>& activations, Matrix<Scalar> out, std::int64_t begin)
{
    const std::int64_t end = begin + out.rows;
    const auto middle = activations.middle.rowsBetween(begin, end);
    const auto normed = context.memory.normed.rowsBetween(begin, end);
    const auto gateUp = activations.gateUp.rowsBetween(begin, end);
    const auto activated = context.memory.activated.rowsBetween(begin, end);
    copyRows<Scalar>(middle, activations.input.rowsBetween(begin, end));
    linearForward<Scalar>(middle, activations.attended.rowsBetween(begin, end), parameters.output, Into::Add);
    rmsNormForward<Scalar>(
        normed, activations.middleInverse + begin, middle, { parameters.attentionNorm, context.config.rmsEps });
    groupForward<Scalar>(gateUp, normed, parameters.gateUp);
    swiGluForward<Scalar>(activated, gateUp);
    copyRows<Scalar>(out, middle);
    linearForward<Scalar>(out, activated, parameters.down, Into::Add);
}

/// The way back of the rows [begin, end) through the MLP to the gradient of what attention gave.
template <typename Scalar>
void mlpBackwardRows(const LayerContext<Scalar>& context, const LayerParameters<const Scalar>& parameters,
    const LayerActivations<Scalar>& activations, std::int64_t begin, std::int64_t end, Scalar* dNorm)
{
    const auto& memory = context.memory;
    const auto dOut = memory.stream.rowsBetween(begin, end);
    const auto middle = activations.middle.rowsBetween(begin, end);
    const auto dMiddle = memory.dMiddle.rowsBetween(begin, end);
    const auto dNormed = memory.dNormed.rowsBetween(begin, end);
    const auto activated = memory.activated.rowsBetween(begin, end);
    const auto gateUp = activations.gateUp.rowsBetween(begin, end);
    const RmsNorm<Scalar> norm { parameters.attentionNorm, context.config.rmsEps };
    const Scalar* inverse = activations.middleInverse + begin;
    linearBackwardInput<Scalar>(activated, dOut, parameters.down, Into::Overwrite);
    swiGluBackward<Scalar>(activated, gateUp);
    groupBackwardInput<Scalar>(dNormed, gateUp, parameters.gateUp);
    rmsNormAgain<Scalar>(memory.normed.rowsBetween(begin, end), inverse, middle, norm);
    rmsNormBackward<Scalar>({ dMiddle, dOut, dNormed, dNorm }, inverse, middle, norm);
    linearBackwardInput<Scalar>(
        memory.dAttended.rowsBetween(begin, end), dMiddle, parameters.output, Into::Overwrite);
}

/// The way back of the rows [begin, end) from queries, keys and values to the gradient of the layer's input.
template <typename Scalar>
void qkvBackwardRows(const LayerContext<Scalar>& context, const LayerParameters<const Scalar>& parameters,
    const LayerActivations<Scalar>& activations, std::int64_t begin, std::int64_t end, Scalar* dNorm)
{
    const auto& memory = context.memory;
    const auto& config = context.config;
    const auto dQkv = memory.dQkv.rowsBetween(begin, end);
    const auto dNormed = memory.dNormed.rowsBetween(begin, end);
    const auto input = activations.input.rowsBetween(begin, end);
    const RmsNorm<Scalar> norm { parameters.inputNorm, config.rmsEps };
    const Scalar* inverse = activations.inputInverse + begin;
    ropeBackward<Scalar>(dQkv.columnsBetween(0, config.queryWidth() + config.keyWidth()),
        context.rows.positions.data() + begin, memory.rope);
    groupBackwardInput<Scalar>(dNormed, dQkv, parameters.qkv);
    rmsNormAgain<Scalar>(memory.normed.rowsBetween(begin, end), inverse, input, norm);
    rmsNormBackward<Scalar>({ memory.stream.rowsBetween(begin, end), memory.dMiddle.rowsBetween(begin, end), dNormed,
                                dNorm },
        inverse, input, norm);
}

template <typename Scalar>
void mlpBackward(const LayerContext<Scalar>& context, const LayerParameters<const Scalar>& parameters,
    const LayerParameters<Scalar>& gradients, const LayerActivations<Scalar>& activations)
{
    const std::int64_t rows = context.rows.count();
    const auto& memory = context.memory;
    const NormPartials<Scalar> partials(context);
    context.parallel.forSlices(rows, kRowGrain, [&](std::int64_t begin, std::int64_t end, int thread) {
        mlpBackwardRows<Scalar>(context, parameters, activations, begin, end, partials.row(thread));
    });
    partials.addTo(gradients.attentionNorm);
    const int threads = context.parallel.threads();
    context.parallel.forThreads([&](int thread) {
        linearBackwardWeight(LinearGradient<Scalar> { gradients.down, memory.stream.rowsBetween(0, rows),
                                 memory.activated.rowsBetween(0, rows) },
            thread, threads);
        groupBackwardWeight<Scalar>(gradients.gateUp, activations.gateUp.rowsBetween(0, rows),
            memory.normed.rowsBetween(0, rows), { thread, threads });
    });
}

template <typename Scalar>
void attentionPartBackward(const LayerContext<Scalar>& context, const LayerParameters<const Scalar>& parameters,
    const LayerParameters<Scalar>& gradients, const LayerActivations<Scalar>& activations)
{
    const std::int64_t rows = context.rows.count();
    const auto& memory = context.memory;
    forKeyHeads(context, [&](const PackedRows::Sequence& sequence, std::int64_t kvHead, int thread) {
        const std::int64_t end = sequence.begin + sequence.count;
        attentionBackward<Scalar>({ memory.dQkv.rowsBetween(sequence.begin, end),
                                      memory.dAttended.rowsBetween(sequence.begin, end) },
            activations.qkv.rowsBetween(sequence.begin, end), context.heads(), kvHead,
            memory.attention[static_cast<std::size_t>(thread)]);
    });
    const NormPartials<Scalar> partials(context);
    context.parallel.forSlices(rows, kRowGrain, [&](std::int64_t begin, std::int64_t end, int thread) {
        qkvBackwardRows<Scalar>(context, parameters, activations, begin, end, partials.row(thread));
    });
    partials.addTo(gradients.inputNorm);
    const int threads = context.parallel.threads();
    context.parallel.forThreads([&](int thread) {
        linearBackwardWeight(LinearGradient<Scalar> { gradients.output, memory.dMiddle.rowsBetween(0, rows),
                                 activations.attended.rowsBetween(0, rows) },
            thread, threads);
        groupBackwardWeight<Scalar>(
            gradients.qkv, memory.dQkv.rowsBetween(0, rows), memory.normed.rowsBetween(0, rows), { thread, threads });
    });
}

} // namespace

template <typename Scalar>
void decoderLayerForward(const LayerContext<Scalar>& context, const LayerParameters<const Scalar>& parameters,
    const LayerActivations<Scalar>& activations, Matrix<Scalar> out)
{
    const std::int64_t rows = context.rows.count();
    context.parallel.forSlices(rows, kRowGrain, [&](std::int64_t begin, std::int64_t end, int) {
        beforeAttention(context, parameters, activations, begin, end);
    });
    forKeyHeads(context, [&](const PackedRows::Sequence& sequence, std::int64_t kvHead, int thread) {
        const std::int64_t end = sequence.begin + sequence.count;
        attentionForward<Scalar>(activations.attended.rowsBetween(sequence.begin, end),
            activations.qkv.rowsBetween(sequence.begin, end), context.heads(), kvHead,
            context.memory.attention[static_cast<std::size_t>(thread)]);
    });
    context.parallel.forSlices(rows, kRowGrain, [&](std::int64_t begin, std::int64_t end, int) {
        afterAttention(context, parameters, activations, out.rowsBetween(begin, end), begin);
    });
}

template <typename Scalar>
void decoderLayerBackward(const LayerContext<Scalar>& context, const LayerParameters<const Scalar>& parameters,
    const LayerParameters<Scalar>& gradients, const LayerActivations<Scalar>& activations)
{
    mlpBackward(context, parameters, gradients, activations);
    attentionPartBackward(context, parameters, gradients, activations);
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
