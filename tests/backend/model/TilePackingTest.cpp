// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/TilePacking.h"

#include "tests/backend/model/NeedsTiles.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <type_traits>
#include <vector>

namespace dubito::model {
namespace {

constexpr std::int64_t kStride = 77;

/// Every number is another, and says where it stands; a float has digits in all of its parts.
template <typename T>
std::vector<T> numberedRoom(std::int64_t rows)
{
    std::vector<T> room(static_cast<std::size_t>(rows * kStride));
    for (std::size_t i = 0; i < room.size(); ++i) {
        if constexpr (std::is_same_v<T, float>) {
            room[i] = (static_cast<float>(i) + 1.0F) * (i % 2 == 0 ? 1.0000019F : -0.3333333F);
        } else {
            room[i] = static_cast<Bf16>(i + 1);
        }
    }
    return room;
}

/// Number k of the sum of row or column i; 0 outside.
template <typename T>
T numberOf(const TileSource<T>& source, std::int64_t i, std::int64_t k)
{
    if (i >= source.count || k >= source.depth) {
        return T { 0 };
    }
    return source.along == Along::Sum ? source.data[i * source.stride + k] : source.data[k * source.stride + i];
}

/// Where number k of the sum of row or column i stands within a tile.
std::int64_t placeOf(TileSide side, std::int64_t i, std::int64_t k)
{
    return side == TileSide::Left ? i * Tile::kDepth + k : k / 2 * Tile::kDepth + 2 * i + k % 2;
}

/// What stands in a place of the tiles that hold the same numbers: for a float the sum of its parts, which is exact
/// because each is less than half of the last digit of the one before.
template <typename T>
T packedAt(const Tile* tiles, std::int64_t place)
{
    if constexpr (std::is_same_v<T, Bf16>) {
        return tiles->numbers[place];
    } else {
        const float middleAndLow = widened(tiles[1].numbers[place]) + widened(tiles[2].numbers[place]);
        return widened(tiles[0].numbers[place]) + middleAndLow;
    }
}

template <typename T>
void expectPacked(TileSide side, const TileSource<T>& source)
{
    std::vector<Tile> tiles(static_cast<std::size_t>(tilesFor<T>(source.count, source.depth)));
    packTiles(tiles.data(), tilesFor<T>(1, source.depth), side, source);
    const std::int64_t deep = tilesDeep(source.depth);
    for (std::size_t tile = 0; tile < tiles.size(); tile += kTileParts<T>) {
        const std::int64_t index = static_cast<std::int64_t>(tile) / kTileParts<T>;
        const std::int64_t first = index / deep * Tile::kSide;
        const std::int64_t from = index % deep * Tile::kDepth;
        for (std::int64_t i = 0; i < Tile::kSide; ++i) {
            for (std::int64_t k = 0; k < Tile::kDepth; ++k) {
                ASSERT_EQ(packedAt<T>(&tiles[tile], placeOf(side, i, k)), numberOf(source, first + i, from + k))
                    << "tile " << tile << ", row or column " << i << ", number " << k;
            }
        }
    }
}

template <typename T>
void expectEveryShapePacked()
{
    for (const std::int64_t count : { 1, 16, 17, 32, 48, 64 }) {
        for (const std::int64_t depth : { 1, 2, 15, 16, 17, 31, 32, 33, 64, 75 }) {
            const auto alongRoom = numberedRoom<T>(count);
            const auto acrossRoom = numberedRoom<T>(depth);
            for (const TileSide side : { TileSide::Left, TileSide::Right }) {
                expectPacked<T>(side, { alongRoom.data(), kStride, count, depth, Along::Sum });
                expectPacked<T>(side, { acrossRoom.data(), kStride, count, depth, Along::Result });
            }
        }
    }
}

class TilePackingByTheProcessor : public NeedsTiles { };

TEST_F(TilePackingByTheProcessor, EveryNumberStandsWhereTheInstructionsLookForItAndTheEdgesAreZero)
{
    expectEveryShapePacked<Bf16>();
}

TEST_F(TilePackingByTheProcessor, AFloatIsTheSumOfItsThreePartsToTheLastDigit) { expectEveryShapePacked<float>(); }

TEST_F(TilePackingByTheProcessor, WhatIsNotFiniteIsSeenInAPart)
{
    for (const float lost : { std::numeric_limits<float>::infinity(), -std::numeric_limits<float>::quiet_NaN(),
             std::bit_cast<float>(0x7FFFFFFFU) }) {
        std::vector<Tile> tiles(3);
        packTiles<float>(tiles.data(), 3, TileSide::Left, { &lost, 1, 1, 1, Along::Sum });
        EXPECT_FALSE(std::isfinite(packedAt<float>(tiles.data(), 0)));
    }
}

TEST(TilePacking, APieceOfASourceBeginsAtItsOwnNumbers)
{
    const auto room = numberedRoom<Bf16>(40);
    const TileSource along { room.data(), kStride, 40, 60, Along::Sum };
    const TileSource across { room.data(), kStride, 60, 40, Along::Result };
    EXPECT_EQ(numberOf(along.part(3, 2, 7, 5), 1, 4), numberOf(along, 4, 11));
    EXPECT_EQ(numberOf(across.part(3, 2, 7, 5), 1, 4), numberOf(across, 4, 11));
}

} // namespace
} // namespace dubito::model
