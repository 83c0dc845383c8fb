// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/EventLog.h"

#include "tests/support/ManualClock.h"
#include "tests/support/TemporaryFolder.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <csignal>
#include <fstream>
#include <sys/resource.h>
#include <sys/stat.h>

namespace dubito::session {
namespace {

Event eventOf(EventKind kind, std::int64_t step, std::string text = "said")
{
    Event event;
    event.kind = kind;
    event.step = step;
    event.time = std::chrono::milliseconds(1500);
    event.cause = "user";
    event.text = std::move(text);
    event.numbers = { { "before_mb", 900.5 }, { "after_mb", 300 }, { "seconds", 2.25 } };
    return event;
}

std::vector<Event> read(const std::filesystem::path& path)
{
    std::vector<Event> events;
    EXPECT_TRUE(readEvents(path, [&](Event event) { events.push_back(std::move(event)); }));
    return events;
}

TEST(EventLog, ALineHasTheFieldsOfTheDocumentation)
{
    const auto json = nlohmann::json::parse(toJson(eventOf(EventKind::BatchReduced, 7)));
    EXPECT_EQ(json["step"], 7);
    EXPECT_EQ(json["time"], 1.5);
    EXPECT_EQ(json["kind"], "batch_reduced");
    EXPECT_EQ(json["cause"], "user");
    EXPECT_EQ(json["before_mb"], 900.5);
    EXPECT_EQ(json["after_mb"], 300);
    EXPECT_EQ(json["seconds"], 2.25);
    EXPECT_EQ(json["message"], "said");
    Event bare;
    EXPECT_TRUE(nlohmann::json::parse(toJson(bare))["before_mb"].is_null());
}

TEST(EventLog, EveryKindReadsBack)
{
    for (std::size_t i = 0; i < kEventKindCount; ++i) {
        const auto event = eventOf(static_cast<EventKind>(i), 3, "with \"quotes\" and\na line break, ⚠️");
        const auto back = parseEvent(toJson(event));
        ASSERT_TRUE(back);
        EXPECT_EQ(*back, event);
    }
}

TEST(EventLog, ALineThatIsNoEventIsAnError)
{
    for (const char* line : { "", "nonsense", "[]", "{}", R"({"step":1,"time":0,"kind":"dance"})",
             R"({"step":"x","time":0,"kind":"stop"})", R"({"step":1,"kind":"stop"})" }) {
        EXPECT_FALSE(parseEvent(line)) << line;
    }
}

TEST(EventLog, AbsurdNumbersInAFileAreTakenWithoutHarm)
{
    const auto event
        = parseEvent(R"({"step":1e300,"time":-1e300,"kind":"stop","wall":1e300,"a":1,"b":2,"c":3,"d":4,"e":5,"f":6,"g":7,"h":8,"i":9})");
    ASSERT_TRUE(event);
    EXPECT_GT(event->step, 0);
    EXPECT_EQ(event->numbers.size(), 8U);
}

TEST(EventLog, GivesIdsAndTheTimeOfDay)
{
    ManualClock clock;
    EventLog log(clock);
    EXPECT_EQ(log.newestId(), 0U);
    EXPECT_EQ(log.add(eventOf(EventKind::Start, 0)), 1U);
    clock.advance(std::chrono::seconds(5));
    EXPECT_EQ(log.add(eventOf(EventKind::Stop, 9)), 2U);
    const auto events = log.newest();
    ASSERT_EQ(events.size(), 2U);
    EXPECT_EQ(events[1].id, 2U);
    EXPECT_EQ(events[1].wall - events[0].wall, std::chrono::seconds(5));
}

TEST(EventLog, RemembersTheNewestAndWritesAll)
{
    const TemporaryFolder folder;
    const ManualClock clock;
    EventLog log(clock);
    ASSERT_TRUE(log.openFile(folder.path() / "events.jsonl"));
    for (std::int64_t step = 1; step <= 600; ++step) {
        log.add(eventOf(EventKind::Checkpoint, step));
    }
    EXPECT_EQ(log.newest().size(), EventLog::kRemembered);
    EXPECT_EQ(log.newest().front().step, 89);
    EXPECT_EQ(read(folder.path() / "events.jsonl").size(), 600U);
}

TEST(EventLog, AResumedRunRemembersWhatWasAndGoesOnBehindIt)
{
    const TemporaryFolder folder;
    const ManualClock clock;
    {
        EventLog first(clock);
        ASSERT_TRUE(first.openFile(folder.path() / "events.jsonl"));
        first.add(eventOf(EventKind::Start, 0));
    }
    EventLog second(clock);
    ASSERT_TRUE(second.openFile(folder.path() / "events.jsonl"));
    ASSERT_EQ(second.newest().size(), 1U);
    EXPECT_TRUE(second.newest().front().isEarlier);
    EXPECT_EQ(second.add(eventOf(EventKind::Resume, 5)), 2U);
    EXPECT_EQ(read(folder.path() / "events.jsonl").size(), 2U);
}

TEST(EventLog, AnEventAfterATornLineIsNotGluedToIt)
{
    const TemporaryFolder folder;
    const ManualClock clock;
    const auto path = folder.write("events.jsonl", toJson(eventOf(EventKind::Start, 0)) + R"({"step":4,"ti)");
    EventLog log(clock);
    ASSERT_TRUE(log.openFile(path));
    EXPECT_EQ(log.newest().size(), 1U) << "half a line is no event";
    log.add(eventOf(EventKind::Resume, 4));
    const auto events = read(path);
    ASSERT_EQ(events.size(), 2U);
    EXPECT_EQ(events[1].kind, EventKind::Resume);
}

TEST(EventLog, OfALongRunOnlyTheEndIsReadAndRemembered)
{
    const TemporaryFolder folder;
    const ManualClock clock;
    std::string lines;
    for (std::int64_t step = 1; step <= 30'000; ++step) {
        lines += toJson(eventOf(EventKind::Checkpoint, step, std::string(100, 'x')));
    }
    const auto path = folder.write("events.jsonl", lines);
    ASSERT_GT(lines.size(), std::size_t { 5 } << 20) << "more than is read at a resume";
    EventLog log(clock);
    ASSERT_TRUE(log.openFile(path));
    ASSERT_EQ(log.newest().size(), EventLog::kRemembered);
    EXPECT_EQ(log.newest().front().step, 30'000 - 511);
    EXPECT_EQ(log.newestId(), EventLog::kRemembered) << "older ones have no id";
}

TEST(EventLog, ALineLongerThanAnyEventIsPassedOver)
{
    const TemporaryFolder folder;
    const ManualClock clock;
    const auto path = folder.write("events.jsonl",
        toJson(eventOf(EventKind::Start, 0)) + toJson(eventOf(EventKind::Alert, 1, std::string(200'000, 'x')))
            + toJson(eventOf(EventKind::Stop, 2)));
    EXPECT_EQ(read(path).size(), 2U);
    EventLog log(clock);
    ASSERT_TRUE(log.openFile(path));
    EXPECT_EQ(log.newest().size(), 2U);
}

/// Lets the process use so much of a resource while it lives.
class Limited {
public:
    Limited(__rlimit_resource what, rlim_t atMost) : m_what(what)
    {
        ::getrlimit(m_what, &m_before);
        const rlimit limit { atMost, m_before.rlim_max };
        ::setrlimit(m_what, &limit);
    }
    ~Limited() { ::setrlimit(m_what, &m_before); }

private:
    __rlimit_resource m_what;
    rlimit m_before {};
};

TEST(EventLog, WhatKeepsItFromWritingIsNamed)
{
    const TemporaryFolder folder;
    const ManualClock clock;
    EventLog log(clock);
    const auto absent = log.openFile(folder.path() / "nowhere/events.jsonl");
    ASSERT_FALSE(absent);
    EXPECT_NE(absent.error().message.find("No such file"), std::string::npos) << absent.error().message;
    const Limited noFiles(RLIMIT_NOFILE, 0);
    const auto refused = log.openFile(folder.path() / "events.jsonl");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::Output);
    EXPECT_NE(refused.error().message.find("ulimit -n"), std::string::npos) << refused.error().message;
}

TEST(EventLog, APipeThatNobodyReadsIsRefusedAndNotWaitedFor)
{
    const TemporaryFolder folder;
    const ManualClock clock;
    const auto path = folder.path() / "events.jsonl";
    ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
    EventLog log(clock);
    EXPECT_FALSE(log.openFile(path));
    EXPECT_FALSE(readEvents(path, [](const Event&) {}));
}

TEST(EventLog, ALineThatAFullDiskCutsDoesNotSpoilTheNext)
{
    std::signal(SIGXFSZ, SIG_IGN);
    const TemporaryFolder folder;
    const ManualClock clock;
    const auto path = folder.path() / "events.jsonl";
    EventLog log(clock);
    ASSERT_TRUE(log.openFile(path));
    log.add(eventOf(EventKind::Start, 0));
    {
        const Limited full(RLIMIT_FSIZE, std::filesystem::file_size(path) + 20);
        log.add(eventOf(EventKind::Alert, 1));
    }
    EXPECT_EQ(log.failedWrites(), 1U);
    log.add(eventOf(EventKind::Stop, 2));
    const auto events = read(path);
    ASSERT_EQ(events.size(), 2U);
    EXPECT_EQ(events.back().kind, EventKind::Stop);
}

TEST(EventLog, AFileThatSomebodyRemovedIsWrittenAgainFromWhatIsRemembered)
{
    const TemporaryFolder folder;
    const ManualClock clock;
    const auto path = folder.path() / "events.jsonl";
    EventLog log(clock);
    EXPECT_TRUE(log.restoreFile()) << "without a file there is nothing to do";
    ASSERT_TRUE(log.openFile(path));
    log.add(eventOf(EventKind::Start, 0));
    log.add(eventOf(EventKind::Reload, 5));
    ASSERT_TRUE(log.restoreFile());
    EXPECT_EQ(read(path).size(), 2U) << "it was in its place";
    std::filesystem::remove(path);
    ASSERT_TRUE(log.restoreFile());
    log.add(eventOf(EventKind::Stop, 9));
    const auto events = read(path);
    ASSERT_EQ(events.size(), 3U);
    EXPECT_EQ(events[1].kind, EventKind::Reload);
}

TEST(EventLog, AClosedFileGetsNoMoreLinesAndAClearedLogGoesOnWithItsIds)
{
    const TemporaryFolder folder;
    const ManualClock clock;
    EventLog log(clock);
    ASSERT_TRUE(log.openFile(folder.path() / "events.jsonl"));
    log.add(eventOf(EventKind::Start, 0));
    log.closeFile();
    log.clear();
    EXPECT_TRUE(log.newest().empty());
    EXPECT_EQ(log.add(eventOf(EventKind::Start, 0)), 2U);
    EXPECT_EQ(read(folder.path() / "events.jsonl").size(), 1U);
}

TEST(EventLog, ADiskThatRefusesIsCountedAndTheEventIsStillKnown)
{
    const TemporaryFolder folder;
    const ManualClock clock;
    EventLog log(clock);
    EXPECT_FALSE(log.openFile(folder.path() / "missing" / "events.jsonl"));
    ASSERT_TRUE(log.openFile(folder.path() / "sub.jsonl"));
    std::filesystem::remove(folder.path() / "sub.jsonl");
    std::filesystem::create_directory(folder.path() / "sub.jsonl");
    log.add(eventOf(EventKind::Start, 0));
    EXPECT_EQ(log.failedWrites(), 1U);
    EXPECT_EQ(log.newest().size(), 1U);
}

} // namespace
} // namespace dubito::session
