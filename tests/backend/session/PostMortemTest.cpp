// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/PostMortem.h"

#include "backend/base/Text.h"
#include "backend/session/Heartbeat.h"
#include "tests/support/TemporaryFolder.h"

#include <gtest/gtest.h>

#include <functional>

namespace dubito::session {
namespace {

/// A run that left a heartbeat, on a machine whose files the test writes.
class PostMortemTest : public testing::Test {
protected:
    PostMortemTest()
    {
        m_last.boot = "boot-1";
        m_last.state = "running";
        m_last.step = 812;
        m_last.totalSteps = 5000;
        m_last.resident = 2 * kGiB;
        m_last.available = 8 * kGiB;
        m_last.limit = 24 * kGiB;
        m_last.oomKills.onMachine = 3;
        setMachine("boot-1", 3);
    }

    void setMachine(const std::string& boot, int kills)
    {
        m_machine.write("proc/sys/kernel/random/boot_id", boot + "\n");
        m_machine.write("proc/vmstat", "oom_kill " + std::to_string(kills) + "\n");
    }

    void write() const
    {
        Heartbeat heartbeat;
        ASSERT_TRUE(heartbeat.open(m_run.path()));
        for (int i = 0; i < m_stopSignals; ++i) {
            heartbeat.noteSignal(15);
        }
        heartbeat.beat(m_last);
    }

    std::optional<PostMortem> explain() const
    {
        write();
        return explainEnd(m_run.path(), m_machine.path());
    }

    static bool mentions(const PostMortem& told, const std::string& words)
    {
        return toText(told).find(words) != std::string::npos;
    }

