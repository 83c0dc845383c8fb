// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/model/Bf16.h"

#include <cstddef>
#include <cstdint>
#include <type_traits>

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

/// An operand of BF16 or of float32: `count` rows or columns of the result, sums over `depth` numbers.
template <typename T>
struct TileSource {
    const T* data = nullptr;
    std::int64_t stride = 0;
    std::int64_t count = 0;
    std::int64_t depth = 0;
    Along along = Along::Sum;

    /// A piece of it. Requires: inside.
    TileSource part(std::int64_t first, std::int64_t counted, std::int64_t from, std::int64_t deep) const
    {
        const std::int64_t offset = along == Along::Sum ? first * stride + from : from * stride + first;
        return { data + offset, stride, counted, deep, along };
    }
};

/// Tiles that hold the same numbers: a BF16 is one; a float32 is the sum of three BF16 (its 24 digits are three times
/// 8), each the nearest to what the larger ones leave: high, middle, low. Henry, Tang, Heinecke, "Leveraging the
/// bfloat16 Artificial Intelligence Datatype For Higher-Precision Computations" (2019).
template <typename T>
constexpr std::int64_t kTileParts = std::is_same_v<T, float> ? 3 : 1;

/// Rows and columns of the result that are computed together: 2 x 2 tiles.
constexpr std::int64_t kTileSquare = 2 * Tile::kSide;

constexpr std::int64_t wholeSquares(std::int64_t count) { return (count + kTileSquare - 1) / kTileSquare * kTileSquare; }

/// Tiles of a sum over `depth` numbers.
constexpr std::int64_t tilesDeep(std::int64_t depth) { return (depth + Tile::kDepth - 1) / Tile::kDepth; }

/// Tiles that `count` by `depth` numbers of type T take.
template <typename T>
constexpr std::int64_t tilesFor(std::int64_t count, std::int64_t depth)
{
    return (count + Tile::kSide - 1) / Tile::kSide * tilesDeep(depth) * kTileParts<T>;
}

/// Fills tilesFor<T>(count, depth) tiles: those of one sum after each other, the parts of the same numbers side by
/// side, and `perRow` from one sum to the next; what is missing at the edges becomes 0. Parts of a number below 1e-33
/// may be 0, and what is not finite stays so. Requires: amxIsUsable() (TileProduct.h); perRow >= tilesFor<T>(1,
/// source.depth).
template <typename T>
void packTiles(Tile* tiles, std::int64_t perRow, TileSide side, const TileSource<T>& source);

/// The same for wholeSquares(count), as products read them: what is beyond `count` becomes 0.
template <typename T>
void packSquares(Tile* tiles, std::int64_t perRow, TileSide side, const TileSource<T>& source);

} // namespace dubito::model
