// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/Guardian.h"

#include "tests/support/FakeProbe.h"
#include "tests/support/RunStage.h"

#include <gtest/gtest.h>

namespace dubito::session {
namespace {

class GuardianTest : public testing::Test {
protected:
    GuardianTest() { m_probe.processMemory = { 500 * kMiB, 100 * kMiB }; }

    Watched look(Guardian& guardian)
    {
        ++m_step;
        return guardian.look(m_step, std::chrono::milliseconds(m_step * 10), 100);
    }

    std::size_t count(EventKind kind) const
    {
        const auto events = m_stage.boards.events.newest();
        return static_cast<std::size_t>(std::ranges::count(events, kind, &Event::kind));
    }

    SmallRun m_small;
    RunStage m_stage { m_small };
    memory::FakeProbe m_probe;
    memory::TensorPool m_pool;
    std::int64_t m_step = 0;
};

TEST_F(GuardianTest, ASampleSaysWhereTheMemoryIs)
{
    const auto block = m_pool.allocate(static_cast<std::size_t>(8 * kMiB), Category::Weights);
    ASSERT_TRUE(block);
    TallyEntry data(m_stage.boards.tally, Category::Data);
    data.set(16 * kMiB);
    Guardian guardian(m_stage.boards, m_pool, m_probe, m_small.config());
    const auto watched = look(guardian);
    EXPECT_EQ(watched.anonymousBytes, 400 * kMiB);
    const auto status = m_stage.boards.memory.copy();
    EXPECT_EQ(status.latest.resident, 500 * kMiB);
    EXPECT_EQ(status.latest.active, 8 * kMiB);
    EXPECT_EQ(status.bytesByCategory[toIndex(Category::Weights)], 8 * kMiB);
    EXPECT_EQ(status.bytesByCategory[toIndex(Category::Data)], 16 * kMiB);
    EXPECT_EQ(status.latest.untracked, 400 * kMiB - m_pool.counters().mapped - 16 * kMiB - metrics::MetricBoard::fullBytes());
    EXPECT_EQ(m_stage.boards.health.rows()[toIndex(Module::Memory)].state, health::HealthState::Healthy);
}

TEST_F(GuardianTest, ASteadyRunIsNeverSuspected)
{
    Guardian guardian(m_stage.boards, m_pool, m_probe, m_small.config());
    for (int i = 0; i < 400; ++i) {
        EXPECT_EQ(look(guardian).leak, memory::Decision::None);
    }
    EXPECT_EQ(m_stage.boards.events.newestId(), 0U);
}

TEST_F(GuardianTest, ADrillIsFoundNamedAndAnnouncedOnce)
{
    Guardian guardian(m_stage.boards, m_pool, m_probe, m_small.config());
    memory::Drill drill;
    drill.active = true;
    drill.who = "activations";
    drill.mbPerStep = 4;
    ASSERT_TRUE(guardian.startDrill(drill));
    const std::int64_t before = m_probe.processMemory.resident;
    Watched watched;
    for (int i = 0; i < 500 && watched.leak != memory::Decision::Act; ++i) {
        m_probe.processMemory.resident = before + m_pool.counters().mapped;
        watched = look(guardian);
    }
    EXPECT_EQ(watched.leak, memory::Decision::Act);
    EXPECT_EQ(count(EventKind::Act), 1U);
    EXPECT_EQ(m_stage.boards.events.newest().back().cause, "activations");
    EXPECT_EQ(m_stage.boards.health.rows()[toIndex(Module::Memory)].state, health::HealthState::Degraded);
    look(guardian);
    EXPECT_EQ(count(EventKind::Act), 1U);
    guardian.stopDrill();
    EXPECT_EQ(m_pool.active(), 0);
}

TEST_F(GuardianTest, AnUnknownDrillIsRefused)
{
    Guardian guardian(m_stage.boards, m_pool, m_probe, m_small.config());
    memory::Drill drill;
    drill.who = "tea";
    EXPECT_FALSE(guardian.startDrill(drill));
}

TEST_F(GuardianTest, ALevelThatIsEnteredIsAnEvent)
{
    m_small.set("memory.budget_gb", "1");
    Guardian guardian(m_stage.boards, m_pool, m_probe, m_small.config());
    look(guardian);
    m_probe.processMemory = { 950 * kMiB, 0 };
    Watched watched;
    for (int i = 0; i < 5 && watched.level != memory::Level::Critical; ++i) {
        watched = look(guardian);
    }
    EXPECT_EQ(watched.level, memory::Level::Critical);
    EXPECT_FALSE(watched.isOverBudget);
    EXPECT_GE(count(EventKind::Alert), 1U);
    m_probe.processMemory = { 1100 * kMiB, 0 };
    EXPECT_TRUE(look(guardian).isOverBudget);
    guardian.noteFresh(1000 * kMiB);
    EXPECT_FALSE(look(guardian).isOverBudget) << "no reload could keep this budget";
}

TEST_F(GuardianTest, WhatTheMachineHasLeftIsSeenWithoutAStep)
{
    Guardian guardian(m_stage.boards, m_pool, m_probe, m_small.config());
    EXPECT_EQ(guardian.lookAtMachine(), memory::Pressure::None);
    m_probe.machineMemory.available = 3 * kGiB;
    EXPECT_EQ(guardian.lookAtMachine(), memory::Pressure::Pause);
    EXPECT_FALSE(guardian.pressureReason().empty());
    m_probe.machineMemory.available = kGiB;
    EXPECT_EQ(guardian.lookAtMachine(), memory::Pressure::Abort);
    EXPECT_EQ(m_stage.boards.memory.copy().latest.available, kGiB);
}

TEST_F(GuardianTest, ALiveConfigurationMovesTheLimits)
{
    Guardian guardian(m_stage.boards, m_pool, m_probe, m_small.config());
    m_small.set("memory.budget_gb", "2").set("memory.cache_limit_gb", "0.5");
    guardian.configure(m_small.config());
    EXPECT_EQ(m_pool.limits().budgetBytes, 2 * kGiB);
    EXPECT_EQ(m_pool.limits().cacheBytes, kGiB / 2);
    EXPECT_EQ(guardian.status().limits.budget, 2 * kGiB);
}

} // namespace
} // namespace dubito::session
