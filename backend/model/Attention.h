// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/model/Tensor.h"
#include "backend/model/TilePacking.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace dubito::model {

/// How a row of queries, keys and values is cut into heads: (heads + 2 * kvHeads) * headDim numbers.
struct HeadShape {
    std::int64_t heads = 0; ///< H
    std::int64_t kvHeads = 0; ///< head h reads key and value h / (heads / kvHeads)
    std::int64_t headDim = 0; ///< D

    std::int64_t width() const { return (heads + 2 * kvHeads) * headDim; }
    std::int64_t group() const { return heads / kvHeads; }

    /// The columns of one head: its queries (or what attention gives), and the keys and values of a key head.
    template <typename T>
    Matrix<T> queriesOf(Matrix<T> rows, std::int64_t head) const
    {
        return rows.columnsBetween(head * headDim, (head + 1) * headDim);
    }
    template <typename T>
    Matrix<T> keysOf(Matrix<T> rows, std::int64_t kvHead) const
    {
        return queriesOf(rows, heads + kvHead);
    }
    template <typename T>
    Matrix<T> valuesOf(Matrix<T> rows, std::int64_t kvHead) const
    {
        return queriesOf(rows, heads + kvHeads + kvHead);
    }
};

/// Scores are divided by the root of the head's width.
template <typename Scalar>
Scalar scoreScale(std::int64_t headDim)
{
    return static_cast<Scalar>(1 / std::sqrt(static_cast<double>(headDim)));
}

/// Room of one thread for the scores of one block of rows, twice; never a T x T tensor.
template <typename Scalar>
struct AttentionScratch {
    Matrix<Scalar> scores;
    Matrix<Scalar> gradients;
    /// Room that TiledAttentionRoom counts: products run by tiles. None: in Scalar.
    Tile* tiles = nullptr;
    Bf16* numbers = nullptr;

    static constexpr std::int64_t kBlockRows = 64;

    /// Columns that a scratch needs for sequences of `T` positions.
    static std::int64_t columnsFor(std::int64_t T);
};

/// The corner of a scratch that a block of rows takes.
template <typename Scalar>
Matrix<Scalar> fitted(Matrix<Scalar> room, std::int64_t rows, std::int64_t columns)
{
    return { room.data, rows, columns, room.stride };
}

template <typename Scalar>
void clearRows(Matrix<Scalar> matrix)
{
    for (std::int64_t r = 0; r < matrix.rows; ++r) {
        std::fill_n(matrix.row(r), matrix.columns, Scalar { 0 });
    }
}

/// Causal attention of the query heads of one key head over one sequence; heads and sequences are independent.
///
/// qkv (T, width) holds rotated queries, rotated keys, values; out (T, heads * D). Scores are computed in blocks of
/// rows, and only as far as the causal mask lets them see.
template <typename Scalar>
void attentionForward(Matrix<Scalar> out, Matrix<const Scalar> qkv, const HeadShape& shape, std::int64_t kvHead,
    const AttentionScratch<Scalar>& scratch);

/// Gradients on their way back.
template <typename Scalar>
struct AttentionGradient {
    Matrix<Scalar> qkv; ///< (T, width): this key head's part and its queries' are overwritten
    Matrix<const Scalar> out; ///< (T, heads * D)
};

/// The probabilities are computed again from qkv, to the same bits.
template <typename Scalar>
void attentionBackward(const AttentionGradient<Scalar>& gradient, Matrix<const Scalar> qkv, const HeadShape& shape,
    std::int64_t kvHead, const AttentionScratch<Scalar>& scratch);

} // namespace dubito::model
