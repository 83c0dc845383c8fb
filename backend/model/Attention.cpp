// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/Attention.h"

#include "backend/model/Gemm.h"
#include "backend/model/Softmax.h"
#include "backend/model/TiledAttention.h"

#include <algorithm>
#include <type_traits>

namespace dubito::model {

namespace {

/// Probabilities (rows of the block, keys) of the query rows [begin, end): both directions compute them here.
template <typename Scalar>
void probabilitiesOf(Matrix<Scalar> out, Matrix<const Scalar> queries, Matrix<const Scalar> keys, std::int64_t begin)
{
    multiplyTransposed<Scalar>(out, queries, keys, Into::Overwrite);
    softmaxForward<Scalar>(out, begin + 1, scoreScale<Scalar>(keys.columns));
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
    softmaxBackward<Scalar>(gradients, scores, begin + 1, scoreScale<Scalar>(keys.columns));
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
    if constexpr (std::is_same_v<Scalar, float>) {
        if (scratch.tiles != nullptr) {
            return tiledAttentionForward(out, qkv, shape, kvHead, scratch);
        }
    }
    const auto keys = shape.keysOf(qkv, kvHead);
    const auto values = shape.valuesOf(qkv, kvHead);
    for (std::int64_t head = kvHead * shape.group(); head < (kvHead + 1) * shape.group(); ++head) {
        const auto queries = shape.queriesOf(qkv, head);
        const auto result = shape.queriesOf(out, head);
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
    if constexpr (std::is_same_v<Scalar, float>) {
        if (scratch.tiles != nullptr) {
            return tiledAttentionBackward(gradient, qkv, shape, kvHead, scratch);
        }
    }
    Head<Scalar> parts;
    parts.keys = shape.keysOf(qkv, kvHead);
    parts.values = shape.valuesOf(qkv, kvHead);
    parts.dKeys = shape.keysOf(gradient.qkv, kvHead);
    parts.dValues = shape.valuesOf(gradient.qkv, kvHead);
    clearRows(parts.dKeys);
    clearRows(parts.dValues);
    for (std::int64_t head = kvHead * shape.group(); head < (kvHead + 1) * shape.group(); ++head) {
        parts.queries = shape.queriesOf(qkv, head);
        parts.dOut = shape.queriesOf(gradient.out, head);
        parts.dQueries = shape.queriesOf(gradient.qkv, head);
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
