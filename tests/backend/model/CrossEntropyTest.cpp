// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/CrossEntropy.h"

#include "tests/backend/model/GradientCheck.h"

#include <gtest/gtest.h>
#include <limits>

namespace dubito::model {
namespace {

constexpr std::int64_t kRows = 3;
constexpr std::int64_t kColumns = 37;

struct Case {
    Numbers logits = randomNumbers(kRows * kColumns, 1);
    std::vector<std::int32_t> targets { 0, 36, 12 };
    Numbers coefficients { 0.5, 2.0, -1.0 };
    Numbers losses = Numbers(kRows);
    Numbers sums = Numbers(kRows);
    Numbers work;

    double loss()
    {
        work = logits;
        crossEntropyForward<double>(matrixOf(work, kRows), targets.data(), losses.data(), sums.data());
        return dot(losses, coefficients);
    }
};

TEST(CrossEntropy, EqualLogitsCostTheLogarithmOfTheVocabulary)
{
    Case c;
    std::ranges::fill(c.logits, 3.0);
    c.loss();
    EXPECT_NEAR(c.losses[0], std::log(static_cast<double>(kColumns)), 1e-12);
}

TEST(CrossEntropy, TheGradientIsThatOfCentralDifferences)
{
    Case c;
    c.loss();
    crossEntropyBackward<double>(matrixOf(c.work, kRows), c.targets.data(), c.sums.data(), c.coefficients.data());
    const Numbers gradient = c.work;
    expectGradient("logits", c.logits, gradient, [&] { return c.loss(); });
}

TEST(CrossEntropy, LargeLogitsDoNotOverflow)
{
    std::vector<float> logits { 30000.0F, 0.0F, -30000.0F };
    const std::vector<std::int32_t> targets { 1 };
    double loss = 0;
    double sum = 0;
    crossEntropyForward<float>({ logits.data(), 1, 3 }, targets.data(), &loss, &sum);
    EXPECT_DOUBLE_EQ(loss, 30000.0);
}

TEST(CrossEntropy, FloatKeepsItsDigitsOverALargeVocabulary)
{
    constexpr std::int64_t kLarge = 50001;
    Numbers exact = randomNumbers(kLarge, 5);
    std::vector<float> logits(exact.begin(), exact.end());
    exact.assign(logits.begin(), logits.end());
    const std::vector<std::int32_t> targets { 777 };
    double wanted = 0;
    double got = 0;
    double sum = 0;
    crossEntropyForward<double>(matrixOf(exact, 1), targets.data(), &wanted, &sum);
    crossEntropyForward<float>({ logits.data(), 1, kLarge }, targets.data(), &got, &sum);
    EXPECT_NEAR(got, wanted, 2e-7 * wanted);
}

TEST(CrossEntropy, ALogitThatIsNoNumberIsSeenInTheLoss)
{
    for (const std::size_t place : { 0U, 5U, 16U, 20U }) {
        std::vector<float> logits(21, 1.0F);
        logits[place] = std::numeric_limits<float>::quiet_NaN();
        const std::vector<std::int32_t> targets { 3 };
        double loss = 0;
        double sum = 0;
        crossEntropyForward<float>({ logits.data(), 1, 21 }, targets.data(), &loss, &sum);
        EXPECT_TRUE(std::isnan(loss)) << place;
    }
}

} // namespace
} // namespace dubito::model
