// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/model/Gemm.h"
#include "backend/model/TilePacking.h"

#include <cstdint>

namespace dubito::model {

/// Whether the processor has the tile instructions for BF16 and the system lets this process use them. Asked once; any
/// thread.
bool amxIsUsable();

/// Rows of tiles, each the sum of 16 rows or columns of the result; whole squares of them (packSquares()).
struct PackedTiles {
    const Tile* tiles = nullptr;
    std::int64_t perRow = 0; ///< tiles from one row to the next

    /// From row or column `index` of the result on. Requires: a multiple of 16.
    const Tile* at(std::int64_t index) const { return tiles + index / Tile::kSide * perRow; }
};

/// Both operands of a product: the first `depth` tiles (of each part) of every sum.
struct PackedPair {
    PackedTiles left;
    PackedTiles right;
    std::int64_t depth = 0;
};

/// The tile registers of the calling thread, set up for as long as this lives. Requires: amxIsUsable().
class TileRegisters {
public:
    TileRegisters();
    ~TileRegisters();
    TileRegisters(const TileRegisters&) = delete;
    TileRegisters& operator=(const TileRegisters&) = delete;
};

/// out = left · right, or added: in squares of 2 x 2 tiles that stay in registers while they are summed up.
///
/// Left and Right are what the operands were before they were packed, Bf16 or float. Of the products of parts all are
/// taken but those below 2^-24 of a number's product (middle · low and less), so the error is that of sums in float32.
/// `outer` is the side whose squares are gone over once; the other is gone over for each of them, so it should stay in
/// the second cache. An element of the result depends on its row and its column alone. On the calling thread.
/// Requires: TileRegisters of this thread are alive.
template <typename Left = Bf16, typename Right = Bf16>
void tileProduct(Matrix<float> out, const PackedPair& packed, TileSide outer, Into into);

} // namespace dubito::model
