// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/common/Console.h"

#include "tests/app/SmallRun.h"

#include <array>
#include <fstream>

namespace dubito::app {
namespace {

class ConsoleTest : public testing::Test {
protected:
    /// A training, started by the shell in such a way: there "$0" "$@" is the command.
    void trainBy(const std::string& script) const
    {
        SmallRun::Words words { "-c", script, DUBITO_PROGRAM };
        const auto arguments = m_run.train({});
        words.insert(words.end(), arguments.begin(), arguments.end());
        Process shell("/bin/sh", words);
        ASSERT_TRUE(shell.wait());
        ASSERT_EQ(shell.exitCode(), 0) << shell.err();
    }

    SmallRun m_run;
};

TEST_F(ConsoleTest, ATrainingGoesOnWhenNobodyReadsWhatItSays)
{
    const auto code = m_run.folder().path() / "code";
    trainBy("{ \"$0\" \"$@\" 2>&1; echo $? > " + code.string() + "; } | head -n 1 > /dev/null");
    std::string said;
    std::getline(std::ifstream(code), said);
    EXPECT_EQ(said, "0");
    EXPECT_EQ(m_run.metricsLines(), 60U);
}

TEST_F(ConsoleTest, ATrainingNeedsNoStreams)
{
    trainBy("exec \"$0\" \"$@\" <&- >&- 2>&-");
    EXPECT_EQ(m_run.metrics().size(), 60U) << "what is said must not stand in a file of the run";
    EXPECT_FALSE(m_run.events("finish").empty());
}

TEST_F(ConsoleTest, ATrainingGoesOnWhenItsLogIsFull)
{
    trainBy("exec \"$0\" \"$@\" 2> /dev/full");
    EXPECT_EQ(m_run.metricsLines(), 60U);
}

TEST(Console, WhatIsSaidIsWritten)
{
    std::array<char, 64> text {};
    std::FILE* stream = ::fmemopen(text.data(), text.size(), "w");
    say(stream, "{} of {}", 1, 2);
    std::fclose(stream);
    EXPECT_STREQ(text.data(), "1 of 2");
}

} // namespace
} // namespace dubito::app
