// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/train/Trainer.h"

#include "backend/model/Bf16Gemm.h"
#include "backend/train/Checkpoint.h"
#include "tests/support/SmallTraining.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace dubito::train {
namespace {

/// What must be equal when two trainings are the same, bit for bit.
struct Curve {
    std::vector<double> crossEntropy;
    std::vector<double> gradientNorm;
    std::vector<std::vector<std::int64_t>> documents;

    friend bool operator==(const Curve&, const Curve&) = default;
};

Curve train(Trainer& trainer, int steps)
{
    Curve curve;
    for (int i = 0; i < steps; ++i) {
        oneStep(trainer);
        trainer.prefetch();
        curve.crossEntropy.push_back(trainer.lastStep().crossEntropy);
        curve.gradientNorm.push_back(trainer.lastStep().gradientNorm);
        curve.documents.push_back(trainer.lastStep().documents);
    }
    return curve;
}

std::vector<float> copyOf(std::span<const float> values) { return { values.begin(), values.end() }; }

TEST(Trainer, GradientCheckpointingChangesNoBitOfTheCurve)
{
    SmallTraining kept;
    kept.training.gradientCheckpointing = config::GradientCheckpointing::Off;
    SmallTraining again;
    again.training.gradientCheckpointing = config::GradientCheckpointing::On;
    auto first = kept.trainer();
    auto second = again.trainer();
    EXPECT_EQ(first.model().options().recompute, model::Recompute::Off);
    EXPECT_EQ(second.model().options().recompute, model::Recompute::On);
    EXPECT_EQ(train(first, 8), train(second, 8));
}

TEST(Trainer, AutomaticCheckpointingBeginsWhereThePlanDoesNotFit)
{
    SmallTraining small;
    EXPECT_EQ(small.trainer().model().options().recompute, model::Recompute::Off) << "no limit";
    small.roomBytes = std::int64_t { 1 } << 40;
    EXPECT_EQ(small.trainer().model().options().recompute, model::Recompute::Off);
    small.roomBytes = 1000;
    EXPECT_EQ(small.trainer().model().options().recompute, model::Recompute::On);
}

TEST(Trainer, Bf16ProductsTrainAsFloatsDoOrAreRefusedInASentence)
{
    SmallTraining narrow;
    narrow.training.precision = config::Precision::Bf16;
    if (const auto fit = model::checkBf16Products(); !fit) {
        EXPECT_NE(fit.error().message.find("--precision f32"), std::string::npos);
        return;
    }
    SmallTraining full;
    auto first = full.trainer();
    auto second = narrow.trainer();
    const Curve wanted = train(first, 20);
    const Curve found = train(second, 20);
    for (std::size_t i = 0; i < wanted.crossEntropy.size(); ++i) {
        EXPECT_NEAR(found.crossEntropy[i], wanted.crossEntropy[i], 1e-2 * wanted.crossEntropy[i]) << i;
    }
    EXPECT_NE(found, wanted) << "the products did not run in BF16";
}

TEST(Trainer, FourAtOnceAndTwiceTwoAreTheSameStep)
{
    SmallTraining whole;
    SmallTraining halves;
    halves.training.batchSize = 2;
    halves.training.accumulate = 2;
    auto first = whole.trainer();
    auto second = halves.trainer();
    const auto one = train(first, 8);
    const auto other = train(second, 8);
    EXPECT_EQ(one.documents, other.documents);
    for (std::size_t i = 0; i < one.crossEntropy.size(); ++i) {
        EXPECT_NEAR(one.crossEntropy[i], other.crossEntropy[i], 1e-6) << i;
        EXPECT_NEAR(one.gradientNorm[i], other.gradientNorm[i], 1e-5) << i;
    }
}

TEST(Trainer, TheOrderOfDocumentsDoesNotDependOnTheBatch)
{
    const auto orderOf = [](std::int64_t rows, std::int64_t accumulate, int steps) {
        SmallTraining small;
        small.training.batchSize = rows;
        small.training.accumulate = accumulate;
        small.training.steps = 100;
        auto trainer = small.trainer();
        std::vector<std::int64_t> order;
        for (const auto& documents : train(trainer, steps).documents) {
            order.insert(order.end(), documents.begin(), documents.end());
        }
        return order;
    };
    const auto order = orderOf(4, 1, 8);
    EXPECT_EQ(orderOf(2, 2, 8), order);
    EXPECT_EQ(orderOf(1, 4, 8), order);
    EXPECT_EQ(orderOf(1, 1, 32), order);
    EXPECT_EQ(orderOf(8, 1, 4), order);
}

TEST(Trainer, LearnsAFewDocumentsByHeart)
{
    SmallTraining small;
    small.training.steps = 120;
    small.training.learningRate = 1e-2;
    auto trainer = small.trainer();
    const auto curve = train(trainer, 120);
    EXPECT_NEAR(curve.crossEntropy.front(), std::log(40.0), 0.2) << "knows nothing yet";
    EXPECT_LT(curve.crossEntropy.back(), 1.5);
    EXPECT_TRUE(trainer.isDone());
}

TEST(Trainer, TheSameSeedGivesTheSameBitsAndAnotherOneOthers)
{
    SmallTraining small;
    auto first = small.trainer();
    auto second = small.trainer();
    EXPECT_EQ(train(first, 5), train(second, 5));
    auto third = small.emptyTrainer();
    third.initialise(8);
    EXPECT_NE(train(third, 1).crossEntropy, train(first, 1).crossEntropy);
}

TEST(Trainer, TwentyStepsAreTenACheckpointAndTenBitForBit)
{
    SmallTraining small;
    auto whole = small.trainer();
    const auto expected = train(whole, 20);

    Curve curve;
    std::filesystem::path checkpoint;
    {
        auto first = small.trainer();
        curve = train(first, 10);
        first.noteValidation(2.5);
        const auto written = writeCheckpoint(small.folder.path(), first.state(), { { "config.json", "{}" }, { "tokenizer.json", "{}" } });
        ASSERT_TRUE(written) << toText(written.error());
        checkpoint = written->directory;
    }
    auto second = small.emptyTrainer();
    const auto progress = loadCheckpoint(checkpoint, second.target());
    ASSERT_TRUE(progress) << toText(progress.error());
    second.restore(*progress);
    EXPECT_EQ(second.progress().step, 10);
    EXPECT_EQ(second.progress().bestValidation, 2.5);
    const auto rest = train(second, 10);
    for (auto Curve::*part : { &Curve::crossEntropy, &Curve::gradientNorm }) {
        (curve.*part).insert((curve.*part).end(), (rest.*part).begin(), (rest.*part).end());
    }
    curve.documents.insert(curve.documents.end(), rest.documents.begin(), rest.documents.end());
    EXPECT_EQ(curve, expected);
    EXPECT_EQ(copyOf(second.parameters()), copyOf(whole.parameters()));
    EXPECT_EQ(copyOf(second.state().firstMoments), copyOf(whole.state().firstMoments));
    EXPECT_EQ(copyOf(second.state().secondMoments), copyOf(whole.state().secondMoments));
    EXPECT_EQ(second.progress().tokensSeen, whole.progress().tokensSeen);
}

TEST(Trainer, SampleSizeAndSharesGoOnAfterARestoreAsIfNothingHadHappened)
{
    SmallTraining small; // 13 documents: the window reaches back over several epochs
    auto whole = small.trainer();
    auto restored = small.emptyTrainer();
    train(whole, 10);
    std::ranges::copy(whole.parameters(), restored.target().parameters.begin());
    restored.restore(whole.progress());
    oneStep(whole);
    oneStep(restored);
    EXPECT_DOUBLE_EQ(restored.lastStep().effectiveSampleShare, whole.lastStep().effectiveSampleShare);
    ASSERT_EQ(restored.lastStep().classShares.size(), 3U);
    for (std::size_t i = 0; i < 3; ++i) {
        EXPECT_DOUBLE_EQ(restored.lastStep().classShares[i], whole.lastStep().classShares[i]);
    }
}

TEST(Trainer, ALongerScheduleIsTheUsersWishOnARestore)
{
    SmallTraining small;
    auto first = small.trainer();
    train(first, 3);
    small.training.steps = 50;
    auto second = small.emptyTrainer();
    second.restore(first.progress());
    EXPECT_EQ(second.progress().totalSteps, 50);
    EXPECT_EQ(second.progress().step, 3);
}

TEST(Trainer, ASmallerBatchKeepsTheStep)
{
    SmallTraining small;
    auto whole = small.trainer();
    auto shrunk = small.trainer();
    const auto expected = train(whole, 6);
    auto curve = train(shrunk, 2);
    EXPECT_TRUE(shrunk.shrinkBatch(0.5));
    EXPECT_EQ(shrunk.progress().batchSize, 2);
    EXPECT_EQ(shrunk.progress().accumulate, 2);
    const auto rest = train(shrunk, 4);
    for (std::size_t i = 0; i < 4; ++i) {
        EXPECT_EQ(rest.documents[i], expected.documents[i + 2]);
        EXPECT_NEAR(rest.crossEntropy[i], expected.crossEntropy[i + 2], 1e-6);
        EXPECT_NEAR(rest.gradientNorm[i], expected.gradientNorm[i + 2], 1e-5);
    }
}

TEST(Trainer, ASmallerBatchInTheMiddleOfAStepRepeatsTheStepWhole)
{
    SmallTraining small;
    auto whole = small.trainer();
    const auto expected = train(whole, 1);
    small.training.batchSize = 2;
    small.training.accumulate = 2;
    auto shrunk = small.trainer();
    const auto half = shrunk.advance();
    ASSERT_TRUE(half);
    ASSERT_EQ(*half, Trainer::Progress::MicroBatch);
    EXPECT_TRUE(shrunk.shrinkBatch(0.5));
    const auto curve = train(shrunk, 1);
    EXPECT_EQ(curve.documents, expected.documents);
    EXPECT_NEAR(curve.crossEntropy[0], expected.crossEntropy[0], 1e-6);
    EXPECT_NEAR(curve.gradientNorm[0], expected.gradientNorm[0], 1e-5) << "what was accumulated before must be gone";
}

TEST(Trainer, TheBatchShrinksToOneAndSaysWhenItIsThere)
{
    SmallTraining small;
    small.training.batchSize = 6;
    auto trainer = small.trainer();
    std::vector<std::pair<std::int64_t, std::int64_t>> way;
    while (trainer.shrinkBatch(0.7)) {
        way.emplace_back(trainer.progress().batchSize, trainer.progress().accumulate);
    }
    EXPECT_EQ(way, (std::vector<std::pair<std::int64_t, std::int64_t>> { { 3, 2 }, { 2, 3 }, { 1, 6 } }));
}

TEST(Trainer, ARefusedAllocationLeavesTheParametersAndTheStepCanBeRepeatedSmaller)
{
    SmallTraining small;
    auto whole = small.trainer();
    const auto expected = train(whole, 1);
    auto trainer = small.trainer();
    const auto before = copyOf(trainer.parameters());
    small.memory.setLimit(small.memory.active());
    const auto refused = trainer.advance();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::Memory);
    EXPECT_EQ(copyOf(trainer.parameters()), before);
    small.memory.setLimit(std::int64_t { 1 } << 30);
    ASSERT_TRUE(trainer.shrinkBatch(0.5));
    const auto curve = train(trainer, 1);
    EXPECT_EQ(curve.documents, expected.documents);
    EXPECT_NEAR(curve.crossEntropy[0], expected.crossEntropy[0], 1e-6);
}

