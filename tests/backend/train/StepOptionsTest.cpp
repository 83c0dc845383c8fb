// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/train/StepOptions.h"

#include "tests/support/SmallTraining.h"

#include <gtest/gtest.h>

namespace dubito::train {
namespace {

using config::GradientCheckpointing;
using model::Recompute;

const model::TrainingShape kShape { .B = 4, .T = 32 };

std::int64_t bytesOf(const model::TrainingShape& shape)
{
    std::int64_t bytes = 0;
    for (const auto& row : model::footprintOf(SmallTraining::smallModel(), shape)) {
        bytes += row.bytes;
    }
    return bytes;
}

Recompute recomputeFor(GradientCheckpointing wish, std::int64_t roomBytes)
{
    config::Training training;
    training.gradientCheckpointing = wish;
    return stepOptions(training, SmallTraining::smallModel(), kShape, roomBytes).recompute;
}

TEST(StepOptions, AutoComputesAgainFromTheByteOnThatDoesNotFit)
{
    const auto needed = bytesOf(kShape);
    EXPECT_EQ(recomputeFor(GradientCheckpointing::Auto, needed), Recompute::Off);
    EXPECT_EQ(recomputeFor(GradientCheckpointing::Auto, needed - 1), Recompute::On);
    EXPECT_EQ(recomputeFor(GradientCheckpointing::Auto, 0), Recompute::Off) << "nobody said how much room there is";
}

TEST(StepOptions, WhoDecidesIsObeyedWhateverFits)
{
    EXPECT_EQ(recomputeFor(GradientCheckpointing::On, 0), Recompute::On);
    EXPECT_EQ(recomputeFor(GradientCheckpointing::Off, 1), Recompute::Off);
}

TEST(StepOptions, AnAdapterNeedsLessRoomBeforeItIsComputedAgain)
{
    config::Training training;
    auto shape = kShape;
    shape.lora.rank = 1;
    shape.lora.targets.set();
    const auto room = bytesOf(kShape) - 1;
    EXPECT_EQ(stepOptions(training, SmallTraining::smallModel(), shape, room).recompute, Recompute::Off);
}

TEST(StepOptions, PrecisionIsThatOfTheProducts)
{
    config::Training training;
    EXPECT_EQ(stepOptions(training, SmallTraining::smallModel(), kShape, 0).products, model::Products::Full);
    training.precision = config::Precision::Bf16;
    EXPECT_EQ(stepOptions(training, SmallTraining::smallModel(), kShape, 0).products, model::Products::Bf16);
}

} // namespace
} // namespace dubito::train
