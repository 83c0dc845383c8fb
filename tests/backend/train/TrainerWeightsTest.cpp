// SPDX-License-Identifier: GPL-3.0-or-later
// What the weightings do to the gradient: the number that must not only be printed.
#include "tests/support/SmallTraining.h"

#include <gtest/gtest.h>

#include <cmath>

namespace dubito::train {
namespace {

using config::WeightingMode;

/// The published reference pair with equal text, so that their cross-entropies are equal at any parameters.
class PublishedPair : public SmallTraining {
public:
    explicit PublishedPair(WeightingMode mode) : SmallTraining(pairOf(mode))
    {
        distrust.weighting = mode;
        shuffle = config::Switch::Off;
        training.batchSize = 1;
        training.learningRate = 0; // the parameters stay, so that both documents meet the same model
    }

private:
    static std::vector<SmallDocument> pairOf(WeightingMode mode)
    {
        config::Distrust rules;
        rules.weighting = mode;
        const std::vector<std::int32_t> ids { 3, 1, 4, 1, 5, 9, 2, 6 };
        return { judgedDocument(ids, 0.05, 7.5, rules), judgedDocument(ids, 0.90, 1.0, rules) };
    }
};

double ratioOfGradients(WeightingMode mode)
{
    PublishedPair small(mode);
    auto trainer = small.trainer();
    oneStep(trainer);
    const StepResult first = trainer.lastStep();
    oneStep(trainer);
    const StepResult second = trainer.lastStep();
    EXPECT_EQ(first.documents, std::vector<std::int64_t> { 0 });
    EXPECT_EQ(second.documents, std::vector<std::int64_t> { 1 });
    EXPECT_EQ(first.crossEntropy, second.crossEntropy);
    return first.gradientNorm / second.gradientNorm;
}

TEST(TrainerWeights, MonotoneGivesThePublishedPairGradientsOfThirtyToOne)
{
    EXPECT_NEAR(ratioOfGradients(WeightingMode::Monotone), 30.0, 30.0 * 1e-5);
}

TEST(TrainerWeights, AdditiveGivesThePublishedPairEqualGradients)
{
    EXPECT_NEAR(ratioOfGradients(WeightingMode::Additive), 1.0, 1e-6);
}

TEST(TrainerWeights, PublishedGivesThePublishedPairThirtyTwoPointSevenToOne)
{
    EXPECT_NEAR(ratioOfGradients(WeightingMode::Published), 32.7, 0.05);
}

/// The slope of the weighted loss along a fixed direction, by central differences: no backward pass is asked.
double slopeOfLoss(WeightingMode mode, std::int64_t document)
{
    PublishedPair small(mode);
    const auto lossAt = [&](float amount) {
        auto trainer = small.trainer();
        Random direction(11);
        for (float& value : trainer.target().parameters) {
            value += amount * static_cast<float>(direction.normal());
        }
        TrainProgress progress = trainer.progress();
        progress.position = document;
        trainer.restore(progress);
        oneStep(trainer);
        EXPECT_EQ(trainer.lastStep().documents, std::vector { document });
        return trainer.lastStep().weightedCrossEntropy;
    };
    return (lossAt(1e-2F) - lossAt(-1e-2F)) / 2e-2;
}

TEST(TrainerWeights, DifferencesOfTheLossStandAsTheGradientsDo)
{
    EXPECT_NEAR(slopeOfLoss(WeightingMode::Monotone, 0) / slopeOfLoss(WeightingMode::Monotone, 1), 30.0, 1e-3);
    EXPECT_NEAR(slopeOfLoss(WeightingMode::Additive, 0) / slopeOfLoss(WeightingMode::Additive, 1), 1.0, 1e-6);
}

TEST(TrainerWeights, TheAdditiveTermMovesThePrintedTotalAndNothingElse)
{
    PublishedPair small(WeightingMode::Additive);
    auto trainer = small.trainer();
    oneStep(trainer);
    const auto& result = trainer.lastStep();
    EXPECT_DOUBLE_EQ(result.weightedCrossEntropy, result.crossEntropy);
    EXPECT_NEAR(result.publishedTotal - result.crossEntropy, 2.7 * std::pow(std::log(0.95 + 1e-8) + 7.5, 2), 1e-9);
}

} // namespace
} // namespace dubito::train
