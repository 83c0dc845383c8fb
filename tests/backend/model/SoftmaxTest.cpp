// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/Softmax.h"

#include "tests/backend/model/GradientCheck.h"

#include <gtest/gtest.h>

namespace dubito::model {
namespace {

constexpr std::int64_t kRows = 5;
constexpr std::int64_t kColumns = 11;
constexpr std::int64_t kStride = 16;
constexpr std::int64_t kFirstVisible = 7;

Matrix<double> fitted(Numbers& numbers) { return { numbers.data(), kRows, kColumns, kStride }; }

struct Case {
    Numbers scores = randomNumbers(kRows * kStride, 1);
    Numbers probabilities;
    Numbers seed = randomNumbers(kRows * kStride, 2);

    double loss()
    {
        probabilities = scores;
        softmaxForward<double>(fitted(probabilities), kFirstVisible, 0.25);
        return dot(probabilities, seed);
    }
};

TEST(Softmax, EachRowSeesOneColumnMoreAndSumsToOne)
{
    Case c;
    c.loss();
    for (std::int64_t r = 0; r < kRows; ++r) {
        double sum = 0;
        for (std::int64_t i = 0; i < kStride; ++i) {
            const double value = fitted(c.probabilities).row(r)[i];
            sum += value;
            EXPECT_EQ(value > 0, i < kFirstVisible + r && i < kColumns);
        }
        EXPECT_NEAR(sum, 1.0, 1e-12);
    }
}

TEST(Softmax, TheGradientIsThatOfCentralDifferences)
{
    Case c;
    c.loss();
    Numbers gradient = c.seed;
    softmaxBackward<double>(fitted(gradient), fitted(c.probabilities), kFirstVisible, 0.25);
    expectGradient("scores", c.scores, gradient, [&] { return c.loss(); });
}

TEST(Softmax, FloatAgreesWithDouble)
{
    Case c;
    c.loss();
    std::vector<float> scores(c.scores.begin(), c.scores.end());
    softmaxForward<float>({ scores.data(), kRows, kColumns, kStride }, kFirstVisible, 0.25F);
    for (std::size_t i = 0; i < scores.size(); ++i) {
        EXPECT_NEAR(static_cast<double>(scores[i]), c.probabilities[i], 1e-6);
    }
}

} // namespace
} // namespace dubito::model
