// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/LossHead.h"

#include "backend/model/CrossEntropy.h"
#include "backend/model/Linear.h"
#include "backend/model/RmsNorm.h"

#include <algorithm>

namespace dubito::model {

namespace {

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
        narrowOperand<Scalar>(memory.headInput.rowsBetween(begin, end), memory.narrow.headInput, begin);
    });
}

/// The gradients of the logits as BF16: in the memory of the logits, row by row.
template <typename Scalar>
Matrix<Bf16> narrowLogits(const WorkingMemory<Scalar>& memory)
{
    if (memory.narrow.headInput.data == nullptr) {
        return {};
    }
    constexpr std::int64_t kRatio = sizeof(Scalar) / sizeof(Bf16);
    const auto& logits = memory.logits;
    return { reinterpret_cast<Bf16*>(logits.data), logits.rows, logits.columns, logits.stride * kRatio };
}

/// Targets [begin, end) and what belongs to them. BF16 products run over padded rows, whose gradients are 0.
template <typename Scalar>
struct Chunk {
    Chunk(const LayerContext<Scalar>& context, std::int64_t first, std::int64_t last)
        : begin(first)
        , count(last - first)
        , narrow(narrowLogits(context.memory))
        , rows(narrow.data == nullptr ? count : paddedRows(count))
        , logits(context.memory.logits.rowsBetween(0, rows))
    {
        const auto& memory = context.memory;
        if (narrow.data != nullptr) {
            narrow = narrow.rowsBetween(0, rows);
            in.narrow = memory.narrow.headInput.rowsBetween(begin, begin + rows);
        }
        in.values = memory.headInput.rowsBetween(begin, last);
    }

    std::int64_t begin;
    std::int64_t count;
    Matrix<Bf16> narrow;
    std::int64_t rows;
    Matrix<Scalar> logits;
    Operand<Scalar> in { Matrix<const Scalar> {} };
};

/// Logits of a chunk, each thread a slice of the vocabulary; then their losses.
template <typename Scalar>
void chunkForward(
    const LayerContext<Scalar>& context, const EndParameters<const Scalar>& parameters, const Chunk<Scalar>& chunk)
{
    const auto& memory = context.memory;
    const auto head = parameters.headProjection();
    context.parallel.forSlices(context.config.vocabulary, kGrain, [&](std::int64_t first, std::int64_t last, int) {
        linearForward<Scalar>(
            chunk.logits.columnsBetween(first, last), chunk.in, head.rowsBetween(first, last), Into::Overwrite);
    });
    const std::int32_t* targets = context.rows.targetIds.data() + chunk.begin;
    context.parallel.forSlices(chunk.count, [&](std::int64_t first, std::int64_t last, int) {
        crossEntropyForward<Scalar>(chunk.logits.rowsBetween(first, last), targets + first,
            memory.losses + chunk.begin + first, memory.sums + chunk.begin + first);
    });
}

template <typename Scalar>
void chunkBackward(const LayerContext<Scalar>& context, const EndParameters<const Scalar>& parameters,
    const EndParameters<Scalar>& gradients, const Chunk<Scalar>& chunk)
{
    const auto& memory = context.memory;
    const auto dIn = memory.dHeadInput.rowsBetween(chunk.begin, chunk.begin + chunk.rows);
    const std::int32_t* targets = context.rows.targetIds.data() + chunk.begin;
    context.parallel.forSlices(chunk.count, [&](std::int64_t first, std::int64_t last, int) {
        const auto logits = chunk.logits.rowsBetween(first, last);
        crossEntropyBackward<Scalar>(
            logits, targets + first, memory.sums + chunk.begin + first, memory.coefficients + chunk.begin + first);
        narrowOperand<Scalar>(logits, chunk.narrow, first);
    });
    for (std::int64_t row = chunk.count; row < chunk.rows; ++row) {
        std::fill_n(chunk.narrow.row(row), chunk.narrow.columns, Bf16 { 0 });
    }
    const Operand<Scalar> dLogits(chunk.logits, chunk.narrow);
    const auto head = parameters.headProjection();
    context.parallel.forSlices(context.config.hidden, kGrain, [&](std::int64_t first, std::int64_t last, int) {
        linearBackwardInput<Scalar>(
            dIn.columnsBetween(first, last), dLogits, head.columnsBetween(first, last), Into::Overwrite);
    });
    if (gradients.head.data == nullptr) {
        return;
    }
    const int threads = context.parallel.threads();
    context.parallel.forThreads([&](int thread) {
        linearBackwardWeight(
            LinearGradient<Scalar> { gradients.headProjection(), dLogits, chunk.in }, thread, threads);
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

/// Calls `body(chunk)` for every chunk of targets.
template <typename Scalar, typename Body>
void forChunks(const LayerContext<Scalar>& context, const Body& body)
{
    const std::int64_t count = context.rows.targetCount();
    const std::int64_t most = context.memory.chunkRows;
    const std::int64_t chunks = (count + most - 1) / most;
    for (std::int64_t chunk = 0; chunk < chunks; ++chunk) {
        body(Chunk<Scalar>(context, count * chunk / chunks, count * (chunk + 1) / chunks));
    }
}

} // namespace

template <typename Scalar>
void lossHeadForward(const LayerContext<Scalar>& context, const EndParameters<const Scalar>& parameters)
{
    normaliseTargetRows(context, parameters);
    forChunks(context, [&](const Chunk<Scalar>& chunk) { chunkForward(context, parameters, chunk); });
}

template <typename Scalar>
void lossHeadBackward(const LayerContext<Scalar>& context, const EndParameters<const Scalar>& parameters,
    const EndParameters<Scalar>& gradients)
{
    normaliseTargetRows(context, parameters);
    forChunks(context, [&](const Chunk<Scalar>& chunk) {
        chunkForward(context, parameters, chunk);
        chunkBackward(context, parameters, gradients, chunk);
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
