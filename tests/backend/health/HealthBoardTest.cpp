// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/health/HealthBoard.h"

#include "tests/support/ManualClock.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <span>
#include <utility>

namespace dubito::health {
namespace {

using namespace std::chrono_literals;

class HealthBoardTest : public testing::Test {
protected:
    ModuleHealth rowOf(Module module) const { return m_board.rows()[toIndex(module)]; }
    Score score() const { return scoreOf(m_board.rows()); }

    /// Ten minutes in which every module but `hung` beats, and nothing else is heard of any of them.
    void liveTenMinutes(std::span<const Module> hung = {})
    {
        for (int second = 0; second < 600; second += 5) {
            m_clock.advance(5s);
            for (std::size_t i = 0; i < kModuleCount; ++i) {
                const auto module = static_cast<Module>(i);
                if (std::ranges::find(hung, module) == hung.end()) {
                    m_board.beat(module);
                }
            }
        }
    }

    void beatAll()
    {
        for (std::size_t i = 0; i < kModuleCount; ++i) {
            m_board.beat(static_cast<Module>(i), "well");
        }
    }

    ManualClock m_clock;
    HealthBoard m_board { m_clock, 60s };
};

TEST_F(HealthBoardTest, BeforeAnythingIsHeardAllAreIdleAndTheScoreIsWhole)
{
    const auto rows = m_board.rows();
    ASSERT_EQ(rows.size(), kModuleCount);
    for (std::size_t i = 0; i < kModuleCount; ++i) {
        EXPECT_EQ(rows[i].module, static_cast<Module>(i));
        EXPECT_EQ(rows[i].state, HealthState::Idle);
        EXPECT_LT(rows[i].sinceBeat.count(), 0) << "never heard of";
    }
    EXPECT_EQ(score().counted, 0);
    EXPECT_EQ(score().share, 1.0);
    EXPECT_EQ(score().colour, ScoreColour::Good);
}

TEST_F(HealthBoardTest, ModulesThatPublishNothingStayHealthyAsLongAsTheyBeat)
{
    // The seed systems fell to 69.2 % (9 of 13 spoke) and to 38.5 % (5 of 13 spoke), because they took silence in business
    // for death. Here nobody publishes anything at all.
    beatAll();
    liveTenMinutes();
    EXPECT_EQ(score().healthy, 13);
    EXPECT_EQ(score().share, 1.0);
    EXPECT_EQ(score().colour, ScoreColour::Good);
}

TEST_F(HealthBoardTest, ModulesWithoutWorkThatSaidSoDoNotLowerTheScore)
{
    beatAll();
    for (const Module module : { Module::Data, Module::Tokenizer, Module::Provenance, Module::Reload }) {
        m_board.idle(module, "done");
    }
    m_clock.advance(10min);
    for (std::size_t i = 0; i < kModuleCount; ++i) {
        m_board.beat(static_cast<Module>(i));
    }
    EXPECT_EQ(rowOf(Module::Tokenizer).state, HealthState::Idle) << "a beat does not end a declared rest";
    EXPECT_EQ(score().counted, 9);
    EXPECT_EQ(score().share, 1.0);
}

TEST_F(HealthBoardTest, AHungModuleDropsTheScoreAndSaysWhatItLastDid)
{
    beatAll();
    m_board.beat(Module::Train, "step 4,711");
    const Module hung[] { Module::Train };
    liveTenMinutes(hung);
    const auto row = rowOf(Module::Train);
    EXPECT_EQ(row.state, HealthState::Silent);
    EXPECT_EQ(row.reason, "not heard of for 600 s; last: step 4,711");
    EXPECT_EQ(row.sinceBeat, 600s);
    EXPECT_EQ(score().healthy, 12);
    EXPECT_EQ(score().colour, ScoreColour::Good);
}

TEST_F(HealthBoardTest, TheColourFollowsTheShareOfTheHealthy)
{
    beatAll();
    const Module three[] { Module::Train, Module::Model, Module::Data };
    liveTenMinutes(three);
    EXPECT_EQ(score().healthy, 10);
    EXPECT_EQ(score().colour, ScoreColour::Fair) << "10 of 13 are 76.9 %";
    const Module seven[] { Module::Train, Module::Model, Module::Data, Module::Log, Module::Config, Module::Memory,
        Module::Reload };
    liveTenMinutes(seven);
    EXPECT_EQ(score().healthy, 6);
    EXPECT_EQ(score().colour, ScoreColour::Bad) << "6 of 13 are 46.2 %";
}

TEST_F(HealthBoardTest, FourOfFiveAreGoodAndOneOfTwoIsFair)
{
    const auto scoreOfHealthy = [](std::int64_t healthy, std::int64_t all) {
        std::vector<ModuleHealth> rows(static_cast<std::size_t>(all));
        for (std::size_t i = 0; i < rows.size(); ++i) {
            rows[i].state = static_cast<std::int64_t>(i) < healthy ? HealthState::Healthy : HealthState::Degraded;
        }
        return scoreOf(rows).colour;
    };
    EXPECT_EQ(scoreOfHealthy(4, 5), ScoreColour::Good);
    EXPECT_EQ(scoreOfHealthy(3, 4), ScoreColour::Fair);
    EXPECT_EQ(scoreOfHealthy(1, 2), ScoreColour::Fair);
    EXPECT_EQ(scoreOfHealthy(1, 3), ScoreColour::Bad);
    std::vector<ModuleHealth> rows(9);
    for (ModuleHealth& row : rows) {
        row.state = HealthState::Healthy;
    }
    rows.back().state = HealthState::Failed;
    EXPECT_EQ(scoreOf(rows).colour, ScoreColour::Fair) << "eight of nine, and the ninth has failed";
}

TEST_F(HealthBoardTest, ExactlyAtTheAgeItIsStillHeardAndAMomentLaterNot)
{
    m_board.beat(Module::Train, "well");
    m_clock.advance(60s);
    EXPECT_EQ(rowOf(Module::Train).state, HealthState::Healthy);
    m_clock.advance(1ns);
    EXPECT_EQ(rowOf(Module::Train).state, HealthState::Silent);
    m_board.beat(Module::Train);
    EXPECT_EQ(rowOf(Module::Train).state, HealthState::Healthy);
    EXPECT_EQ(rowOf(Module::Train).reason, "well") << "a bare beat keeps the reason";
}

TEST_F(HealthBoardTest, ADegradedModuleStaysDegradedWhileItBeatsAndGoesSilentWhenNot)
{
    m_board.degrade(Module::Data, "14 of 700 lines skipped");
    m_clock.advance(50s);
    m_board.beat(Module::Data);
    EXPECT_EQ(rowOf(Module::Data).state, HealthState::Degraded);
    EXPECT_EQ(rowOf(Module::Data).reason, "14 of 700 lines skipped");
    m_clock.advance(61s);
    EXPECT_EQ(rowOf(Module::Data).state, HealthState::Silent);
}

TEST_F(HealthBoardTest, AFailureIsNotForgottenByAge)
{
    m_board.fail(Module::Train, "the loss is not a number");
    m_clock.advance(24h);
    EXPECT_EQ(rowOf(Module::Train).state, HealthState::Failed);
    EXPECT_EQ(rowOf(Module::Train).reason, "the loss is not a number");
    m_board.beat(Module::Train, "step 1");
    EXPECT_EQ(rowOf(Module::Train).state, HealthState::Healthy) << "the next run is well again";
}

TEST_F(HealthBoardTest, AnotherAgeIsInForceAtOnce)
{
    m_board.beat(Module::Train, "well");
    m_clock.advance(10s);
    m_board.setStaleAfter(5s);
    EXPECT_EQ(rowOf(Module::Train).state, HealthState::Silent);
}

TEST_F(HealthBoardTest, SizesStandBesideTheStateAndTouchNoBeat)
{
    m_board.beat(Module::Metrics, "31 series");
    m_clock.advance(70s);
    m_board.setSize(Module::Metrics, 2048, 0.25);
    const auto row = rowOf(Module::Metrics);
    EXPECT_EQ(row.bytes, 2048);
    EXPECT_EQ(row.historyFill, 0.25);
    EXPECT_EQ(row.state, HealthState::Silent) << "what it publishes does not count";
}

/// A clock that jumps whenever somebody looks: another thread beats between two looks of ours.
class BusyClock final : public Clock {
public:
    std::chrono::nanoseconds now() const override
    {
        if (onLook) {
            std::exchange(onLook, nullptr)();
        }
        return time;
    }
    std::chrono::system_clock::time_point wall() const override { return {}; }

    mutable std::function<void()> onLook;
    std::chrono::nanoseconds time { 1 };
};

TEST(HealthBoardRace, ABeatWhileTheTableIsReadIsNotTakenForNeverHeardOf)
{
    BusyClock clock;
    HealthBoard board(clock, 60s);
    board.beat(Module::Train, "well");
    // Between the look at the clock and the copy of the table a slow reader loses 2 s, and the module beats.
    clock.onLook = [&] {
        const auto seen = clock.time;
        clock.time += 2s;
        board.beat(Module::Train);
        clock.time = seen;
    };
    EXPECT_GE(board.rows()[toIndex(Module::Train)].sinceBeat.count(), 0);
}

} // namespace
} // namespace dubito::health
