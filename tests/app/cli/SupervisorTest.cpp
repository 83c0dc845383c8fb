// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/Supervisor.h"

#include "tests/app/SmallRun.h"
#include "tests/support/Process.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace dubito::app {
namespace {

using Words = std::vector<std::string>;

/// "dubito supervise" over a program that is ill as the test wants it, with looks every 10 ms.
class SupervisorTest : public testing::Test {
protected:
    Words words(const Words& limits, const std::string& illness) const
    {
        Words all { "supervise", "--interval", "0.01", "--wait", "0.01", "--grace", "20", "--events", events(), "--leak-mb-per-minute",
            "0" };
        all.insert(all.end(), limits.begin(), limits.end());
        all.insert(all.end(), { "--", DUBITO_WARD, illness, count() });
        return all;
    }

    int run(const Words& limits, const std::string& illness)
    {
        Process process(DUBITO_PROGRAM, words(limits, illness));
        EXPECT_TRUE(process.wait()) << process.err();
        m_out = process.out();
        m_err = process.err();
        return process.exitCode();
    }

    std::string events() const { return m_folder.path() / "events.jsonl"; }
    std::string count() const { return m_folder.path() / "count"; }

    /// What the program wrote last: how often it began, or "well".
    std::string starts() const
    {
        std::string word;
        std::ifstream(count()) >> word;
        return word;
    }

    /// "start exit restart:leak start exit finish": kinds, with the cause where it matters.
    std::string story() const
    {
        std::string text;
        std::ifstream in(events());
        for (std::string line; std::getline(in, line);) {
            const auto event = nlohmann::json::parse(line);
            const std::string kind = event.at("kind");
            text += (text.empty() ? "" : " ") + kind;
            if (kind == "restart" || kind == "act" || kind == "give_up") {
                text += ":" + event.at("cause").get<std::string>();
            }
        }
        return text;
    }

    TemporaryFolder m_folder;
    std::string m_out;
    std::string m_err;
};

TEST_F(SupervisorTest, TheExitCodeOfACommandThatEndsByItselfIsItsOwn)
{
    EXPECT_EQ(run({}, "die"), 7);
    EXPECT_EQ(starts(), "1");
    EXPECT_EQ(story(), "start exit finish");
}

TEST_F(SupervisorTest, ACrashIsNoReasonToBeginAnew)
{
    EXPECT_EQ(run({}, "abort"), 128 + SIGABRT);
    EXPECT_EQ(starts(), "1");
}

TEST_F(SupervisorTest, ACommandThatAsksForItIsBegunAnew)
{
    EXPECT_EQ(run({}, "ask"), 0);
    EXPECT_EQ(starts(), "2");
    EXPECT_EQ(story(), "start exit restart:asked start exit finish");
}

TEST_F(SupervisorTest, TheBudgetEndsACommandThatAsksForEver)
{
    EXPECT_EQ(run({ "--per-hour", "3" }, "ask always"), 4);
    EXPECT_EQ(starts(), "4");
    EXPECT_TRUE(story().ends_with("give_up:asked")) << story();
}

TEST_F(SupervisorTest, WithoutProgressThereIsNoSecondRestart)
{
    EXPECT_EQ(run({ "--progress", m_folder.path() / "never-written" }, "ask always"), 4);
    EXPECT_EQ(starts(), "2");
    EXPECT_NE(m_err.find("made no progress"), std::string::npos) << m_err;
}

TEST_F(SupervisorTest, ALeakIsFoundFromOutsideAndCuredByANewProcess)
{
    EXPECT_EQ(run({ "--leak-mb-per-minute", "1000" }, "leak"), 0) << m_err;
    EXPECT_EQ(starts(), "well");
    EXPECT_NE(story().find("act:leak exit restart:leak start"), std::string::npos) << story();
}

TEST_F(SupervisorTest, PassingTheLimitIsAnsweredToo)
{
    EXPECT_EQ(run({ "--limit-gb", "0.2" }, "large"), 0);
    EXPECT_EQ(starts(), "well");
    EXPECT_EQ(story(), "start act:limit exit restart:limit start exit finish");
}

TEST_F(SupervisorTest, TheMemoryOfItsChildrenCountsAndTheyDoNotOutliveIt)
{
    EXPECT_EQ(run({ "--limit-gb", "0.2" }, "child"), 0);
    EXPECT_EQ(starts(), "well");
}

TEST_F(SupervisorTest, WhoDoesNotEndIsKilled)
{
    EXPECT_EQ(run({ "--limit-gb", "0.2", "--grace", "0.2" }, "stubborn"), 0);
    EXPECT_EQ(starts(), "well");
    EXPECT_EQ(story(), "start act:limit kill exit restart:limit start exit finish");
}

TEST_F(SupervisorTest, TheCommandIsToldThatItIsSupervised)
{
    EXPECT_EQ(run({}, "told"), 0);
    EXPECT_EQ(m_out, "1\n");
}

TEST_F(SupervisorTest, SignalsArePassedOnAndEndBoth)
{
    Process process(DUBITO_PROGRAM, words({}, "wait"));
    ASSERT_TRUE(process.waitUntil([&] { return process.out() == "ready\n"; })) << process.err();
    process.signal(SIGTERM);
    ASSERT_TRUE(process.wait());
    EXPECT_EQ(process.exitCode(), 75);
    EXPECT_EQ(story(), "start signal exit finish");
}

TEST_F(SupervisorTest, ACommandThatIsNotThereIsAUsageError)
{
    Process process(DUBITO_PROGRAM, { "supervise", "--", "/no/such/program" });
    ASSERT_TRUE(process.wait());
    EXPECT_EQ(process.exitCode(), 2);
    EXPECT_NE(process.err().find("/no/such/program: the command cannot be executed"), std::string::npos) << process.err();
}

TEST_F(SupervisorTest, ARunOfOursGoesOnInItsFolderAndItsLossIsThatOfAnUndisturbedOne)
{
    const SmallRun undisturbed;
    undisturbed.trainExpecting(0, { "--steps", "400" });
    const SmallRun run;
    Words all { "supervise", "--wait", "0.01", "--leak-mb-per-minute", "0", "--", DUBITO_PROGRAM };
    const auto training = run.train({ "--drill", "untracked:4", "--steps", "400" });
    all.insert(all.end(), training.begin(), training.end());
    Process process(DUBITO_PROGRAM, all);
    ASSERT_TRUE(process.wait());
    // What plain malloc holds no reload gives back: the run asks for a fresh process.
    EXPECT_NE(process.err().find("supervise: restart: it asked for a fresh process"), std::string::npos) << process.err();
    EXPECT_FALSE(run.events("resume").empty());
    const auto curve = run.crossEntropies();
    auto expected = undisturbed.crossEntropies();
    ASSERT_GT(curve.size(), 100U);
    expected.resize(curve.size());
    EXPECT_EQ(curve, expected);
    EXPECT_TRUE(std::filesystem::exists(run.output() / "supervise.jsonl"));
}

} // namespace
} // namespace dubito::app