    TemporaryFolder m_run;
    TemporaryFolder m_machine;
    Vitals m_last;
    int m_stopSignals = 0;
};

TEST_F(PostMortemTest, AnEndAsItShouldBeNeedsNoExplanation)
{
    EXPECT_FALSE(explainEnd(m_run.path(), m_machine.path())) << "no heartbeat";
    for (const auto ending : { train::Ending::Done, train::Ending::Stopped, train::Ending::RestartWanted }) {
        m_last.ending = ending;
        EXPECT_FALSE(explain());
    }
}

TEST_F(PostMortemTest, TheKernelsCountTellsAnOutOfMemoryKill)
{
    setMachine("boot-1", 4);
    const auto told = explain();
    ASSERT_TRUE(told);
    EXPECT_EQ(told->death, Death::OutOfMemory);
    EXPECT_FALSE(told->isCertain) << "it may have struck another process";
    EXPECT_EQ(told->headline, "Very likely ended by the out-of-memory killer after step 812 of 5,000");
    EXPECT_TRUE(mentions(*told, "The kernel counts 1 out-of-memory kill on this machine"));
    EXPECT_TRUE(mentions(*told, "It held 2.00 GiB; 8.00 GiB were left to it.")) << toText(*told);
}

TEST_F(PostMortemTest, OneWithoutACountIsSuspectedWhereMemoryWasShort)
{
    m_last.available = kGiB / 2;
    EXPECT_EQ(explain()->death, Death::OutOfMemory);
    m_last.available = 8 * kGiB;
    EXPECT_EQ(explain()->death, Death::Killed);
    m_last.level = memory::Level::Critical;
    EXPECT_EQ(explain()->death, Death::OutOfMemory);
}

TEST_F(PostMortemTest, AMachineThatWentDownIsToldFromAKill)
{
    setMachine("boot-2", 0);
    EXPECT_EQ(explain()->death, Death::MachineRestarted);
}

TEST_F(PostMortemTest, ASecondSignalIsToldFromAFirst)
{
    m_stopSignals = 1;
    const auto first = explain();
    EXPECT_EQ(first->death, Death::Killed);
    EXPECT_TRUE(mentions(*first, "SIGTERM had asked it to stop"));
    m_stopSignals = 2;
    EXPECT_EQ(explain()->death, Death::AtOnce);
}

TEST_F(PostMortemTest, TheMessageOfAFailureIsItsEvidence)
{
    m_last.ending = train::Ending::Failed;
    m_last.problem = "step 812: the loss is not a number";
    const auto told = explain();
    EXPECT_EQ(told->death, Death::Failed);
    EXPECT_EQ(told->evidence.front(), m_last.problem);
    m_last.ending = train::Ending::StoppedForMemory;
    EXPECT_EQ(explain()->death, Death::ShortOfMemory);
}

TEST_F(PostMortemTest, ACrashNoteInTheFirstBytesIsRead)
{
    write();
    {
        std::fstream file(heartbeatFile(m_run.path()), std::ios::in | std::ios::out | std::ios::binary);
        file.seekp(16);
        file << "11";
    }
    const auto told = explainEnd(m_run.path(), m_machine.path());
    ASSERT_TRUE(told);
    EXPECT_EQ(told->death, Death::Crashed);
    EXPECT_TRUE(mentions(*told, "SIGSEGV ended it."));
}

TEST_F(PostMortemTest, ItSaysWhatIsLost)
{
    EXPECT_EQ(explain()->savedStep, -1);
    EXPECT_TRUE(mentions(*explain(), "There is no checkpoint"));
    std::filesystem::create_directories(m_run.path() / "checkpoint-800");
    EXPECT_EQ(explain()->savedStep, 800);
    EXPECT_TRUE(mentions(*explain(), "12 steps are trained again"));
}

TEST_F(PostMortemTest, TheLastWholeLineOfTheCurveIsNewerThanTheLastSignOfLife)
{
    m_run.write("metrics.jsonl", "{\"step\": 819, \"ce\": 4}\n{\"step\":820,\"ce\":4}\n{\"step\":82");
    const auto told = explain();
    ASSERT_TRUE(told);
    EXPECT_EQ(told->step, 820);
    EXPECT_TRUE(mentions(*told, "after step 820 of 5,000")) << toText(*told);
    for (const char* nonsense : { "", "\n", "{\"step\":\n", "{\"step\":-7}\n", "{\"step\":\"x\"}\n" }) {
        m_run.write("metrics.jsonl", nonsense);
        EXPECT_EQ(explain()->step, 812) << nonsense;
    }
}

TEST_F(PostMortemTest, TheNewestRunIsExplained)
{
    const TemporaryFolder runs;
    for (const char* name : { "a", "b" }) {
        std::filesystem::create_directories(runs.path() / name);
        Heartbeat heartbeat;
        ASSERT_TRUE(heartbeat.open(runs.path() / name));
        heartbeat.beat(m_last);
    }
    const auto longAgo = std::filesystem::file_time_type::clock::now() - std::chrono::hours(1);
    std::filesystem::last_write_time(heartbeatFile(runs.path() / "b"), longAgo);
    const auto told = explainNewestEnd(runs.path(), m_machine.path());
    ASSERT_TRUE(told);
    EXPECT_EQ(told->runName, "a");
    EXPECT_FALSE(explainNewestEnd(runs.path() / "nowhere", m_machine.path()));
}

TEST_F(PostMortemTest, AStartThatWasRefusedHidesNoRunThatDied)
{
    const TemporaryFolder runs;
    const auto leave = [&](const char* name, const Vitals& vitals, std::chrono::minutes ago) {
        std::filesystem::create_directories(runs.path() / name);
        {
            Heartbeat heartbeat;
            ASSERT_TRUE(heartbeat.open(runs.path() / name));
            heartbeat.beat(vitals);
        }
        std::filesystem::last_write_time(
            heartbeatFile(runs.path() / name), std::filesystem::file_time_type::clock::now() - ago);
    };
    Vitals refused = m_last;
    refused.ending = train::Ending::Failed;
    refused.step = 0;
    refused.problem = "holds no document";
    leave("refused", refused, std::chrono::minutes(1));
    EXPECT_FALSE(explainNewestEnd(runs.path(), m_machine.path())) << "it has said so then and there";
    leave("died", m_last, std::chrono::minutes(5));
    const auto told = explainNewestEnd(runs.path(), m_machine.path());
    ASSERT_TRUE(told);
    EXPECT_EQ(told->runName, "died");
    EXPECT_TRUE(explainEnd(runs.path() / "refused", m_machine.path())) << "who asks for it by name is told";
}

} // namespace
} // namespace dubito::session