TEST(Trainer, ANotANumberInTheModelNamesTheStepAndItsDocuments)
{
    SmallTraining small;
    small.training.batchSize = 10;
    auto trainer = small.trainer();
    train(trainer, 1);
    const auto* norm = trainer.target().layout->find("model.norm.weight");
    ASSERT_NE(norm, nullptr);
    trainer.target().parameters[static_cast<std::size_t>(norm->offset)] = std::numeric_limits<float>::quiet_NaN();
    const auto before = copyOf(trainer.parameters());
    const auto failed = trainer.advance();
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().code, ErrorCode::Diverged);
    EXPECT_EQ(failed.error().where, "step 2");
    EXPECT_NE(failed.error().message.find("doc-"), std::string::npos) << failed.error().message;
    EXPECT_NE(failed.error().message.find("and 2 more"), std::string::npos) << failed.error().message;
    const auto after = copyOf(trainer.parameters());
    for (std::size_t i = 0; i < before.size(); ++i) {
        if (!std::isnan(before[i])) {
            ASSERT_EQ(after[i], before[i]) << "an update was made of a loss that is not a number";
        }
    }
    EXPECT_EQ(trainer.progress().step, 1);
}

TEST(Trainer, AnAbandonedStepLeavesNoGradientBehind)
{
    SmallTraining small;
    small.training.batchSize = 2;
    small.training.accumulate = 2;
    auto whole = small.trainer();
    const auto expected = train(whole, 2);
    auto trainer = small.trainer();
    ASSERT_TRUE(trainer.advance());
    trainer.abandonStep();
    EXPECT_EQ(trainer.state().progress.step, 0) << "between two steps again";
    EXPECT_EQ(train(trainer, 2), expected);
}

