// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/train/Evaluator.h"

#include "tests/support/SmallTraining.h"

#include <gtest/gtest.h>

namespace dubito::train {
namespace {

HeldOutLoss evaluated(SmallTraining& small, Trainer& trainer, std::int64_t rows, std::int64_t atMost)
{
    Evaluator evaluator(small.documents, rows, atMost);
    for (;;) {
        const auto done = evaluator.advance(trainer.model(), trainer.parameters());
        EXPECT_TRUE(done) << (done ? "" : toText(done.error()));
        if (!done || *done) {
            return evaluator.result();
        }
    }
}

/// The loss of one document, asked of the model directly.
model::SequenceLoss lossOf(SmallTraining& small, Trainer& trainer, std::int64_t document)
{
    const auto ids = small.documents.ids(document);
    const std::vector<std::int64_t> lengths { static_cast<std::int64_t>(ids.size()) };
    std::vector<model::SequenceLoss> losses(1);
    EXPECT_TRUE(trainer.model().loss(trainer.parameters(), { 1, lengths[0], ids, lengths, {} }, losses));
    return losses[0];
}

TEST(Evaluator, TheHeldOutLossIsTheTokenMeanPerClassAndOverAll)
{
    SmallTraining small;
    auto trainer = small.trainer();
    const auto result = evaluated(small, trainer, 4, 0);
    EXPECT_EQ(result.documents, 13);
    EXPECT_EQ(result.targets, small.documents.report().targets);

    std::vector<double> sums(3);
    std::vector<std::int64_t> targets(3);
    double total = 0;
    for (std::int64_t i = 0; i < small.documents.size(); ++i) {
        const auto loss = lossOf(small, trainer, i);
        const auto place = static_cast<std::size_t>(small.documents.info(i).sourceClass);
        sums[place] += loss.crossEntropySum;
        targets[place] += loss.targets;
        total += loss.crossEntropySum;
    }
    EXPECT_NEAR(result.crossEntropy, total / static_cast<double>(result.targets), 1e-5);
    ASSERT_EQ(result.classes.size(), 3U);
    for (std::size_t i = 0; i < 3; ++i) {
        EXPECT_EQ(result.classes[i].sourceClass, static_cast<std::int64_t>(i));
        EXPECT_EQ(result.classes[i].targets, targets[i]);
        EXPECT_NEAR(result.classes[i].crossEntropy, sums[i] / static_cast<double>(targets[i]), 1e-5);
    }
}

TEST(Evaluator, WeightsDoNotMatter)
{
    auto corpus = SmallTraining::defaultCorpus();
    SmallTraining weighted(corpus);
    for (auto& document : corpus) {
        document.weight = 1;
    }
    SmallTraining plain(corpus);
    auto first = weighted.trainer();
    auto second = plain.trainer();
    EXPECT_EQ(evaluated(weighted, first, 4, 0).crossEntropy, evaluated(plain, second, 4, 0).crossEntropy);
}

TEST(Evaluator, ASampleIsTheSameEveryTimeAndWhateverTheBatch)
{
    SmallTraining small;
    auto trainer = small.trainer();
    const auto result = evaluated(small, trainer, 4, 5);
    EXPECT_EQ(result.documents, 5);
    EXPECT_LT(result.targets, small.documents.report().targets);
    EXPECT_EQ(evaluated(small, trainer, 4, 5).crossEntropy, result.crossEntropy);
    const auto smaller = evaluated(small, trainer, 2, 5);
    EXPECT_EQ(smaller.targets, result.targets);
    EXPECT_NEAR(smaller.crossEntropy, result.crossEntropy, 1e-5);
    EXPECT_EQ(evaluated(small, trainer, 4, 1000).documents, 13) << "no document is asked twice";
}

TEST(Evaluator, OneMicroBatchPerCall)
{
    SmallTraining small;
    auto trainer = small.trainer();
    Evaluator evaluator(small.documents, 5, 0);
    std::vector<bool> answers;
    for (int i = 0; i < 3; ++i) {
        const auto done = evaluator.advance(trainer.model(), trainer.parameters());
        ASSERT_TRUE(done);
        answers.push_back(*done);
    }
    EXPECT_EQ(answers, (std::vector { false, false, true })) << "13 documents are 5 + 5 + 3";
}

TEST(Evaluator, MemoryThatIsRefusedIsSaidAndTheEvaluationCanGoOn)
{
    SmallTraining small;
    auto trainer = small.trainer();
    Evaluator evaluator(small.documents, 13, 0);
    small.memory.setLimit(small.memory.active());
    const auto refused = evaluator.advance(trainer.model(), trainer.parameters());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::Memory);
    small.memory.setLimit(std::int64_t { 1 } << 30);
    const auto done = evaluator.advance(trainer.model(), trainer.parameters());
    ASSERT_TRUE(done);
    EXPECT_TRUE(*done);
    EXPECT_EQ(evaluator.result().documents, 13);
}

} // namespace
} // namespace dubito::train
