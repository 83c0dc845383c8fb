// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/SwiGlu.h"

#include "tests/backend/model/GradientCheck.h"

#include <gtest/gtest.h>

namespace dubito::model {
namespace {

constexpr std::int64_t kRows = 3;
constexpr std::int64_t kColumns = 19;

struct Case {
    Numbers gateUp = randomNumbers(kRows * 2 * kColumns, 1);
    Numbers out = Numbers(kRows * kColumns);
    Numbers seed = randomNumbers(kRows * kColumns, 2);

    double loss()
    {
        swiGluForward<double>(matrixOf(out, kRows), matrixOf(gateUp, kRows));
        return dot(out, seed);
    }
};

TEST(SwiGlu, IsTheGateTimesItsLogisticTimesUp)
{
    Case c;
    c.loss();
    const double gate = c.gateUp[1];
    EXPECT_NEAR(c.out[1], gate / (1 + std::exp(-gate)) * c.gateUp[1 + kColumns], 1e-12);
}

TEST(SwiGlu, TheGradientIsThatOfCentralDifferences)
{
    Case c;
    c.loss();
    Numbers activated = c.seed;
    Numbers gradient = c.gateUp;
    swiGluBackward<double>(matrixOf(activated, kRows), matrixOf(gradient, kRows));
    expectGradient("gate and up", c.gateUp, gradient, [&] { return c.loss(); });
}

TEST(SwiGlu, TheWayBackLeavesTheOutputWhereItsGradientWas)
{
    Case c;
    c.loss();
    Numbers activated = c.seed;
    Numbers gradient = c.gateUp;
    swiGluBackward<double>(matrixOf(activated, kRows), matrixOf(gradient, kRows));
    for (std::size_t i = 0; i < activated.size(); ++i) {
        EXPECT_NEAR(activated[i], c.out[i], 1e-12);
    }
}

TEST(SwiGlu, FloatAgreesWithDoubleAlsoForLargeGates)
{
    Case c;
    c.gateUp[0] = 60;
    c.gateUp[1] = -60;
    c.gateUp[2] = -200;
    c.loss();
    const std::vector<float> gateUp(c.gateUp.begin(), c.gateUp.end());
    std::vector<float> out(c.out.size());
    swiGluForward<float>({ out.data(), kRows, kColumns }, { gateUp.data(), kRows, 2 * kColumns });
    for (std::size_t i = 0; i < out.size(); ++i) {
        EXPECT_NEAR(static_cast<double>(out[i]), c.out[i], 3e-6 * std::max(1.0, std::abs(c.out[i])));
    }
}

} // namespace
} // namespace dubito::model
