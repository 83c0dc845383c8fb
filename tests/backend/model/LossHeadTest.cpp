// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/LossHead.h"

#include "tests/backend/model/CountingMemory.h"
#include "tests/backend/model/GradientCheck.h"

#include <gtest/gtest.h>

namespace dubito::model {
namespace {

ModelConfig smallConfig()
{
    ModelConfig config;
    config.hidden = 12;
    config.layers = 1;
    config.heads = 2;
    config.kvHeads = 1;
    config.headDim = 6;
    config.intermediate = 16;
    config.vocabulary = 37;
    return config;
}

/// The head alone, over given outputs of the last layer.
struct Trial {
    /// So many rows of logits exist at once.
    explicit Trial(std::int64_t logitRows)
        : working(*WorkingMemory<double>::create(config,
              { .rows = 26, .T = 13, .threads = 2, .pass = Pass::Backward, .logitsAtOnce = logitRows * 37 }, memory))
    {
        Random random(7);
        std::vector<std::int32_t> ids(26);
        std::ranges::generate(ids, [&] { return static_cast<std::int32_t>(random.below(37)); });
        const std::vector<std::int64_t> lengths { 13, 11 };
        std::vector<std::uint8_t> targets(26, 1);
        targets[5] = 0; // a row in the middle that predicts nothing
        EXPECT_TRUE(rows.pack({ 2, 13, ids, lengths, targets }, 37, RowsOf::Targets));
        std::ranges::copy(output, working.output.data);
        for (std::int64_t m = 0; m < rows.targetCount(); ++m) {
            working.coefficients[m] = 0.1 * static_cast<double>(m + 1);
        }
    }

    EndParameters<const double> parameters() { return { {}, norm.data(), matrixOf(head, 37) }; }

    void backward()
    {
        const LayerContext<double> context { config, rows, working, parallel };
        lossHeadBackward<double>(context, parameters(), { {}, dNorm.data(), matrixOf(dHead, 37) });
        losses.assign(working.losses, working.losses + rows.targetCount());
        stream.assign(working.stream.data, working.stream.data + rows.count() * config.hidden);
    }

    ModelConfig config = smallConfig();
    CountingMemory memory;
    Parallel parallel { 2 };
    PackedRows rows;
    WorkingMemory<double> working;
    Numbers output = randomNumbers(24 * 12, 1);
    Numbers norm = randomNumbers(12, 2);
    Numbers head = randomNumbers(37 * 12, 3);
    Numbers dNorm = Numbers(12);
    Numbers dHead = Numbers(37 * 12);
    Numbers losses;
    Numbers stream;
};

void expectEqual(const Numbers& wanted, const Numbers& got)
{
    ASSERT_EQ(wanted.size(), got.size());
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        ASSERT_NEAR(wanted[i], got[i], 1e-12) << i;
    }
}

TEST(LossHead, ChunksOfLogitsGiveWhatTheWholeGives)
{
    Trial whole(26);
    Trial chunked(5);
    ASSERT_LT(chunked.working.logits.rows, 6);
    whole.backward();
    chunked.backward();
    expectEqual(whole.losses, chunked.losses);
    expectEqual(whole.stream, chunked.stream);
    expectEqual(whole.dHead, chunked.dHead);
    expectEqual(whole.dNorm, chunked.dNorm);
}

TEST(LossHead, ARowThatPredictsNothingBeginsWithoutAGradient)
{
    Trial trial(26);
    trial.backward();
    const auto begin = trial.stream.begin() + 4 * 12;
    EXPECT_EQ(Numbers(begin, begin + 12), Numbers(12, 0.0));
    EXPECT_EQ(trial.rows.targetOfRow[4], -1);
    EXPECT_NE(trial.stream[3 * 12], 0);
}

} // namespace
} // namespace dubito::model
