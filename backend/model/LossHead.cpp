// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/LossHead.h"

#include "backend/model/CrossEntropy.h"
#include "backend/model/Gemm.h"
#include "backend/model/RmsNorm.h"

#include <algorithm>

namespace dubito::model {

namespace {

constexpr std::int64_t kGrain = 16;

template <typename Scalar>
void normaliseTargetRows(const LayerContext<Scalar>& context, const EndParameters<const Scalar>& parameters)
{
    const auto& memory = context.memory;
    const auto& rows = context.rows.targetRows;
    context.parallel.forSlices(context.rows.targetCount(), kGrain, [&](std::int64_t begin, std::int64_t end, int) {
        for (std::int64_t m = begin; m < end; ++m) {
            const std::int64_t row = rows[static_cast<std::size_t>(m)];
            rmsNormForward<Scalar>(memory.headInput.rowsBetween(m, m + 1), memory.headInverse + m,
                memory.output.rowsBetween(row, row + 1), { parameters.norm, context.config.rmsEps });
        }
    });
}

/// Logits of the targets [begin, end), each thread a slice of the vocabulary; then their losses.
template <typename Scalar>
void chunkForward(const LayerContext<Scalar>& context, const EndParameters<const Scalar>& parameters,
    std::int64_t begin, std::int64_t end)
{
    const auto& memory = context.memory;
    const auto logits = memory.logits.rowsBetween(0, end - begin);
    const auto in = memory.headInput.rowsBetween(begin, end);
    context.parallel.forSlices(context.config.vocabulary, kGrain, [&](std::int64_t first, std::int64_t last, int thread) {
        linearForward<Scalar>(logits.columnsBetween(first, last), in,
            parameters.headProjection().rowsBetween(first, last), Into::Overwrite,
            memory.panels[static_cast<std::size_t>(thread)]);
    });
    context.parallel.forSlices(end - begin, [&](std::int64_t first, std::int64_t last, int) {
        crossEntropyForward<Scalar>(logits.rowsBetween(first, last),
            context.rows.targetIds.data() + begin + first, memory.losses + begin + first, memory.sums + begin + first);
    });
}

template <typename Scalar>
void chunkBackward(const LayerContext<Scalar>& context, const EndParameters<const Scalar>& parameters,
    const EndParameters<Scalar>& gradients, std::int64_t begin, std::int64_t end)
{
    const auto& memory = context.memory;
    const auto logits = memory.logits.rowsBetween(0, end - begin);
    const auto in = memory.headInput.rowsBetween(begin, end);
    const auto dIn = memory.dHeadInput.rowsBetween(begin, end);
    context.parallel.forSlices(end - begin, [&](std::int64_t first, std::int64_t last, int) {
        crossEntropyBackward<Scalar>(logits.rowsBetween(first, last), context.rows.targetIds.data() + begin + first,
            memory.sums + begin + first, memory.coefficients + begin + first);
    });
    context.parallel.forSlices(context.config.hidden, kGrain, [&](std::int64_t first, std::int64_t last, int thread) {
        linearBackwardInput<Scalar>(dIn.columnsBetween(first, last), logits,
            parameters.headProjection().columnsBetween(first, last), Into::Overwrite,
            memory.panels[static_cast<std::size_t>(thread)]);
    });
    if (gradients.head.data == nullptr) {
        return;
    }
    const int threads = context.parallel.threads();
    context.parallel.forThreads([&](int thread) {
        linearBackwardWeight(
            LinearGradient<Scalar> { { gradients.head, nullptr }, logits, in }, thread, threads);
    });
}

/// From the normalised rows to the stream: rows without a target begin with no gradient.
template <typename Scalar>
void normBackwardRows(const LayerContext<Scalar>& context, const EndParameters<const Scalar>& parameters,
    std::int64_t begin, std::int64_t end, Scalar* dNorm)
{
    const auto& memory = context.memory;
    for (std::int64_t row = begin; row < end; ++row) {
        const std::int64_t m = context.rows.targetOfRow[static_cast<std::size_t>(row)];
        const auto stream = memory.stream.rowsBetween(row, row + 1);
        if (m < 0) {
            std::fill_n(stream.data, stream.columns, Scalar { 0 });
            continue;
        }
        rmsNormBackward<Scalar>({ stream, {}, memory.dHeadInput.rowsBetween(m, m + 1), dNorm },
            memory.headInverse + m, memory.output.rowsBetween(row, row + 1),
            { parameters.norm, context.config.rmsEps });
    }
}

/// Calls `body(begin, end)` for every chunk of targets.
template <typename Scalar, typename Body>
void forChunks(const LayerContext<Scalar>& context, const Body& body)
{
    const std::int64_t count = context.rows.targetCount();
    const std::int64_t most = context.memory.logits.rows;
    const std::int64_t chunks = (count + most - 1) / most;
    for (std::int64_t chunk = 0; chunk < chunks; ++chunk) {
        body(count * chunk / chunks, count * (chunk + 1) / chunks);
    }
}

} // namespace

template <typename Scalar>
void lossHeadForward(const LayerContext<Scalar>& context, const EndParameters<const Scalar>& parameters)
{
    normaliseTargetRows(context, parameters);
    forChunks(context, [&](std::int64_t begin, std::int64_t end) { chunkForward(context, parameters, begin, end); });
}

template <typename Scalar>
void lossHeadBackward(const LayerContext<Scalar>& context, const EndParameters<const Scalar>& parameters,
    const EndParameters<Scalar>& gradients)
{
    normaliseTargetRows(context, parameters);
    forChunks(context, [&](std::int64_t begin, std::int64_t end) {
        chunkForward(context, parameters, begin, end);
        chunkBackward(context, parameters, gradients, begin, end);
    });
    const NormPartials<Scalar> partials(context);
    context.parallel.forSlices(context.rows.count(), kGrain, [&](std::int64_t begin, std::int64_t end, int thread) {
        normBackwardRows(
            context, parameters, begin, end, gradients.norm == nullptr ? nullptr : partials.row(thread));
    });
    partials.addTo(gradients.norm);
}

template void lossHeadForward(const LayerContext<float>&, const EndParameters<const float>&);
template void lossHeadForward(const LayerContext<double>&, const EndParameters<const double>&);
template void lossHeadBackward(
    const LayerContext<float>&, const EndParameters<const float>&, const EndParameters<float>&);
template void lossHeadBackward(
    const LayerContext<double>&, const EndParameters<const double>&, const EndParameters<double>&);

} // namespace dubito::model
