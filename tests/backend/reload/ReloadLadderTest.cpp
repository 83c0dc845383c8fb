// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/reload/ReloadLadder.h"

#include "backend/base/Text.h"
#include "backend/log/Log.h"
#include "tests/support/FakeProbe.h"
#include "tests/support/ManualClock.h"

#include <gtest/gtest.h>

#include <functional>
#include <vector>

namespace dubito::reload {
namespace {

using namespace std::chrono_literals;

/// A model that is nothing but a number of resident bytes, and a block of the pool that may be forgotten.
class FakeSite final : public Reloadable {
public:
    FakeSite(memory::FakeProbe& probe, ManualClock& clock) : m_probe(probe), m_clock(clock) { }

    Result<std::string> save() override
    {
        calls.emplace_back("save");
        m_clock.advance(2s);
        return saved;
    }
    void tearDown() override
    {
        calls.emplace_back("tearDown");
        if (!forgetsItsBlock) {
            block = Block();
        }
        m_probe.processMemory.resident = emptyBytes;
    }
    Result<void> rebuild() override
    {
        calls.emplace_back("rebuild");
        m_probe.processMemory.resident = rebuiltBytes;
        return rebuilt;
    }

    std::vector<std::string> calls;
    Result<std::string> saved = std::string("checkpoint-7");
    Result<void> rebuilt;
    std::int64_t emptyBytes = 100 * kMiB;
    std::int64_t rebuiltBytes = 300 * kMiB;
    bool forgetsItsBlock = false;
    Block block;

private:
    memory::FakeProbe& m_probe;
    ManualClock& m_clock;
};

class ReloadLadderTest : public testing::Test {
protected:
    ReloadLadderTest() { m_probe.processMemory = { 900 * kMiB, 0 }; }

    ReloadReport climb(ReloadCause cause, std::int64_t reliefBytes = 0)
    {
        return m_ladder.climb({ .cause = cause,
                                  .baselineEmpty = 100 * kMiB,
                                  .baselineLoaded = 300 * kMiB,
                                  .reliefBytes = reliefBytes },
            m_site);
    }

