// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/RmsNorm.h"

#include "tests/backend/model/GradientCheck.h"

#include <gtest/gtest.h>

namespace dubito::model {
namespace {

constexpr std::int64_t kRows = 3;
constexpr std::int64_t kColumns = 21; // no whole number of lanes

struct Case {
    Numbers in = randomNumbers(kRows * kColumns, 1);
    Numbers weight = randomNumbers(kColumns, 2);
    Numbers out = Numbers(kRows * kColumns);
    Numbers inverse = Numbers(kRows);
    Numbers seed = randomNumbers(kRows * kColumns, 3);

    RmsNorm<double> norm() const { return { weight.data(), 1e-5 }; }

    double loss()
    {
        rmsNormForward<double>(matrixOf(out, kRows), inverse.data(), matrixOf(in, kRows), norm());
        return dot(out, seed);
    }
};

TEST(RmsNorm, RowsLeaveWithMeanSquareOne)
{
    Case c;
    std::ranges::fill(c.weight, 1.0);
    c.loss();
    EXPECT_NEAR(dot(c.out, c.out) / (kRows * kColumns), 1.0, 1e-4);
}

TEST(RmsNorm, TheGradientsAreThoseOfCentralDifferences)
{
    Case c;
    c.loss();
    Numbers dIn(c.in.size());
    Numbers dWeight(c.weight.size());
    rmsNormBackward<double>({ matrixOf(dIn, kRows), {}, matrixOf(c.seed, kRows), dWeight.data() }, c.inverse.data(),
        matrixOf(c.in, kRows), c.norm());
    expectGradient("input", c.in, dIn, [&] { return c.loss(); });
    expectGradient("weight", c.weight, dWeight, [&] { return c.loss(); });
}

TEST(RmsNorm, TheGradientThatComesPastTheNormIsAdded)
{
    Case c;
    c.loss();
    Numbers dWeight(c.weight.size());
    Numbers without(c.in.size());
    Numbers with(c.in.size());
    Numbers skip = randomNumbers(kRows * kColumns, 4);
    rmsNormBackward<double>({ matrixOf(without, kRows), {}, matrixOf(c.seed, kRows), dWeight.data() },
        c.inverse.data(), matrixOf(c.in, kRows), c.norm());
    rmsNormBackward<double>({ matrixOf(with, kRows), matrixOf(skip, kRows), matrixOf(c.seed, kRows), dWeight.data() },
        c.inverse.data(), matrixOf(c.in, kRows), c.norm());
    for (std::size_t i = 0; i < with.size(); ++i) {
        EXPECT_NEAR(with[i], without[i] + skip[i], 1e-12);
    }
}

TEST(RmsNorm, ComputedAgainItHasTheSameBits)
{
    Case c;
    c.loss();
    Numbers again(c.out.size());
    rmsNormAgain<double>(matrixOf(again, kRows), c.inverse.data(), matrixOf(c.in, kRows), c.norm());
    EXPECT_EQ(again, c.out);
}

TEST(RmsNorm, FloatAgreesWithDouble)
{
    Case c;
    c.loss();
    const std::vector<float> in(c.in.begin(), c.in.end());
    const std::vector<float> weight(c.weight.begin(), c.weight.end());
    std::vector<float> out(in.size());
    std::vector<float> inverse(kRows);
    rmsNormForward<float>(
        { out.data(), kRows, kColumns }, inverse.data(), { in.data(), kRows, kColumns }, { weight.data(), 1e-5 });
    for (std::size_t i = 0; i < out.size(); ++i) {
        EXPECT_NEAR(static_cast<double>(out[i]), c.out[i], 2e-6);
    }
}

} // namespace
} // namespace dubito::model
