// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/LeakCommand.h"

#include "tests/support/TemporaryFolder.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <sstream>

#include <gtest/gtest.h>

namespace dubito::app {
namespace {

/// A trace that leaks from step 500 on.
std::string traceOf(double leakMbPerStep)
{
    std::ostringstream text;
    text << "step,rss_mb\n";
    for (int step = 0; step < 1500; ++step) {
        text << step << ',' << 700 + step % 5 + (step > 500 ? leakMbPerStep * (step - 500) : 0) << '\n';
    }
    return text.str();
}

struct Judged {
    int exitCode = -1;
    std::vector<nlohmann::json> lines;
    std::string remarks;
};

Judged judged(const std::string& trace, LeakQuestion question)
{
    const TemporaryFolder folder;
    question.file = folder.write("trace.csv", trace);
    std::ostringstream out;
    std::ostringstream remarks;
    Judged answer { .exitCode = judgeLeak(question, out, remarks), .lines = {}, .remarks = remarks.str() };
    std::istringstream in(out.str());
    for (std::string line; std::getline(in, line);) {
        answer.lines.push_back(nlohmann::json::parse(line));
    }
    return answer;
}

TEST(LeakCommand, ALeakGivesAlarmLinesAndLastASummary)
{
    const Judged answer = judged(traceOf(2), {});
    EXPECT_EQ(answer.exitCode, 0);
    ASSERT_GT(answer.lines.size(), 2U);
    for (const auto& line : answer.lines) {
        EXPECT_EQ(line.contains("summary"), line == answer.lines.back());
        EXPECT_TRUE(line.contains("mb_per_step") && line.contains("low") && line.contains("high"));
    }
    EXPECT_EQ(answer.lines.back().at("decision"), "act");
    EXPECT_NE(answer.remarks.find("certain"), std::string::npos);
}

TEST(LeakCommand, TheSentenceClaimsNoMoreThanIsKnown)
{
    const Judged few = judged("step,rss_mb\n1,10\n2,11\n", {});
    EXPECT_EQ(few.remarks, "2 rows: too few to tell a leak from noise\n");
    EXPECT_TRUE(few.lines.back().at("nothing_above").is_null());
    EXPECT_NE(judged(traceOf(0.2), {}).remarks.find("suspected"), std::string::npos);
    LeakQuestion question;
    question.wishes.limitMb = 710; // level, and nearly full
    const Judged full = judged(traceOf(0), question);
    EXPECT_EQ(full.lines.back().at("decision"), "act");
    EXPECT_NE(full.remarks.find("no leak above"), std::string::npos) << full.remarks;
    EXPECT_NE(full.remarks.find("within 5 % of the limit"), std::string::npos) << full.remarks;
}

TEST(LeakCommand, TheExitCodeIsTenOnlyForTheAlarmThatWasAskedFor)
{
    LeakQuestion question;
    question.failOn = memory::Decision::Act;
    EXPECT_EQ(judged(traceOf(2), question).exitCode, 10);
    EXPECT_EQ(judged(traceOf(0.2), question).exitCode, 0);
    question.failOn = memory::Decision::Warn;
    EXPECT_EQ(judged(traceOf(0.2), question).exitCode, 10);
    EXPECT_EQ(judged(traceOf(0), question).exitCode, 0);
}

TEST(LeakCommand, ABadFileIsASentenceAndItsExitCode)
{
    const Judged data = judged("step,rss_mb\n0,lots\n", {});
    EXPECT_EQ(data.exitCode, 3);
    EXPECT_NE(data.remarks.find("trace.csv:2"), std::string::npos);
    EXPECT_EQ(judged("time,rss\n0,1\n", {}).exitCode, 2);
    std::ostringstream out;
    EXPECT_EQ(judgeLeak(LeakQuestion {}, out, out), 3) << "as every file that is not there";
}

TEST(LeakCommand, ItsFlagsAreTaken)
{
    const TemporaryFolder folder;
    const std::string file = folder.write("trace.csv", traceOf(2)).string();
    CLI::App program;
    int exitCode = -1;
    addLeakCommand(program, exitCode);
    testing::internal::CaptureStdout();
    program.parse("leak " + file + " --json --fail-on act --reload-at 400 --limit-mb 9000 --column rss_mb");
    EXPECT_NE(testing::internal::GetCapturedStdout().find("\"summary\": true"), std::string::npos);
    EXPECT_EQ(exitCode, 10);
    EXPECT_THROW(program.parse("leak " + file + " --fail-on maybe"), CLI::ParseError);
}

} // namespace
} // namespace dubito::app
