// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/Attention.h"

#include "backend/model/Gemm.h"
#include "backend/model/Softmax.h"

#include <algorithm>
#include <cmath>

namespace dubito::model {

namespace {

/// The columns of one head: its queries, or the keys or values it reads.
template <typename T>
Matrix<T> queriesOf(Matrix<T> qkv, const HeadShape& shape, std::int64_t head)
{
    return qkv.columnsBetween(head * shape.headDim, (head + 1) * shape.headDim);
}

template <typename T>
Matrix<T> keysOf(Matrix<T> qkv, const HeadShape& shape, std::int64_t kvHead)
{
    return queriesOf(qkv, shape, shape.heads + kvHead);
}

template <typename T>
Matrix<T> valuesOf(Matrix<T> qkv, const HeadShape& shape, std::int64_t kvHead)
{
    return queriesOf(qkv, shape, shape.heads + shape.kvHeads + kvHead);
}

template <typename Scalar>
Matrix<Scalar> fitted(Matrix<Scalar> room, std::int64_t rows, std::int64_t columns)
{
    return { room.data, rows, columns, room.stride };
}

/// Scores are divided by the root of the head's width.
template <typename Scalar>
Scalar scaleOf(std::int64_t headDim)
{
    return static_cast<Scalar>(1 / std::sqrt(static_cast<double>(headDim)));
}

/// Probabilities (rows of the block, keys) of the query rows [begin, end): both directions compute them here.
template <typename Scalar>
void probabilitiesOf(Matrix<Scalar> out, Matrix<const Scalar> queries, Matrix<const Scalar> keys, std::int64_t begin)
{
    multiplyTransposed<Scalar>(out, queries, keys, Into::Overwrite);
    softmaxForward<Scalar>(out, begin + 1, scaleOf<Scalar>(keys.columns));
}

template <typename Scalar>
void clear(Matrix<Scalar> matrix)
{
    for (std::int64_t r = 0; r < matrix.rows; ++r) {
        std::fill_n(matrix.row(r), matrix.columns, Scalar { 0 });
    }
}

/// One head's part of everything that takes part in the way back.
template <typename Scalar>
struct Head {
    Matrix<const Scalar> queries;
    Matrix<const Scalar> keys;
    Matrix<const Scalar> values;
    Matrix<const Scalar> dOut;
    Matrix<Scalar> dQueries;
    Matrix<Scalar> dKeys;
    Matrix<Scalar> dValues;
};

template <typename Scalar>
void backwardBlock(
    const Head<Scalar>& head, std::int64_t begin, std::int64_t end, const AttentionScratch<Scalar>& scratch)
{
    const auto scores = fitted(scratch.scores, end - begin, end);
    const auto gradients = fitted(scratch.gradients, end - begin, end);
    const auto queries = head.queries.rowsBetween(begin, end);
    const auto keys = head.keys.rowsBetween(0, end);
    const auto dOut = head.dOut.rowsBetween(begin, end);
    probabilitiesOf<Scalar>(scores, queries, keys, begin);
    multiplyTransposed<Scalar>(gradients, dOut, head.values.rowsBetween(0, end), Into::Overwrite);
    transposedMultiply<Scalar>(head.dValues.rowsBetween(0, end), scores, dOut, Into::Add);
    softmaxBackward<Scalar>(gradients, scores, begin + 1, scaleOf<Scalar>(keys.columns));
    multiply<Scalar>(head.dQueries.rowsBetween(begin, end), gradients, keys, Into::Overwrite);
    transposedMultiply<Scalar>(head.dKeys.rowsBetween(0, end), gradients, queries, Into::Add);
}

} // namespace

template <typename Scalar>
std::int64_t AttentionScratch<Scalar>::columnsFor(std::int64_t T)
{
    constexpr std::int64_t kLine = 64 / sizeof(Scalar);
    return (T + kLine - 1) / kLine * kLine;
}

template <typename Scalar>
void attentionForward(Matrix<Scalar> out, Matrix<const Scalar> qkv, const HeadShape& shape, std::int64_t kvHead,
    const AttentionScratch<Scalar>& scratch)
{
    const auto keys = keysOf(qkv, shape, kvHead);
    const auto values = valuesOf(qkv, shape, kvHead);
    for (std::int64_t head = kvHead * shape.group(); head < (kvHead + 1) * shape.group(); ++head) {
        const auto queries = queriesOf(qkv, shape, head);
        const auto result = queriesOf(out, shape, head);
        for (std::int64_t begin = 0; begin < qkv.rows; begin += scratch.kBlockRows) {
            const std::int64_t end = std::min(qkv.rows, begin + scratch.kBlockRows);
            const auto scores = fitted(scratch.scores, end - begin, end);
            probabilitiesOf<Scalar>(scores, queries.rowsBetween(begin, end), keys.rowsBetween(0, end), begin);
            multiply<Scalar>(result.rowsBetween(begin, end), scores, values.rowsBetween(0, end), Into::Overwrite);
        }
    }
}

template <typename Scalar>
void attentionBackward(const AttentionGradient<Scalar>& gradient, Matrix<const Scalar> qkv, const HeadShape& shape,
    std::int64_t kvHead, const AttentionScratch<Scalar>& scratch)
{
    Head<Scalar> parts;
    parts.keys = keysOf(qkv, shape, kvHead);
    parts.values = valuesOf(qkv, shape, kvHead);
    parts.dKeys = keysOf(gradient.qkv, shape, kvHead);
    parts.dValues = valuesOf(gradient.qkv, shape, kvHead);
    clear(parts.dKeys);
    clear(parts.dValues);
    for (std::int64_t head = kvHead * shape.group(); head < (kvHead + 1) * shape.group(); ++head) {
        parts.queries = queriesOf(qkv, shape, head);
        parts.dOut = queriesOf(gradient.out, shape, head);
        parts.dQueries = queriesOf(gradient.qkv, shape, head);
        for (std::int64_t begin = 0; begin < qkv.rows; begin += scratch.kBlockRows) {
            backwardBlock(parts, begin, std::min(qkv.rows, begin + scratch.kBlockRows), scratch);
        }
    }
}

template struct AttentionScratch<float>;
template struct AttentionScratch<double>;
template void attentionForward(
    Matrix<float>, Matrix<const float>, const HeadShape&, std::int64_t, const AttentionScratch<float>&);
template void attentionForward(
    Matrix<double>, Matrix<const double>, const HeadShape&, std::int64_t, const AttentionScratch<double>&);
template void attentionBackward(const AttentionGradient<float>&, Matrix<const float>, const HeadShape&, std::int64_t,
    const AttentionScratch<float>&);
template void attentionBackward(const AttentionGradient<double>&, Matrix<const double>, const HeadShape&, std::int64_t,
    const AttentionScratch<double>&);

} // namespace dubito::model
