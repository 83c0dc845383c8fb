// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/TilePacking.h"

#include "tests/backend/model/NeedsTiles.h"

#include <gtest/gtest.h>

#include <vector>

namespace dubito::model {
namespace {

constexpr std::int64_t kStride = 77;

/// Every number is another, and says where it stands.
std::vector<Bf16> numberedRoom(std::int64_t rows)
{
    std::vector<Bf16> room(static_cast<std::size_t>(rows * kStride));
    for (std::size_t i = 0; i < room.size(); ++i) {
        room[i] = static_cast<Bf16>(i + 1);
    }
    return room;
}

/// Number k of the sum of row or column i; 0 outside.
Bf16 numberOf(const TileSource& source, std::int64_t i, std::int64_t k)
{
    if (i >= source.count || k >= source.depth) {
        return Bf16 { 0 };
    }
    return source.along == Along::Sum ? source.data[i * source.stride + k] : source.data[k * source.stride + i];
}

/// Where number k of the sum of row or column i stands within a tile.
std::int64_t placeOf(TileSide side, std::int64_t i, std::int64_t k)
{
    return side == TileSide::Left ? i * Tile::kDepth + k : k / 2 * Tile::kDepth + 2 * i + k % 2;
}

void expectPacked(TileSide side, const TileSource& source)
{
    std::vector<Tile> tiles(static_cast<std::size_t>(tilesFor(source.count, source.depth)));
    packTiles(tiles.data(), tilesDeep(source.depth), side, source);
    const std::int64_t deep = tilesFor(1, source.depth);
    for (std::size_t tile = 0; tile < tiles.size(); ++tile) {
        const std::int64_t first = static_cast<std::int64_t>(tile) / deep * Tile::kSide;
        const std::int64_t from = static_cast<std::int64_t>(tile) % deep * Tile::kDepth;
        for (std::int64_t i = 0; i < Tile::kSide; ++i) {
            for (std::int64_t k = 0; k < Tile::kDepth; ++k) {
                ASSERT_EQ(tiles[tile].numbers[placeOf(side, i, k)], numberOf(source, first + i, from + k))
                    << "tile " << tile << ", row or column " << i << ", number " << k;
            }
        }
    }
}

class TilePackingByTheProcessor : public NeedsTiles {};

TEST_F(TilePackingByTheProcessor, EveryNumberStandsWhereTheInstructionsLookForItAndTheEdgesAreZero)
{
    for (const std::int64_t count : { 1, 16, 17, 32, 48, 64 }) {
        for (const std::int64_t depth : { 1, 2, 31, 32, 33, 64, 75 }) {
            const auto alongRoom = numberedRoom(count);
            const auto acrossRoom = numberedRoom(depth);
            for (const TileSide side : { TileSide::Left, TileSide::Right }) {
                expectPacked(side, { alongRoom.data(), kStride, count, depth, Along::Sum });
                expectPacked(side, { acrossRoom.data(), kStride, count, depth, Along::Result });
            }
        }
    }
}

TEST(TilePacking, APieceOfASourceBeginsAtItsOwnNumbers)
{
    const auto room = numberedRoom(40);
    const TileSource along { room.data(), kStride, 40, 60, Along::Sum };
    const TileSource across { room.data(), kStride, 60, 40, Along::Result };
    EXPECT_EQ(numberOf(along.part(3, 2, 7, 5), 1, 4), numberOf(along, 4, 11));
    EXPECT_EQ(numberOf(across.part(3, 2, 7, 5), 1, 4), numberOf(across, 4, 11));
}

} // namespace
} // namespace dubito::model
