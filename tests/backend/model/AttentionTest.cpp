// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/Attention.h"

#include "tests/backend/model/GradientCheck.h"

#include <gtest/gtest.h>

namespace dubito::model {
namespace {

constexpr HeadShape kShape { .heads = 4, .kvHeads = 2, .headDim = 6 };
constexpr std::int64_t kT = 70; // more than one block of rows
constexpr std::int64_t kOut = 24;

struct Case {
    Numbers qkv = randomNumbers(kT * kShape.width(), 1);
    Numbers out = Numbers(kT * kOut);
    Numbers seed = randomNumbers(kT * kOut, 2);
    Numbers room = Numbers(2 * 64 * 72);
    AttentionScratch<double> scratch { { room.data(), 64, 72 }, { room.data() + 64 * 72, 64, 72 } };

    double loss()
    {
        for (std::int64_t kvHead = 0; kvHead < kShape.kvHeads; ++kvHead) {
            attentionForward<double>(matrixOf(out, kT), matrixOf(qkv, kT), kShape, kvHead, scratch);
        }
        return dot(out, seed);
    }

    Numbers gradient()
    {
        Numbers result(qkv.size(), 1e9); // must be overwritten
        for (std::int64_t kvHead = 0; kvHead < kShape.kvHeads; ++kvHead) {
            attentionBackward<double>(
                { matrixOf(result, kT), matrixOf(seed, kT) }, matrixOf(qkv, kT), kShape, kvHead, scratch);
        }
        return result;
    }
};

/// The definition: one query after the other, no blocks.
Numbers byDefinition(const Numbers& qkv)
{
    const std::int64_t D = kShape.headDim;
    const auto at = [&](std::int64_t t, std::int64_t head, std::int64_t i) {
        return qkv[static_cast<std::size_t>(t * kShape.width() + head * D + i)];
    };
    Numbers out(kT * kOut);
    for (std::int64_t head = 0; head < kShape.heads; ++head) {
        const std::int64_t key = kShape.heads + head / kShape.group();
        for (std::int64_t t = 0; t < kT; ++t) {
            Numbers weights;
            double sum = 0;
            for (std::int64_t s = 0; s <= t; ++s) {
                double score = 0;
                for (std::int64_t i = 0; i < D; ++i) {
                    score += at(t, head, i) * at(s, key, i);
                }
                weights.push_back(std::exp(score / std::sqrt(static_cast<double>(D))));
                sum += weights.back();
            }
            for (std::int64_t s = 0; s <= t; ++s) {
                for (std::int64_t i = 0; i < D; ++i) {
                    out[static_cast<std::size_t>(t * kOut + head * D + i)]
                        += weights[static_cast<std::size_t>(s)] / sum * at(s, key + kShape.kvHeads, i);
                }
            }
        }
    }
    return out;
}

TEST(Attention, BlocksGiveWhatTheDefinitionGives)
{
    Case c;
    c.loss();
    const Numbers wanted = byDefinition(c.qkv);
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        ASSERT_NEAR(c.out[i], wanted[i], 1e-12) << i;
    }
}

TEST(Attention, TheGradientsAreThoseOfCentralDifferences)
{
    Case c;
    c.loss();
    expectGradient("queries, keys and values", c.qkv, c.gradient(), [&] { return c.loss(); });
}

TEST(Attention, ALaterPositionChangesNoEarlierOne)
{
    Case c;
    c.loss();
    const Numbers before = c.out;
    for (std::size_t i = static_cast<std::size_t>(50 * kShape.width()); i < c.qkv.size(); ++i) {
        c.qkv[i] += 1;
    }
    c.loss();
    for (std::size_t i = 0; i < static_cast<std::size_t>(50 * kOut); ++i) {
        ASSERT_EQ(c.out[i], before[i]);
    }
}

} // namespace
} // namespace dubito::model
