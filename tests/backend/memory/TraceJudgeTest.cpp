// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/memory/TraceJudge.h"

#include "tests/support/TemporaryFolder.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace dubito::memory {
namespace {

namespace fs = std::filesystem;

/// A row of the table that labels the recorded traces.
struct Labelled {
    fs::path file;
    double leak = 0;
    std::int64_t steps = 0;
    std::int64_t onset = -1;
    std::int64_t end = -1;
    std::int64_t reload = -1;
};

std::vector<Labelled> labelledTraces()
{
    const fs::path folder = fs::path(DUBITO_SOURCE_DIR) / "tests/data/traces";
    std::ifstream in(folder / "index.csv");
    std::string line;
    std::getline(in, line);
    std::vector<Labelled> traces;
    while (std::getline(in, line)) {
        std::istringstream fields(line);
        std::vector<std::string> parts;
        for (std::string part; std::getline(fields, part, ',');) {
            parts.push_back(part);
        }
        traces.push_back({ folder / parts.at(0), std::stod(parts.at(4)), std::stoll(parts.at(3)), std::stoll(parts.at(5)),
            std::stoll(parts.at(6)), std::stoll(parts.at(7)) });
    }
    return traces;
}

/// What the published rules count for one trace and one kind of alarm.
struct Score {
    int falseAlarms = 0;
    std::int64_t delay = -1; ///< -1: not found
};

Score scoreOf(const Labelled& trace, const TraceVerdict& verdict, Decision decision)
{
    Score score;
    const bool isClean = trace.onset < 0;
    const std::int64_t from = std::max<std::int64_t>(trace.onset, 100);
    for (const TraceAlarm& alarm : verdict.alarms) {
        const bool isAfterReload = trace.reload >= 0 && alarm.step >= trace.reload && alarm.step < trace.reload + 100;
        if (alarm.decision != decision || alarm.step < 100 || isAfterReload) {
            continue;
        }
        const bool isLate = trace.end >= 0 && alarm.step > trace.end + 500;
        if (isClean || alarm.step < trace.onset || isLate) {
            ++score.falseAlarms;
        } else if (score.delay < 0) {
            score.delay = alarm.step - from;
        }
    }
    return score;
}

TraceVerdict judged(const Labelled& trace)
{
    const Result<LeakTrace> rows = readLeakTrace(trace.file, "rss_mb");
    EXPECT_TRUE(rows.hasValue()) << trace.file;
    TraceWishes wishes;
    if (trace.reload >= 0) {
        wishes.reloadAt = trace.reload;
    }
    return judgeTrace(*rows, wishes);
}

TEST(TraceJudge, OnTheRecordedTracesItMeetsTheTargets)
{
    const std::vector<Labelled> traces = labelledTraces();
    ASSERT_FALSE(traces.empty());
    int falseWarns = 0;
    int falseActs = 0;
    std::vector<std::int64_t> delays;
    for (const Labelled& trace : traces) {
        const TraceVerdict verdict = judged(trace);
        const Score warn = scoreOf(trace, verdict, Decision::Warn);
        const Score act = scoreOf(trace, verdict, Decision::Act);
        falseWarns += warn.falseAlarms;
        falseActs += act.falseAlarms;
        if (trace.leak > 0) {
            EXPECT_GE(warn.delay, 0) << "no warning on " << trace.file;
        }
        if (trace.leak >= 1) {
            EXPECT_GE(act.delay, 0) << "not acted upon " << trace.file;
            delays.push_back(act.delay);
        }
    }
    EXPECT_EQ(falseActs, 0);
    EXPECT_LE(falseWarns, 5);
    std::ranges::sort(delays);
    ASSERT_FALSE(delays.empty());
    EXPECT_LE((delays[(delays.size() - 1) / 2] + delays[delays.size() / 2]) / 2, 115);
}

TEST(TraceJudge, TheEstimateOfASteadyLeakIsWithinItsInterval)
{
    LeakTrace trace;
    for (std::int64_t step = 0; step < 2000; ++step) {
        trace.rows.push_back({ step, 800 + static_cast<double>(step * 37 % 11) + (step > 500 ? 0.7 * static_cast<double>(step - 500) : 0) });
    }
    const TraceVerdict verdict = judgeTrace(trace, {});
    EXPECT_LE(verdict.growth.low, 0.7);
    EXPECT_GE(verdict.growth.high, 0.7);
    EXPECT_NEAR(verdict.growth.mbPerStep, 0.7, 0.05);
}

TEST(TraceJudge, ATraceWithARowForEveryTenthStepGivesTheSameSlope)
{
    LeakTrace trace;
    for (std::int64_t row = 0; row < 1500; ++row) {
        trace.rows.push_back({ row * 10, 800 + static_cast<double>(row) * 3 });
    }
    const TraceVerdict verdict = judgeTrace(trace, {});
    EXPECT_NEAR(verdict.growth.mbPerStep, 0.3, 0.001);
    EXPECT_EQ(std::ranges::count(verdict.alarms, Decision::Act, &TraceAlarm::decision), 0);
    EXPECT_GT(std::ranges::count(verdict.alarms, Decision::Warn, &TraceAlarm::decision), 0);
}

TEST(TraceJudge, AlarmsOfOneKindAreAtLeastTwoHundredStepsApart)
{
    LeakTrace trace;
    for (std::int64_t step = 0; step < 3000; ++step) {
        trace.rows.push_back({ step, 500 + 2.0 * static_cast<double>(step) });
    }
    std::int64_t last = -1000;
    for (const TraceAlarm& alarm : judgeTrace(trace, {}).alarms) {
        if (alarm.decision == Decision::Act) {
            EXPECT_GE(alarm.step - last, 200);
            last = alarm.step;
        }
    }
    EXPECT_GT(last, 2700);
}

TEST(TraceJudge, WarmUpAfterAReloadIsNotHeldAgainstIt)
{
    LeakTrace trace;
    for (std::int64_t step = 0; step < 2000; ++step) {
        const double since = static_cast<double>(step % 1000);
        trace.rows.push_back({ step, 300 + 600 * (1 - std::exp(-since / 15)) });
    }
    EXPECT_TRUE(judgeTrace(trace, { .levels = {}, .reloadAt = 1000, .limitMb = {} }).alarms.empty());
}

TEST(TraceJudge, OnlyAGivenLimitBringsItsRules)
{
    LeakTrace trace;
    for (std::int64_t step = 0; step < 3000; ++step) {
        trace.rows.push_back({ step, 500 + 0.2 * static_cast<double>(step) });
    }
    const auto acts = [](const TraceVerdict& verdict) {
        return std::ranges::count(verdict.alarms, Decision::Act, &TraceAlarm::decision);
    };
    EXPECT_EQ(acts(judgeTrace(trace, {})), 0);
    EXPECT_FALSE(judgeTrace(trace, {}).toLimit.steps.has_value());
    const TraceVerdict limited = judgeTrace(trace, { .levels = {}, .reloadAt = {}, .limitMb = 900 });
    EXPECT_GT(acts(limited), 0);
    EXPECT_TRUE(limited.toLimit.steps.has_value());
}

TEST(TraceJudge, ItsLinesAreJson)
{
    const TraceAlarm alarm { .step = 939, .decision = Decision::Act, .growth = { 1.11728, 1, 1.201, 0.9 }, .reason = {} };
    const auto line = nlohmann::json::parse(toJson(alarm));
    EXPECT_EQ(line.at("step"), 939);
    EXPECT_EQ(line.at("decision"), "act");
    EXPECT_DOUBLE_EQ(line.at("mb_per_step").get<double>(), 1.1173);
    EXPECT_FALSE(line.contains("summary"));
    const auto summary = nlohmann::json::parse(toJson(TraceVerdict {}));
    EXPECT_EQ(summary.at("summary"), true);
    EXPECT_EQ(summary.at("decision"), "none");
    EXPECT_TRUE(summary.at("steps_to_limit").is_null());
}

/// Reads a text as a trace; the error's sentence with its place, or "".
std::string complaintAbout(std::string_view text, std::string_view column = "rss_mb")
{
    const TemporaryFolder folder;
    const Result<LeakTrace> trace = readLeakTrace(folder.write("trace.csv", text), column);
    return trace ? "" : toText(trace.error());
}

TEST(TraceJudge, ColumnsAreFoundByNameInAnyOrder)
{
    EXPECT_EQ(complaintAbout("rss_mb,step\n1.5,0\n2,1\n"), "");
    EXPECT_EQ(complaintAbout("\xEF\xBB\xBFstep,\"rss_mb\"\r\n0,1\r\n\r\n1,2\r\n"), "");
    EXPECT_EQ(complaintAbout("step,ce,tensor_mb\n0,3.2,100\n", "tensor_mb"), "");
    EXPECT_NE(complaintAbout("step,mb\n0,1\n").find("no column \"rss_mb\""), std::string::npos);
    EXPECT_NE(complaintAbout("rss_mb\n1\n").find("no column \"step\""), std::string::npos);
}

TEST(TraceJudge, ABadLineIsNamedWithItsNumber)
{
    EXPECT_NE(complaintAbout("step,rss_mb\n0,1\n1,many\n").find("trace.csv:3: \"many\" is not a size"), std::string::npos);
    EXPECT_NE(complaintAbout("step,rss_mb\n0,1\n1\n").find("trace.csv:3"), std::string::npos);
    EXPECT_NE(complaintAbout("step,rss_mb\n0,nan\n").find("trace.csv:2"), std::string::npos);
    EXPECT_NE(complaintAbout("step,rss_mb\n-1,5\n").find("trace.csv:2"), std::string::npos);
    EXPECT_NE(complaintAbout("step,rss_mb\n5,1\n5,1\n").find("steps must rise"), std::string::npos);
    EXPECT_NE(complaintAbout("step,rss_mb\n0," + std::string(100000, '1') + "\n").find("longer than"), std::string::npos);
}

TEST(TraceJudge, AnEmptyFileOrNoFileIsASentence)
{
    EXPECT_NE(complaintAbout("").find("empty"), std::string::npos);
    EXPECT_NE(complaintAbout("step,rss_mb\n").find("no row"), std::string::npos);
    EXPECT_EQ(readLeakTrace("/nowhere/at/all.csv", "rss_mb").error().code, ErrorCode::NotFound);
    EXPECT_EQ(readLeakTrace("/", "rss_mb").error().code, ErrorCode::NotFound);
}

} // namespace
} // namespace dubito::memory
