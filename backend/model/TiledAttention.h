// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/model/Attention.h"

#include <cstdint>

namespace dubito::model {

/// Attention with its products by the tile instructions, for steps that run in BF16.
///
/// What scores and their gradients are made of is split: a number is the sum of two BF16, what it is rounded to and what
/// is left, so that these two products are right to 2^-16 (three products of BF16 in one). An error in a score is one in
/// the exponent of its weight, and the gradient of a score is a small difference of large numbers. The other products
/// take weights, their gradients, and values as BF16. Softmax is float32.
///
/// Called by attentionForward() and attentionBackward() where the scratch has room for tiles. Requires: amxIsUsable().
void tiledAttentionForward(Matrix<float> out, Matrix<const float> qkv, const HeadShape& shape, std::int64_t kvHead,
    const AttentionScratch<float>& scratch);

void tiledAttentionBackward(const AttentionGradient<float>& gradient, Matrix<const float> qkv, const HeadShape& shape,
    std::int64_t kvHead, const AttentionScratch<float>& scratch);

/// What the scratch of a thread needs for that.
struct TiledAttentionRoom {
    std::int64_t tiles = 0;
    std::int64_t numbers = 0;

    static TiledAttentionRoom of(std::int64_t T, std::int64_t headDim);
};

} // namespace dubito::model
