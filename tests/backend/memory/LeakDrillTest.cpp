// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/memory/LeakDrill.h"

#include "backend/base/Text.h"
#include "backend/memory/TensorPool.h"

#include <gtest/gtest.h>

namespace dubito::memory {
namespace {

TEST(LeakDrill, LeaksExactlyWhatItPromisesIntoItsCategory)
{
    TensorPool pool;
    LeakDrill drill(pool);
    ASSERT_TRUE(drill.start({ .who = "data", .mbPerStep = 0.5 }));
    for (int step = 0; step < 100; ++step) {
        drill.step();
    }
    EXPECT_EQ(pool.counters().bytes[toIndex(Category::Data)], 50 * kMiB);
    EXPECT_EQ(drill.status().heldBytes, 50 * kMiB);
    drill.stop();
    EXPECT_EQ(pool.active(), 0);
    EXPECT_FALSE(drill.status().active);
}

TEST(LeakDrill, ShapeAndBeginningAreReadBesideCategoryAndRate)
{
    const auto drill = parseDrill("data:0.5:bursty@600");
    ASSERT_TRUE(drill);
    EXPECT_EQ(drill->who, "data");
    EXPECT_EQ(drill->mbPerStep, 0.5);
    EXPECT_EQ(drill->shape, DrillShape::Bursty);
    EXPECT_EQ(drill->afterSteps, 600);
    EXPECT_EQ(parseDrill("data:0.5")->shape, DrillShape::Constant);
    EXPECT_EQ(parseDrill("data:2@30")->afterSteps, 30);
    for (const char* bad : { "data", "data:", "data:1:weekly", "data:1@", "data:1@-3", "data:1@x", "tea:1", ":1", "data:0", "data:1e9" }) {
        EXPECT_FALSE(parseDrill(bad)) << bad;
    }
}

TEST(LeakDrill, ItWaitsForTheStepItBeginsAfter)
{
    TensorPool pool;
    LeakDrill drill(pool);
    ASSERT_TRUE(drill.start({ .who = "data", .mbPerStep = 1, .afterSteps = 10 }));
    for (int step = 0; step < 10; ++step) {
        drill.step();
    }
    EXPECT_EQ(pool.active(), 0);
    drill.step();
    EXPECT_EQ(pool.active(), kMiB);
    drill.stop();
}

TEST(LeakDrill, BurstsComeEveryTwentySteps)
{
    TensorPool pool;
    LeakDrill drill(pool);
    ASSERT_TRUE(drill.start({ .who = "history", .mbPerStep = 2, .shape = DrillShape::Bursty }));
    for (int step = 0; step < 39; ++step) {
        drill.step();
    }
    EXPECT_EQ(drill.status().heldBytes, 40 * kMiB);
    drill.step();
    EXPECT_EQ(drill.status().heldBytes, 80 * kMiB);
    drill.stop();
}

TEST(LeakDrill, AnIntermittentLeakKeepsItsMeanRate)
{
    TensorPool pool;
    LeakDrill drill(pool);
    ASSERT_TRUE(drill.start({ .who = "weights", .mbPerStep = 0.25, .shape = DrillShape::Intermittent }));
    for (int step = 0; step < 1000; ++step) {
        drill.step();
    }
    EXPECT_NEAR(toMiB(drill.status().heldBytes), 250, 30);
    drill.stop();
}

TEST(LeakDrill, AnUntrackedLeakDoesNotTouchThePool)
{
    TensorPool pool;
    LeakDrill drill(pool);
    ASSERT_TRUE(drill.start({ .who = "untracked", .mbPerStep = 1 }));
    drill.step();
    EXPECT_EQ(drill.status().heldBytes, kMiB);
    EXPECT_EQ(pool.active(), 0);
}

TEST(LeakDrill, WhereThePoolRefusesItStopsGrowing)
{
    TensorPool pool({ .budgetBytes = 10 * kMiB });
    LeakDrill drill(pool);
    ASSERT_TRUE(drill.start({ .who = "activations", .mbPerStep = 2 }));
    for (int step = 0; step < 50; ++step) {
        drill.step();
    }
    EXPECT_EQ(drill.status().heldBytes, 10 * kMiB);
    drill.dropHeld();
    EXPECT_TRUE(drill.status().active);
    drill.step();
    EXPECT_EQ(drill.status().heldBytes, 2 * kMiB);
    drill.stop();
}

TEST(LeakDrill, ItsTextNamesACategoryAndARate)
{
    const Result<Drill> drill = parseDrill("activations:4");
    ASSERT_TRUE(drill.hasValue());
    EXPECT_EQ(drill->who, "activations");
    EXPECT_DOUBLE_EQ(drill->mbPerStep, 4);
    for (const std::string_view bad : { "", "activations", "activation:4", "weights:", "weights:-1", "weights:nan", "data:99999" }) {
        ASSERT_FALSE(parseDrill(bad).hasValue()) << bad;
        EXPECT_EQ(parseDrill(bad).error().code, ErrorCode::Usage);
    }
}

} // namespace
} // namespace dubito::memory
