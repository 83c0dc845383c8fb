// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/TileProduct.h"

#include "tests/backend/model/GradientCheck.h"
#include "tests/backend/model/NeedsTiles.h"

#include <gtest/gtest.h>

#include <vector>

namespace dubito::model {
namespace {

class TileProduct : public NeedsTiles {};

/// Random rows and their tiles, with a gap of tiles between one row and the next.
struct Packed {
    static constexpr std::int64_t kGap = 3;

    Packed(TileSide side, std::int64_t rows, std::int64_t depth, std::uint64_t seed)
        : perRow(tilesDeep(depth) + kGap)
        , tiles(static_cast<std::size_t>(wholeSquares(rows) / Tile::kSide * perRow))
        , columns(depth)
    {
        for (const double value : randomNumbers(rows * depth, seed)) {
            numbers.push_back(rounded(static_cast<float>(value)));
        }
        packSquares<Bf16>(tiles.data(), perRow, side, { numbers.data(), depth, rows, depth, Along::Sum });
    }

    double at(std::int64_t row, std::int64_t k) const
    {
        return static_cast<double>(widened(numbers[static_cast<std::size_t>(row * columns + k)]));
    }

    PackedTiles view() const { return { tiles.data(), perRow }; }

    std::int64_t perRow;
    std::vector<Tile> tiles;
    std::int64_t columns;
    std::vector<Bf16> numbers;
};

constexpr std::int64_t kRows = 70;
constexpr std::int64_t kColumns = 45;
constexpr std::int64_t kSum = 96;

TEST_F(TileProduct, TheBeginningOfEverySumIsMultipliedAndNothingBesideTheResultIsTouched)
{
    const Packed left(TileSide::Left, kRows, kSum, 1);
    const Packed right(TileSide::Right, kColumns, kSum, 2);
    for (const std::int64_t depth : { 1, 2, 3 }) {
        std::vector<float> room(kRows * (kColumns + 1), 1.0F);
        const Matrix<float> out(room.data(), kRows, kColumns, kColumns + 1);
        const TileRegisters registers;
        tileProduct(out, { left.view(), right.view(), depth }, TileSide::Left, Into::Add);
        for (std::int64_t r = 0; r < kRows; ++r) {
            for (std::int64_t c = 0; c < kColumns; ++c) {
                double wanted = 1;
                for (std::int64_t k = 0; k < depth * Tile::kDepth; ++k) {
                    wanted += left.at(r, k) * right.at(c, k);
                }
                ASSERT_NEAR(out.row(r)[c], wanted, 1e-4) << r << ", " << c;
            }
            ASSERT_EQ(out.row(r)[kColumns], 1.0F);
        }
    }
}

TEST_F(TileProduct, TheOrderChangesNoBit)
{
    const Packed left(TileSide::Left, kRows, kSum, 3);
    const Packed right(TileSide::Right, kColumns, kSum, 4);
    std::vector<float> first(kRows * kColumns);
    std::vector<float> second(kRows * kColumns);
    const TileRegisters registers;
    tileProduct({ first.data(), kRows, kColumns }, { left.view(), right.view(), 3 }, TileSide::Left, Into::Overwrite);
    tileProduct({ second.data(), kRows, kColumns }, { left.view(), right.view(), 3 }, TileSide::Right, Into::Overwrite);
    EXPECT_EQ(first, second);
}

} // namespace
} // namespace dubito::model
