// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/model/Gemm.h"
#include "backend/model/TileProduct.h"

namespace dubito::model {

/// The three products of Gemm.h with BF16 operands and float32 sums, by the tile instructions.
///
/// Both operands are packed into tiles in pieces that stay in the second cache; the result is computed in squares of
/// 2 x 2 tiles that stay in registers while they are summed up. Everything on the calling thread, in a room of its own
/// of 1.5 MiB that is kept. An element of the result depends on its row and its column alone: slices of rows or columns
/// give the same bits as the whole.
/// Requires: amxIsUsable(); no side is empty.
void amxProduct(ProductKind kind, Matrix<float> out, Matrix<const Bf16> a, Matrix<const Bf16> b, Into into);

} // namespace dubito::model
