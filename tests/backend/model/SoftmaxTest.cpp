// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/Softmax.h"

#include "tests/backend/model/GradientCheck.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

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

/// Both ways over scores whose rows end with `rest`, where no column is.
std::vector<float> bothWays(float rest)
{
    const Case c;
    std::vector<float> scores(c.scores.begin(), c.scores.end());
    std::vector<float> gradients(c.seed.begin(), c.seed.end());
    for (std::int64_t r = 0; r < kRows; ++r) {
        std::fill(scores.begin() + r * kStride + kColumns, scores.begin() + (r + 1) * kStride, rest);
        std::fill(gradients.begin() + r * kStride + kColumns, gradients.begin() + (r + 1) * kStride, rest);
    }
    softmaxForward<float>({ scores.data(), kRows, kColumns, kStride }, kFirstVisible, 0.25F);
    softmaxBackward<float>({ gradients.data(), kRows, kColumns, kStride },
        { scores.data(), kRows, kColumns, kStride }, kFirstVisible, 0.25F);
    scores.insert(scores.end(), gradients.begin(), gradients.end());
    return scores;
}

TEST(Softmax, WhatStandsBehindTheLastColumnIsNotRead)
{
    EXPECT_EQ(bothWays(std::numeric_limits<float>::quiet_NaN()), bothWays(0));
    EXPECT_EQ(bothWays(std::numeric_limits<float>::infinity()), bothWays(0));
}

} // namespace
} // namespace dubito::model
