// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/Linear.h"

#include "tests/backend/model/GradientCheck.h"

#include <gtest/gtest.h>

namespace dubito::model {
namespace {

constexpr std::int64_t kRows = 7;

struct Case {
    Case(std::int64_t outWidth, std::int64_t inWidth)
        : C(outWidth)
        , in(randomNumbers(kRows * inWidth, 1))
        , weight(randomNumbers(outWidth * inWidth, 2))
        , bias(randomNumbers(outWidth, 3))
        , out(static_cast<std::size_t>(kRows * outWidth))
        , seed(randomNumbers(kRows * outWidth, 4))
    {
    }

    Projection<const double> projection() { return { matrixOf(weight, C), bias.data() }; }

    double loss()
    {
        linearForward<double>(matrixOf(out, kRows), matrixOf(in, kRows), projection(), Into::Overwrite);
        return dot(out, seed);
    }

    std::int64_t C;
    Numbers in;
    Numbers weight;
    Numbers bias;
    Numbers out;
    Numbers seed;
};

void expectAllGradients(Case c)
{
    Numbers dIn(c.in.size());
    linearBackwardInput<double>(matrixOf(dIn, kRows), matrixOf(c.seed, kRows), c.projection(), Into::Overwrite);
    expectGradient("input", c.in, dIn, [&] { return c.loss(); });
    Numbers dWeight(c.weight.size());
    Numbers dBias(c.bias.size());
    for (int part = 0; part < 3; ++part) {
        linearBackwardWeight(LinearGradient<double> { { matrixOf(dWeight, c.C), dBias.data() }, matrixOf(c.seed, kRows),
                                 matrixOf(c.in, kRows) },
            part, 3);
    }
    expectGradient("weight", c.weight, dWeight, [&] { return c.loss(); });
    expectGradient("bias", c.bias, dBias, [&] { return c.loss(); });
}

TEST(Linear, TheGradientsOfATallWeightAreThoseOfCentralDifferences) { expectAllGradients(Case(50, 5)); }

TEST(Linear, TheGradientsOfAWideWeightAreThoseOfCentralDifferences) { expectAllGradients(Case(5, 50)); }

TEST(Linear, AResidualIsAddedTo)
{
    Case c(5, 6);
    c.loss();
    Numbers twice = c.out;
    linearForward<double>(matrixOf(twice, kRows), matrixOf(c.in, kRows), c.projection(), Into::Add);
    for (std::size_t i = 0; i < twice.size(); ++i) {
        EXPECT_NEAR(twice[i], 2 * c.out[i], 1e-12);
    }
}

TEST(Linear, GradientsAreAddedToWhatIsThere)
{
    Case c(20, 6);
    Numbers once(c.weight.size());
    Numbers twice(c.weight.size());
    const auto add = [&](Numbers& into) {
        linearBackwardWeight(
            LinearGradient<double> { { matrixOf(into, c.C), nullptr }, matrixOf(c.seed, kRows), matrixOf(c.in, kRows) }, 0,
            1);
    };
    add(once);
    add(twice);
    add(twice);
    for (std::size_t i = 0; i < once.size(); ++i) {
        EXPECT_NEAR(twice[i], 2 * once[i], 1e-12);
    }
}

} // namespace
} // namespace dubito::model
