// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/model/Gemm.h"
#include "backend/model/TileProduct.h"

namespace dubito::model {

/// The three products of Gemm.h with float32 sums, by the tile instructions: of BF16, of float32, or of float32 and
/// BF16.
///
/// A float32 is three BF16 there (TilePacking.h), so nothing of it is lost, and two of them take six products of tiles;
/// the tile instructions are fast enough to be ahead of float32 ones by far even so. The error of a sum is 2e-7 of its
/// size, whatever its length; the matrix library's is 3e-7 (bench/README.md).
///
/// Both operands are packed into tiles in pieces that stay in the second cache; the result is computed in squares of
/// 2 x 2 tiles that stay in registers while they are summed up. Everything on the calling thread, in a room of its own
/// of 1.5 MiB that is kept. An element of the result depends on its row and its column alone: slices of rows or columns
/// give the same bits as the whole.
/// Requires: amxIsUsable(); no side is empty.
template <typename Left, typename Right>
void amxProduct(ProductKind kind, Matrix<float> out, Matrix<const Left> a, Matrix<const Right> b, Into into);

/// Whether large products of float32 run by tiles: the processor has them, and DUBITO_F32_PRODUCTS is not "library"
/// (to compare the two). Asked once; any thread.
bool amxServesFloat();

/// Whether one of this shape is faster by tiles than by the matrix library: the result is large enough for what packing
/// takes. Never without amxServesFloat().
bool amxPays(std::int64_t rows, std::int64_t columns, std::int64_t depth);

} // namespace dubito::model