TEST(Trainer, InTheSteadyStateAStepTakesNoMemory)
{
    SmallTraining small;
    auto trainer = small.trainer();
    train(trainer, 14); // more than one epoch: every shape has been seen
    const auto taken = small.memory.allocations();
    const auto active = small.memory.active();
    train(trainer, 6);
    EXPECT_EQ(small.memory.allocations(), taken);
    EXPECT_EQ(small.memory.active(), active);
}

TEST(Trainer, ATrainerThatIsGoneHoldsNothing)
{
    SmallTraining small;
    {
        auto trainer = small.trainer();
        train(trainer, 2);
        EXPECT_GT(small.memory.active(), 0);
    }
    EXPECT_EQ(small.memory.active(), 0);
}

TEST(Trainer, BlocksThatDoNotFitAreRefusedAndNothingIsHeld)
{
    SmallTraining small;
    FakeTensorMemory tight(10'000);
    const auto made = Trainer::create({ .model = small.model,
        .documents = small.documents,
        .training = small.training,
        .distrust = small.distrust,
        .scale = {},
        .fingerprint = "",
        .memory = tight,
        .parallel = small.parallel });
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, ErrorCode::Memory);
    EXPECT_EQ(tight.active(), 0);
}

TEST(Trainer, TheBestValidationIsKeptWithItsStep)
{
    SmallTraining small;
    auto trainer = small.trainer();
    train(trainer, 1);
    trainer.noteValidation(3.0);
    train(trainer, 1);
    trainer.noteValidation(3.5);
    trainer.noteValidation(std::numeric_limits<double>::quiet_NaN());
    EXPECT_EQ(trainer.progress().bestValidation, 3.0);
    EXPECT_EQ(trainer.progress().bestStep, 1);
}

} // namespace
} // namespace dubito::train
