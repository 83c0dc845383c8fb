// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/SnapshotReader.h"

#include "backend/config/ConfigLayers.h"
#include "tests/support/ManualClock.h"

#include <gtest/gtest.h>

namespace dubito::session {
namespace {

using metrics::Metric;

struct SnapshotReaderTest : testing::Test {
    void addStep(std::int64_t step)
    {
        boards.metrics.update([&](metrics::MetricBoard& board) {
            board.add(Metric::CrossEntropy, { step, std::chrono::milliseconds(step), 3.0 });
        });
        boards.run.update([&](train::RunStatus& run) { run.step = step; });
    }

    void addEvent(std::string text)
    {
        Event event;
        event.text = std::move(text);
        boards.events.add(std::move(event));
    }

    void addLine(std::string text)
    {
        log::LogLine line;
        line.text = std::move(text);
        log.add(std::move(line));
    }

    ManualClock clock;
    config::ConfigStore store { config::layerConfig({}) };
    RunBoards boards { clock, store, std::chrono::seconds(60) };
    log::LogTail log;
    SnapshotReader reader { boards, &log };
    Snapshot kept;
};

TEST_F(SnapshotReaderTest, AKeptSnapshotShowsWhatAFreshOneDoes)
{
    for (std::int64_t step = 1; step < 3000; ++step) {
        addStep(step);
        if (step % 700 == 0) {
            addEvent("an event");
            addLine("a line");
            reader.readInto(kept);
        }
    }
    boards.documents.update([](DocumentPage& page) { page.documents.resize(3); });
    reader.readInto(kept);
    Snapshot fresh;
    reader.readInto(fresh);
    EXPECT_EQ(kept.series, fresh.series);
    EXPECT_EQ(kept.events, fresh.events);
    EXPECT_EQ(kept.log, fresh.log);
    EXPECT_EQ(kept.documents, fresh.documents);
    EXPECT_EQ(kept.run, fresh.run);
    EXPECT_EQ(kept.config.revision, fresh.config.revision);
    EXPECT_EQ(kept.config.origins, fresh.config.origins);
    EXPECT_EQ(kept.revision, fresh.revision);
}

TEST_F(SnapshotReaderTest, LookingOftenTakesNoMemoryForTheHistories)
{
    addStep(1);
    reader.readInto(kept);
    const auto* samples = kept.series.front().latest.data();
    for (std::int64_t step = 2; step < 3000; ++step) {
        addStep(step);
    }
    reader.readInto(kept);
    EXPECT_EQ(kept.series.front().latest.size(), metrics::kMaxLatest);
    EXPECT_EQ(kept.series.front().latest.data(), samples);
}

TEST_F(SnapshotReaderTest, AnotherRunLeavesNothingOfTheOneBefore)
{
    addStep(1);
    addEvent("an event of the first run");
    reader.readInto(kept);
    boards.metrics.update([](metrics::MetricBoard& board) { board.clear(); });
    boards.events.clear();
    reader.readInto(kept);
    EXPECT_TRUE(kept.series.empty());
    EXPECT_TRUE(kept.events.empty());
}

TEST_F(SnapshotReaderTest, TheRevisionGrowsWithEveryChangeAndOnlyThen)
{
    reader.readInto(kept);
    const auto first = kept.revision;
    reader.readInto(kept);
    EXPECT_EQ(kept.revision, first);
    addLine("a line");
    reader.readInto(kept);
    EXPECT_EQ(kept.revision, first + 1);
    boards.health.degrade(Module::Data, "14 lines skipped");
    reader.readInto(kept);
    EXPECT_EQ(kept.revision, first + 2);
}

} // namespace
} // namespace dubito::session
