// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/model/Tensor.h"

#include <cstdint>

namespace dubito::model {

/// How a row of queries, keys and values is cut into heads: (heads + 2 * kvHeads) * headDim numbers.
struct HeadShape {
    std::int64_t heads = 0; ///< H
    std::int64_t kvHeads = 0; ///< head h reads key and value h / (heads / kvHeads)
    std::int64_t headDim = 0; ///< D

    std::int64_t width() const { return (heads + 2 * kvHeads) * headDim; }
    std::int64_t group() const { return heads / kvHeads; }
};

/// Room of one thread for the scores of one block of rows, twice; never a T x T tensor.
template <typename Scalar>
struct AttentionScratch {
    Matrix<Scalar> scores;
    Matrix<Scalar> gradients;

    static constexpr std::int64_t kBlockRows = 64;

    /// Columns that a scratch needs for sequences of `T` positions.
    static std::int64_t columnsFor(std::int64_t T);
};

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
