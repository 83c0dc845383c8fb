// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chart/ZoomDetail.h"

#include "backend/metrics/MetricBoard.h"
#include "tests/support/SnapshotBuilder.h"
#include "tests/support/TemporaryFolder.h"
#include "ui/chart/PlotGroup.h"

#include <gtest/gtest.h>

#include <QTest>

namespace dubito::ui::chart {
namespace {

constexpr std::int64_t kSteps = 30'000;
constexpr std::int64_t kPeak = 7'123;

/// A window on a run of many steps with a peak of one, as the histories remember it and as its file says it.
struct ZoomDetailTest : testing::Test {
    ZoomDetailTest()
    {
        dubito::metrics::MetricBoard board;
        std::string text;
        for (std::int64_t step = 1; step <= kSteps; ++step) {
            dubito::metrics::MetricsLine line { step, std::chrono::seconds(step), { { dubito::metrics::Metric::CrossEntropy, step == kPeak ? 50.0 : 2.0 } } };
            text += toJson(line);
            board.add(dubito::metrics::Metric::CrossEntropy, { line.step, line.time, line.values.front().second });
        }
        folder.write("metrics.jsonl", text);
        snapshot = tests::SnapshotBuilder().running(kSteps, kSteps).build();
        snapshot.series = board.series();
        snapshot.run.runFolder = folder.path().string();
        snapshot.revision = 1;
        group.advance(snapshot);
    }

    /// The view comes to rest, is asked for, and what it needs is read.
    bool waitForDetail() { return waitFor(detail); }
    bool waitFor(ZoomDetail& zoomed)
    {
        bool hasArrived = false;
        const auto wanted = QObject::connect(&zoomed, &ZoomDetail::snapshotWanted, &zoomed, [&] { zoomed.refined(snapshot); });
        const auto arrived = QObject::connect(&zoomed, &ZoomDetail::arrived, &zoomed, [&] { hasArrived = true; });
        const bool came = QTest::qWaitFor([&] { return hasArrived; }, 40'000);
        QObject::disconnect(wanted);
        QObject::disconnect(arrived);
        return came;
    }

    const dubito::metrics::Bucket& peakOf(const session::Snapshot& shown) const
    {
        return *std::ranges::max_element(shown.series.front().buckets, {}, &dubito::metrics::Bucket::maximum);
    }

    TemporaryFolder folder;
    session::Snapshot snapshot;
    PlotGroup group;
    ZoomDetail detail { group };
};

TEST_F(ZoomDetailTest, ThePeakOfOneStepIsSeenAtItsStep)
{
    EXPECT_GT(peakOf(snapshot).lastStep, peakOf(snapshot).firstStep) << "folded";
    group.showRange({ 7'000, 7'300 });
    ASSERT_TRUE(waitForDetail());
    const auto& shown = detail.refined(snapshot);
    EXPECT_EQ(peakOf(shown).firstStep, kPeak);
    EXPECT_EQ(peakOf(shown).lastStep, kPeak);
    EXPECT_EQ(shown.series.front().latest, snapshot.series.front().latest);
}

TEST_F(ZoomDetailTest, ItIsSeenAlongTheClockToo)
{
    group.setUnit(XUnit::Time);
    group.showRange({ 7'000, 7'300 });
    ASSERT_TRUE(waitForDetail());
    EXPECT_EQ(peakOf(detail.refined(snapshot)).samples, 1);
}

TEST_F(ZoomDetailTest, TheWholeRunAndItsRawEndNeedNothing)
{
    EXPECT_FALSE(stepsToRead(snapshot.series, group.view(1)));
    EXPECT_EQ(&detail.refined(snapshot), &snapshot);
    EXPECT_FALSE(stepsToRead(snapshot.series, { XUnit::Step, { kSteps - 900, kSteps + 100 }, 1 }));
    EXPECT_FALSE(stepsToRead({}, { XUnit::Step, { 0, 10 }, 1 }));
    const auto some = stepsToRead(snapshot.series, { XUnit::Step, { 7'000, 7'300 }, 1 });
    ASSERT_TRUE(some);
    EXPECT_LE(some->first, 7'000);
    EXPECT_GE(some->last, 7'300);
}

TEST_F(ZoomDetailTest, BackInTheWholeRunTheHistoryIsShown)
{
    group.showRange({ 7'000, 7'300 });
    ASSERT_TRUE(waitForDetail());
    EXPECT_NE(&detail.refined(snapshot), &snapshot);
    group.showWholeRun();
    EXPECT_EQ(&detail.refined(snapshot), &snapshot);
}

TEST_F(ZoomDetailTest, WhatIsTooMuchToReadStaysFoldedAndSaysSoUntilLessIsInView)
{
    // Lines of 600 bytes, so that 12,000 steps are more than is read of a file at once, and 300 with their margins are not.
    std::string text;
    for (std::int64_t step = 1; step <= kSteps; ++step) {
        text += "{\"step\":" + std::to_string(step) + ",\"time\":" + std::to_string(step) + ",\"ce\":" + (step == kPeak ? "50" : "2")
            + std::string(600, ' ') + "}\n";
    }
    folder.write("metrics.jsonl", text);
    ZoomDetail careful(group, nullptr, std::int64_t { 1 } << 20);
    group.showRange({ 3'000, 7'300 });
    ASSERT_TRUE(waitFor(careful)) << "with as much on either side";
    careful.refined(snapshot);
    EXPECT_FALSE(careful.isTooMuch()) << "it tries without";
    group.showRange({ 1'000, 13'000 });
    for (int tries = 0; tries < 2 && !careful.isTooMuch(); ++tries) {
        ASSERT_TRUE(waitFor(careful));
        careful.refined(snapshot);
    }
    EXPECT_TRUE(careful.isTooMuch());
    EXPECT_GT(longestFold(snapshot.series, group.view(1)), 1);
    group.showRange({ 7'000, 7'300 });
    ASSERT_TRUE(waitFor(careful));
    EXPECT_EQ(peakOf(careful.refined(snapshot)).samples, 1);
    EXPECT_FALSE(careful.isTooMuch());
}

TEST_F(ZoomDetailTest, WithoutAFileTheFoldedHistoryStays)
{
    std::filesystem::remove(folder.path() / "metrics.jsonl");
    group.showRange({ 7'000, 7'300 });
    ASSERT_TRUE(waitForDetail());
    EXPECT_EQ(&detail.refined(snapshot), &snapshot);
    snapshot.run.runFolder.clear();
    EXPECT_EQ(&detail.refined(snapshot), &snapshot);
}

} // namespace
} // namespace dubito::ui::chart