    ManualClock m_clock;
    memory::FakeProbe m_probe;
    memory::TensorPool m_pool;
    std::vector<Rung> m_rungs;
    ReloadLadder m_ladder { m_pool, m_probe, m_clock, [this](Rung rung, const auto&) { m_rungs.push_back(rung); } };
    FakeSite m_site { m_probe, m_clock };
};

TEST_F(ReloadLadderTest, AReloadThatBringsTheMemoryBackIsOk)
{
    const auto report = climb(ReloadCause::Manual);
    EXPECT_EQ(report.outcome, Outcome::Ok);
    EXPECT_EQ(m_site.calls, (std::vector<std::string> { "save", "tearDown", "rebuild" }));
    EXPECT_EQ(report.beforeBytes, 900 * kMiB);
    EXPECT_EQ(report.emptyBytes, 100 * kMiB);
    EXPECT_EQ(report.afterBytes, 300 * kMiB);
    EXPECT_EQ(report.recoveredBytes(), 600 * kMiB);
    EXPECT_EQ(report.seconds, 2.0);
    EXPECT_FALSE(report.problem);
}

TEST_F(ReloadLadderTest, TheRungsAreClimbedInOrderAndLeftAtRest)
{
    climb(ReloadCause::Manual);
    EXPECT_EQ(m_rungs,
        (std::vector { Rung::Relieve, Rung::Measure, Rung::Checkpoint, Rung::Reload, Rung::Verify, Rung::Rest }));
}

TEST_F(ReloadLadderTest, EveryEdgeIsLoggedWithCauseBytesAndSeconds)
{
    const log::Log quiet { { .level = log::LogLevel::Info, .console = log::Console::Off, .tailLines = 100 } };
    climb(ReloadCause::Emergency);
    std::vector<std::string> lines;
    for (const auto& line : quiet.tail().newest(100)) {
        lines.push_back(line.text);
    }
    ASSERT_EQ(lines.size(), 5U);
    EXPECT_EQ(lines[0], "emergency reload: relieve → measure; gave back 0 KiB; 900 MiB → 900 MiB, 0.0 MiB recovered, 0.000 s");
    EXPECT_EQ(lines[1], "emergency reload: measure → checkpoint; 900 MiB left; 900 MiB → 900 MiB, 0.0 MiB recovered, 0.000 s");
    EXPECT_EQ(lines[2], "emergency reload: checkpoint → reload; checkpoint-7; 900 MiB → 900 MiB, 0.0 MiB recovered, 2.000 s");
    EXPECT_EQ(lines[3],
        "emergency reload: reload → verify; 100 MiB without a model; 900 MiB → 100 MiB, 800.0 MiB recovered, 0.000 s");
    EXPECT_EQ(lines[4], "emergency reload: verify → rest: OK; 300 MiB now, within the 332 MiB allowed; 900 MiB → 300 MiB, "
                        "600.0 MiB recovered, 0.000 s");
}

TEST_F(ReloadLadderTest, EveryRungSaysWhatItFound)
{
    const auto report = climb(ReloadCause::Manual);
    EXPECT_EQ(report.notes[static_cast<std::size_t>(Rung::Relieve)], "gave back 0 KiB");
    EXPECT_EQ(report.notes[static_cast<std::size_t>(Rung::Measure)], "900 MiB left");
    EXPECT_EQ(report.notes[static_cast<std::size_t>(Rung::Checkpoint)], "checkpoint-7");
    EXPECT_EQ(report.notes[static_cast<std::size_t>(Rung::Reload)], "100 MiB without a model");
    EXPECT_EQ(report.notes[static_cast<std::size_t>(Rung::Verify)], "300 MiB now, within the 332 MiB allowed");
}

TEST_F(ReloadLadderTest, AReliefThatIsEnoughSparesAnUnplannedReload)
{
    const auto report = climb(ReloadCause::Threshold, 950 * kMiB);
    EXPECT_EQ(report.outcome, Outcome::Relieved);
    EXPECT_TRUE(m_site.calls.empty());
    EXPECT_EQ(m_rungs.back(), Rung::Rest);
}

TEST_F(ReloadLadderTest, APlannedReloadIsDoneWhateverTheReliefGaveBack)
{
    EXPECT_EQ(climb(ReloadCause::Manual, 950 * kMiB).outcome, Outcome::Ok);
    m_probe.processMemory.resident = 900 * kMiB;
    EXPECT_EQ(climb(ReloadCause::Interval, 950 * kMiB).outcome, Outcome::Ok);
}

TEST_F(ReloadLadderTest, MemoryThatStaysAboveTheBaselineIsRetained)
{
    m_site.rebuiltBytes = 333 * kMiB;
    const auto report = climb(ReloadCause::Emergency);
    EXPECT_EQ(report.outcome, Outcome::Retained);
    EXPECT_EQ(report.notes[static_cast<std::size_t>(Rung::Verify)], "333 MiB now, above the 332 MiB allowed");
}

TEST_F(ReloadLadderTest, MemoryThatStaysWithoutAModelIsRetainedEvenIfTheModelFitsInIt)
{
    m_site.emptyBytes = 133 * kMiB;
    const auto report = climb(ReloadCause::Emergency);
    EXPECT_EQ(report.outcome, Outcome::Retained);
    EXPECT_NE(report.notes[static_cast<std::size_t>(Rung::Verify)].find("133 MiB without a model"), std::string::npos)
        << report.notes[static_cast<std::size_t>(Rung::Verify)];
}

TEST_F(ReloadLadderTest, BlocksOfTheOldModelAreNamedByTheLineThatTookThem)
{
    auto block = m_pool.allocate(3 * kMiB, Category::Activations);
    ASSERT_TRUE(block);
    m_site.block = std::move(*block);
    m_site.forgetsItsBlock = true;
    const auto report = climb(ReloadCause::Manual);
    const auto& note = report.notes[static_cast<std::size_t>(Rung::Reload)];
    EXPECT_NE(note.find("1 block"), std::string::npos) << note;
    EXPECT_NE(note.find("ReloadLadderTest.cpp"), std::string::npos) << note;
    ASSERT_EQ(report.outlived.largest.size(), 1U);
    EXPECT_EQ(report.outlived.largest[0].count, 1);
    EXPECT_EQ(report.outlived.largest[0].bytes, 3 * kMiB);
}

TEST_F(ReloadLadderTest, ASaveThatFailsGivesUpWithTheModelUntouched)
{
    m_site.saved = Error { ErrorCode::Output, "no space left", "checkpoint-7" };
    const auto report = climb(ReloadCause::Emergency);
    EXPECT_EQ(report.outcome, Outcome::GaveUp);
    ASSERT_TRUE(report.problem);
    EXPECT_EQ(report.problem->message, "no space left");
    EXPECT_EQ(m_site.calls, std::vector<std::string> { "save" });
    EXPECT_EQ(m_rungs.back(), Rung::Rest);
}

TEST_F(ReloadLadderTest, ARebuildThatFailsGivesUpAndSaysWhy)
{
    m_site.rebuilt = Error { ErrorCode::Model, "the checkpoint is damaged", "checkpoint-7" };
    const auto report = climb(ReloadCause::Manual);
    EXPECT_EQ(report.outcome, Outcome::GaveUp);
    ASSERT_TRUE(report.problem);
    EXPECT_EQ(report.problem->message, "the checkpoint is damaged");
    EXPECT_EQ(m_rungs.back(), Rung::Rest);
}

TEST_F(ReloadLadderTest, PagesOfMappedFilesAreNoMemoryThatMustComeBack)
{
    m_probe.processMemory = { 900 * kMiB, 600 * kMiB };
    EXPECT_EQ(m_ladder.measure(), 300 * kMiB);
    m_probe.processMemory = { 900 * kMiB, -1 };
    EXPECT_EQ(m_ladder.measure(), 900 * kMiB) << "where the machine does not tell, all counts";
}

TEST_F(ReloadLadderTest, ARelieveGivesTheCacheOfThePoolBack)
{
    { const auto block = m_pool.allocate(8 * kMiB, Category::Activations); }
    ASSERT_GT(m_pool.cache(), 0);
    m_ladder.relieve();
    EXPECT_EQ(m_pool.cache(), 0);
}

TEST(ReloadLadder, TwoPercentOrThirtyTwoMebibytesAreTolerated)
{
    EXPECT_EQ(ReloadLadder::tolerated(0), 32 * kMiB);
    EXPECT_EQ(ReloadLadder::tolerated(1600 * kMiB), 1632 * kMiB);
    EXPECT_EQ(ReloadLadder::tolerated(10000 * kMiB), 10200 * kMiB);
}

} // namespace
} // namespace dubito::reload
