// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/Look.h"

#include <gtest/gtest.h>

namespace dubito::ui {
namespace {

using health::HealthState;

std::vector<health::ModuleHealth> rows(int healthy, int degraded, int idle)
{
    std::vector<health::ModuleHealth> made;
    const auto add = [&made](int count, HealthState state) {
        for (int i = 0; i < count; ++i) {
            made.push_back({ Module::Train, state, "", std::chrono::milliseconds(0), 0, 0 });
        }
    };
    add(healthy, HealthState::Healthy);
    add(degraded, HealthState::Degraded);
    add(idle, HealthState::Idle);
    return made;
}

TEST(Look, EveryStateHasAShapeOfItsOwnAndAWord)
{
    for (int i = 0; i < 5; ++i) {
        const Look one = lookOf(static_cast<HealthState>(i));
        EXPECT_NE(one.symbol, Symbol::None);
        EXPECT_FALSE(one.word.isEmpty());
        for (int j = 0; j < i; ++j) {
            EXPECT_NE(one.symbol, lookOf(static_cast<HealthState>(j)).symbol);
        }
    }
}

TEST(Look, TheScoreLeavesIdleModulesOut)
{
    const HealthScore score = scoreOf(rows(11, 1, 1));
    EXPECT_EQ(score.healthy, 11);
    EXPECT_EQ(score.judged, 12);
}

TEST(Look, TheScoreIsGreenFromEightyAndAmberFromFifty)
{
    EXPECT_EQ(lookOf(scoreOf(rows(8, 2, 0))).tone, Tone::Healthy);
    EXPECT_EQ(lookOf(scoreOf(rows(7, 3, 0))).tone, Tone::Warn);
    EXPECT_EQ(lookOf(scoreOf(rows(5, 5, 0))).tone, Tone::Warn);
    EXPECT_EQ(lookOf(scoreOf(rows(4, 6, 0))).tone, Tone::Failed);
    EXPECT_EQ(lookOf(scoreOf(rows(0, 0, 13))).tone, Tone::Quiet);
}

TEST(Look, ActAndFailAreCrossesAndWarnIsATriangle)
{
    EXPECT_EQ(lookOf(session::EventKind::Act).symbol, Symbol::Cross);
    EXPECT_EQ(lookOf(session::EventKind::Fail).symbol, Symbol::Cross);
    EXPECT_EQ(lookOf(session::EventKind::Warn).symbol, Symbol::Warn);
    EXPECT_EQ(lookOf(session::EventKind::Reload).symbol, Symbol::Diamond);
}

} // namespace
} // namespace dubito::ui
