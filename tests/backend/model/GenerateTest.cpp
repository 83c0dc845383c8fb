// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/Generate.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>
#include <set>

namespace dubito::model {
namespace {

constexpr std::array kLogits { 1.0F, 3.0F, 2.0F, -1.0F, 2.5F };

std::vector<std::int32_t> drawn(const SamplingRules& rules, int count, std::uint64_t seed = 1)
{
    TokenSampler sampler(rules, seed);
    std::vector<std::int32_t> ids;
    for (int i = 0; i < count; ++i) {
        const auto id = sampler.choose(kLogits);
        EXPECT_TRUE(id);
        ids.push_back(*id);
    }
    return ids;
}

std::set<std::int32_t> kinds(const SamplingRules& rules)
{
    const auto ids = drawn(rules, 4000);
    return { ids.begin(), ids.end() };
}

TEST(Generate, WithoutTemperatureTheLikeliestIsTaken)
{
    EXPECT_EQ(drawn({ .temperature = 0 }, 3), (std::vector<std::int32_t> { 1, 1, 1 }));
    TokenSampler sampler({ .temperature = 0 }, 1);
    EXPECT_EQ(*sampler.choose(std::array { 2.0F, 7.0F, 7.0F }), 1) << "the lower id of equal ones";
}

TEST(Generate, TheSameSeedChoosesTheSame)
{
    const SamplingRules rules { .temperature = 1, .topK = 0, .topP = 1 };
    EXPECT_EQ(drawn(rules, 200, 7), drawn(rules, 200, 7));
    EXPECT_NE(drawn(rules, 200, 7), drawn(rules, 200, 8));
}

/// Chi-square of the draws against softmax(logits / temperature); 4 degrees of freedom.
double misfit(const SamplingRules& rules)
{
    constexpr int kDraws = 100'000;
    std::array<double, kLogits.size()> counts {};
    for (const auto id : drawn(rules, kDraws)) {
        counts[static_cast<std::size_t>(id)] += 1;
    }
    double sum = 0;
    for (const float logit : kLogits) {
        sum += std::exp(static_cast<double>(logit) / rules.temperature);
    }
    double chi = 0;
    for (std::size_t i = 0; i < kLogits.size(); ++i) {
        const double expected = kDraws * std::exp(static_cast<double>(kLogits[i]) / rules.temperature) / sum;
        chi += (counts[i] - expected) * (counts[i] - expected) / expected;
    }
    return chi;
}

TEST(Generate, TokensComeAsOftenAsTheirProbabilitySays)
{
    // 99.9 % of all chi-square values of 4 degrees of freedom are below 18.5.
    EXPECT_LT(misfit({ .temperature = 1, .topK = 0, .topP = 1 }), 18.5);
    EXPECT_LT(misfit({ .temperature = 2.5, .topK = 0, .topP = 1 }), 18.5);
    EXPECT_LT(misfit({ .temperature = 0.7, .topK = 5, .topP = 1 }), 18.5) << "five of five is all";
}

TEST(Generate, TopKLeavesTheKLikeliest)
{
    EXPECT_EQ(kinds({ .temperature = 3, .topK = 1, .topP = 1 }), (std::set<std::int32_t> { 1 }));
    EXPECT_EQ(kinds({ .temperature = 3, .topK = 3, .topP = 1 }), (std::set<std::int32_t> { 1, 2, 4 }));
    EXPECT_EQ(kinds({ .temperature = 3, .topK = 99, .topP = 1 }).size(), 5U);
}

TEST(Generate, TopPLeavesTheFewestThatHaveTheShare)
{
    // At temperature 1 the probabilities are 0.064, 0.470, 0.173, 0.009, 0.285: 0.75 needs 1 and 4.
    EXPECT_EQ(kinds({ .temperature = 1, .topK = 0, .topP = 0.75 }), (std::set<std::int32_t> { 1, 4 }));
    EXPECT_EQ(kinds({ .temperature = 1, .topK = 0, .topP = 0.8 }), (std::set<std::int32_t> { 1, 2, 4 }));
    EXPECT_EQ(kinds({ .temperature = 1, .topK = 0, .topP = 0 }), (std::set<std::int32_t> { 1 }));
}

TEST(Generate, ABrokenModelIsNamedAndNotSampled)
{
    TokenSampler sampler({}, 1);
    for (const float broken : { std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity() }) {
        const auto id = sampler.choose(std::array { 1.0F, broken });
        ASSERT_FALSE(id);
        EXPECT_EQ(id.error().code, ErrorCode::Model);
        EXPECT_NE(id.error().message.find("token 1 is not finite"), std::string::npos) << id.error().message;
    }
}

} // namespace
} // namespace dubito::model
