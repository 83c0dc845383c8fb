// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/Heartbeat.h"

#include "tests/support/TemporaryFolder.h"

#include <gtest/gtest.h>

namespace dubito::session {
namespace {

Vitals atStep(std::int64_t step)
{
    Vitals vitals;
    vitals.boot = "a-boot";
    vitals.state = "running";
    vitals.step = step;
    vitals.totalSteps = 500;
    vitals.resident = 1 << 30;
    vitals.oomKills = { .inGroup = 2, .onMachine = 3, .group = "/a/group" };
    return vitals;
}

TEST(Heartbeat, WhatItWroteLastIsReadBack)
{
    const TemporaryFolder folder;
    Heartbeat heartbeat;
    heartbeat.beat(atStep(1));
    EXPECT_FALSE(std::filesystem::exists(heartbeatFile(folder.path()))) << "not before it is opened";
    ASSERT_TRUE(heartbeat.open(folder.path()));
    heartbeat.beat(atStep(41));
    heartbeat.beat(atStep(42));
    const auto vitals = readHeartbeat(folder.path());
    ASSERT_TRUE(vitals) << toText(vitals.error());
    EXPECT_EQ(vitals->step, 42);
    EXPECT_EQ(vitals->oomKills, (memory::OomKills { .inGroup = 2, .onMachine = 3, .group = "/a/group" }));
    EXPECT_EQ(vitals->ending, train::Ending::None);
    EXPECT_EQ(vitals->process, ::getpid());
}

TEST(Heartbeat, TheFileNeverGrows)
{
    const TemporaryFolder folder;
    Heartbeat heartbeat;
    ASSERT_TRUE(heartbeat.open(folder.path()));
    Vitals talkative = atStep(1);
    talkative.activity = talkative.leak = talkative.problem = std::string(5000, '\x01');
    for (int i = 0; i < 3; ++i) {
        heartbeat.beat(talkative);
        EXPECT_EQ(std::filesystem::file_size(heartbeatFile(folder.path())), 4096U);
    }
    EXPECT_TRUE(readHeartbeat(folder.path()));
}

TEST(Heartbeat, NothingFollowsTheLastBeat)
{
    const TemporaryFolder folder;
    Heartbeat heartbeat;
    ASSERT_TRUE(heartbeat.open(folder.path()));
    Vitals last = atStep(7);
    last.ending = train::Ending::Stopped;
    heartbeat.beat(last);
    EXPECT_FALSE(heartbeat.isBeating());
    heartbeat.beat(atStep(8));
    EXPECT_EQ(readHeartbeat(folder.path())->step, 7);
    EXPECT_EQ(readHeartbeat(folder.path())->ending, train::Ending::Stopped);
}

TEST(Heartbeat, StopSignalsAreCountedAtOnce)
{
    const TemporaryFolder folder;
    Heartbeat heartbeat;
    ASSERT_TRUE(heartbeat.open(folder.path()));
    heartbeat.beat(atStep(7));
    heartbeat.noteSignal(15);
    heartbeat.noteSignal(2);
    const auto vitals = readHeartbeat(folder.path());
    EXPECT_EQ(vitals->stopSignals, 2);
    EXPECT_EQ(vitals->lastSignal, 2);
}

TEST(Heartbeat, AForeignFileIsRefusedWithItsName)
{
    const TemporaryFolder folder;
    EXPECT_EQ(readHeartbeat(folder.path()).error().code, ErrorCode::NotFound);
    for (const char* text : { "", "{", "[1]", "\xff\xfe", "{\"crash_signal\": 0}" }) {
        folder.write("heartbeat.json", text);
        EXPECT_EQ(readHeartbeat(folder.path()).error().code, ErrorCode::Data) << text;
    }
    folder.write("heartbeat.json", R"({"state": "running", "step": "x", "level": 99, "ending": -3, "wall": 1e300})");
    const auto vitals = readHeartbeat(folder.path());
    ASSERT_TRUE(vitals);
    EXPECT_EQ(vitals->level, memory::Level::Normal);
    EXPECT_EQ(vitals->step, 0);
}

} // namespace
} // namespace dubito::session
