// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/Rope.h"

#include "tests/backend/model/GradientCheck.h"

#include <gtest/gtest.h>

namespace dubito::model {
namespace {

constexpr std::int64_t kRows = 4;
constexpr std::int64_t kHeadDim = 20;
constexpr std::int64_t kColumns = 3 * kHeadDim;

struct Case {
    Case() { fillRopeTable(table, ropeFrequencies({}, kHeadDim)); }

    double loss()
    {
        rotated = in;
        ropeForward<double>(matrixOf(rotated, kRows), positions.data(), table);
        return dot(rotated, seed);
    }

    Numbers in = randomNumbers(kRows * kColumns, 1);
    Numbers rotated;
    Numbers seed = randomNumbers(kRows * kColumns, 2);
    std::vector<std::int32_t> positions { 0, 1, 0, 7 };
    Numbers cosine = Numbers(8 * kHeadDim / 2);
    Numbers sine = Numbers(8 * kHeadDim / 2);
    RopeTable<double> table { matrixOf(cosine, 8), matrixOf(sine, 8) };
};

TEST(Rope, PositionZeroIsNotTurned)
{
    Case c;
    c.loss();
    for (std::size_t i = 0; i < static_cast<std::size_t>(kColumns); ++i) {
        EXPECT_EQ(c.rotated[i], c.in[i]);
    }
}

TEST(Rope, TheFirstHalfOfAHeadTurnsAgainstTheSecond)
{
    Case c;
    c.loss();
    const std::size_t row = static_cast<std::size_t>(kColumns); // at position 1 the first frequency turns by 1 radian
    const double a = c.in[row];
    const double b = c.in[row + kHeadDim / 2];
    EXPECT_NEAR(c.rotated[row], a * std::cos(1.0) - b * std::sin(1.0), 1e-12);
    EXPECT_NEAR(c.rotated[row + kHeadDim / 2], b * std::cos(1.0) + a * std::sin(1.0), 1e-12);
}

TEST(Rope, TheGradientIsThatOfCentralDifferences)
{
    Case c;
    Numbers gradient = c.seed;
    ropeBackward<double>(matrixOf(gradient, kRows), c.positions.data(), c.table);
    expectGradient("input", c.in, gradient, [&] { return c.loss(); });
}

TEST(Rope, LinearScalingSlowsEveryFrequency)
{
    RopeConfig scaled;
    scaled.scaling = RopeScaling::Linear;
    scaled.factor = 4;
    const auto plain = ropeFrequencies({}, 64);
    const auto slow = ropeFrequencies(scaled, 64);
    for (std::size_t i = 0; i < plain.size(); ++i) {
        EXPECT_DOUBLE_EQ(slow[i], plain[i] / 4);
    }
}

TEST(Rope, Llama3ScalingKeepsTheFastAndStretchesTheSlow)
{
    RopeConfig scaled;
    scaled.scaling = RopeScaling::Llama3;
    scaled.theta = 500000;
    scaled.factor = 8;
    scaled.originalMaxPositions = 8192;
    RopeConfig plain;
    plain.theta = 500000;
    const auto before = ropeFrequencies(plain, 128);
    const auto after = ropeFrequencies(scaled, 128);
    EXPECT_EQ(after.front(), before.front());
    EXPECT_DOUBLE_EQ(after.back(), before.back() / 8);
}

} // namespace
} // namespace dubito::model
