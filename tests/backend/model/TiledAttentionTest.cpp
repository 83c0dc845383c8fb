// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/TiledAttention.h"

#include "backend/model/TileProduct.h"
#include "tests/backend/model/GradientCheck.h"
#include "tests/backend/model/NeedsTiles.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <vector>

namespace dubito::model {
namespace {

/// Attention of one sequence and its way back, in any kind of number; the rows behind the room are watched.
template <typename Scalar>
struct Trial {
    Trial(const HeadShape& headShape, std::int64_t rows, double size)
        : shape(headShape)
        , T(rows)
        , columns(AttentionScratch<Scalar>::columnsFor(T))
    {
        const auto values = randomNumbers(T * shape.width(), 1);
        std::ranges::transform(
            values, std::back_inserter(qkv), [&](double value) { return static_cast<Scalar>(size * value); });
        const auto seeds = randomNumbers(T * shape.heads * shape.headDim, 2);
        seed.assign(seeds.begin(), seeds.end());
        scratch.scores = { scores.data(), scratch.kBlockRows, columns };
        scratch.gradients = { gradients.data(), scratch.kBlockRows, columns };
    }

    void run()
    {
        const std::int64_t width = shape.heads * shape.headDim;
        for (std::int64_t kvHead = 0; kvHead < shape.kvHeads; ++kvHead) {
            attentionForward<Scalar>({ out.data(), T, width }, inputs(), shape, kvHead, scratch);
            attentionBackward<Scalar>({ { dQkv.data(), T, shape.width() }, { seed.data(), T, width } }, inputs(), shape,
                kvHead, scratch);
        }
    }

    Matrix<const Scalar> inputs() const { return { qkv.data(), T, shape.width() }; }

    HeadShape shape;
    std::int64_t T;
    std::int64_t columns;
    std::vector<Scalar> qkv;
    std::vector<Scalar> seed;
    std::vector<Scalar> out = std::vector<Scalar>(static_cast<std::size_t>(T * shape.heads * shape.headDim));
    std::vector<Scalar> dQkv = std::vector<Scalar>(static_cast<std::size_t>(T * shape.width()), Scalar { 1e9 });
    std::vector<Scalar> scores = std::vector<Scalar>(static_cast<std::size_t>(64 * columns));
    std::vector<Scalar> gradients = scores;
    AttentionScratch<Scalar> scratch;
};

/// |a - b| / |b|
double distance(const std::vector<float>& a, const std::vector<double>& b)
{
    double difference = 0;
    double length = 0;
    for (std::size_t i = 0; i < b.size(); ++i) {
        const double d = static_cast<double>(a[i]) - b[i];
        difference += d * d;
        length += b[i] * b[i];
    }
    return std::sqrt(difference / length);
}

class TiledAttention : public NeedsTiles {
protected:
    /// The room, and a tile and a number behind it that must stay as they are.
    static void expectClose(const HeadShape& shape, std::int64_t T, double size)
    {
        Trial<float> tiled(shape, T, size);
        const auto room = TiledAttentionRoom::of(T, shape.headDim);
        std::vector<Tile> tiles(static_cast<std::size_t>(room.tiles) + 1);
        std::vector<Bf16> numbers(static_cast<std::size_t>(room.numbers) + 1, Bf16 { 0x1234 });
        tiles.back().numbers[0] = Bf16 { 0x1234 };
        tiled.scratch.tiles = tiles.data();
        tiled.scratch.numbers = numbers.data();
        tiled.run();
        Trial<double> exact(shape, T, size);
        exact.run();
        // What is rounded to 2^-9 of its size; errors of scores would be many times as large for large ones.
        EXPECT_LT(distance(tiled.out, exact.out), 0.004) << T << " rows of size " << size;
        EXPECT_LT(distance(tiled.dQkv, exact.dQkv), 0.006) << T << " rows of size " << size;
        EXPECT_GT(distance(tiled.out, exact.out), 1e-5) << "the tiles were not used";
        EXPECT_EQ(tiles.back().numbers[0], Bf16 { 0x1234 });
        EXPECT_EQ(numbers.back(), Bf16 { 0x1234 });
    }
};

TEST_F(TiledAttention, ItIsAttentionToThePrecisionOfWeightsAndValues)
{
    constexpr HeadShape kOdd { .heads = 4, .kvHeads = 2, .headDim = 6 };
    constexpr HeadShape kWide { .heads = 3, .kvHeads = 1, .headDim = 64 };
    for (const std::int64_t T : { 1, 5, 64, 70, 150 }) {
        expectClose(kOdd, T, 1);
        expectClose(kWide, T, 1);
    }
}

TEST_F(TiledAttention, LargeScoresAreAsRightAsSmallOnes)
{
    constexpr HeadShape kShape { .heads = 2, .kvHeads = 2, .headDim = 32 };
    expectClose(kShape, 100, 4); // scores of about 90
}

} // namespace
} // namespace dubito::model
