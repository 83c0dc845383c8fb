// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/model/Bf16.h"

#include <cstddef>
#include <cstdint>

namespace dubito::model {

/// Operands of a product cut into tiles, as the tile instructions of AMX read them.
///
/// A tile is 16 rows of 64 bytes. Of the left operand a row is 32 consecutive numbers of the sum; of the right operand a
/// row is 16 columns of two numbers each that follow each other in the sum. So both are 16 x 16 pairs, one the transpose
/// of the other, and there are two ways to read pairs: from rows along the sum, or from two rows across it.
struct Tile {
    static constexpr std::int64_t kSide = 16; ///< rows or columns of the result
    static constexpr std::int64_t kDepth = 32; ///< numbers of the sum

    alignas(64) Bf16 numbers[kSide * kDepth];
};

enum class TileSide : std::uint8_t { Left, Right };

/// How an operand lies in memory.
enum class Along : std::uint8_t {
    Sum, ///< a row holds numbers that are summed: x and W in x · Wᵀ
    Result, ///< a row holds numbers of different sums: both in dYᵀ · X
};

/// An operand: `count` rows or columns of the result, sums over `depth` numbers.
struct TileSource {
    const Bf16* data = nullptr;
    std::int64_t stride = 0;
    std::int64_t count = 0;
    std::int64_t depth = 0;
    Along along = Along::Sum;

    /// A piece of it. Requires: inside.
    TileSource part(std::int64_t first, std::int64_t counted, std::int64_t from, std::int64_t deep) const;
};

/// Tiles that `count` by `depth` numbers take.
constexpr std::int64_t tilesFor(std::int64_t count, std::int64_t depth)
{
    return (count + Tile::kSide - 1) / Tile::kSide * ((depth + Tile::kDepth - 1) / Tile::kDepth);
}

/// Rows and columns of the result that are computed together: 2 x 2 tiles.
constexpr std::int64_t kTileSquare = 2 * Tile::kSide;

constexpr std::int64_t wholeSquares(std::int64_t count) { return (count + kTileSquare - 1) / kTileSquare * kTileSquare; }

/// Tiles of a sum over `depth` numbers.
constexpr std::int64_t tilesDeep(std::int64_t depth) { return (depth + Tile::kDepth - 1) / Tile::kDepth; }

/// Fills tilesFor(count, depth) tiles, those of one sum after each other and `perRow` from one sum to the next; what is
/// missing at the edges becomes 0.
/// Requires: a processor with AVX-512 (every one with AMX has it); perRow >= tilesDeep(source.depth).
void packTiles(Tile* tiles, std::int64_t perRow, TileSide side, const TileSource& source);

/// The same for wholeSquares(count), as products read them: what is beyond `count` becomes 0.
void packSquares(Tile* tiles, std::int64_t perRow, TileSide side, const TileSource& source);

} // namespace dubito::model
