// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/memory/PhaseBaselines.h"

#include "backend/base/Text.h"

#include <gtest/gtest.h>

namespace dubito::memory {
namespace {

PhaseBaselines learned()
{
    PhaseBaselines baselines;
    for (int i = 0; i < 50; ++i) {
        EXPECT_FALSE(baselines.look(Phase::Training, 400 * kMiB));
    }
    for (int i = 0; i < 3; ++i) {
        EXPECT_FALSE(baselines.look(Phase::Evaluating, 900 * kMiB));
    }
    return baselines;
}

TEST(PhaseBaselines, EachPhaseIsJudgedAgainstItself)
{
    auto baselines = learned();
    EXPECT_FALSE(baselines.look(Phase::Evaluating, 1000 * kMiB)) << "usual for an evaluation";
    const auto said = baselines.look(Phase::Training, 1000 * kMiB);
    ASSERT_TRUE(said) << "and not for a training step";
    EXPECT_NE(said->find("training needs 1000 MiB"), std::string::npos) << *said;
    EXPECT_EQ(baselines.uses()[1].usual, 400 * kMiB);
    EXPECT_EQ(baselines.uses()[1].unusual, (400 + 100 + 64) * kMiB);
}

TEST(PhaseBaselines, SpeaksAtTheEdgeAndAgainOnlyAfterItCameDown)
{
    auto baselines = learned();
    EXPECT_TRUE(baselines.look(Phase::Training, 600 * kMiB));
    EXPECT_FALSE(baselines.look(Phase::Training, 700 * kMiB));
    EXPECT_FALSE(baselines.look(Phase::Training, 560 * kMiB)) << "within the hysteresis";
    EXPECT_FALSE(baselines.look(Phase::Training, 600 * kMiB));
    EXPECT_FALSE(baselines.look(Phase::Training, 400 * kMiB));
    EXPECT_TRUE(baselines.look(Phase::Training, 600 * kMiB));
}

TEST(PhaseBaselines, NothingIsUnusualWhileItLearns)
{
    PhaseBaselines baselines;
    for (int i = 1; i <= 50; ++i) {
        EXPECT_FALSE(baselines.look(Phase::Training, i * 100 * kMiB));
    }
    baselines.restart();
    EXPECT_EQ(baselines.uses()[1], PhaseUse {});
}

} // namespace
} // namespace dubito::memory
