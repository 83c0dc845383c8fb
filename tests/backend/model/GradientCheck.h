// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Random.h"
#include "backend/model/Tensor.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace dubito::model {

using Numbers = std::vector<double>;

inline Numbers randomNumbers(std::int64_t count, std::uint64_t seed)
{
    Random random(seed);
    Numbers numbers(static_cast<std::size_t>(count));
    std::ranges::generate(numbers, [&] { return random.normal(); });
    return numbers;
}

inline Matrix<double> matrixOf(Numbers& numbers, std::int64_t rows)
{
    return { numbers.data(), rows, static_cast<std::int64_t>(numbers.size()) / rows };
}

inline double dot(const Numbers& a, const Numbers& b)
{
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        sum += a[i] * b[i];
    }
    return sum;
}

/// Compares a gradient with central differences of fourth order of `loss` in every element of `input` (or in some, when it is long).
inline void expectGradient(
    const std::string& what, Numbers& input, const Numbers& gradient, const std::function<double()>& loss)
{
    constexpr double kStep = 1e-5;
    double largest = 1e-3;
    for (const double value : gradient) {
        largest = std::max(largest, std::abs(value));
    }
    const std::size_t stride = std::max<std::size_t>(1, input.size() / 64);
    for (std::size_t i = 0; i < input.size(); i += stride) {
        const double kept = input[i];
        const auto across = [&](double step) {
            input[i] = kept + step;
            const double above = loss();
            input[i] = kept - step;
            return above - loss();
        };
        const double difference = (8 * across(kStep) - across(2 * kStep)) / (12 * kStep);
        input[i] = kept;
        EXPECT_NEAR(gradient[i], difference, 1e-7 * largest) << what << ", element " << i;
    }
}

} // namespace dubito::model
