// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/memory/LeakPlot.h"

#include "backend/metrics/MetricBoard.h"
#include "tests/support/SnapshotBuilder.h"
#include "ui/chart/PlotFrame.h"

#include <gtest/gtest.h>

#include <limits>

namespace {

using namespace dubito;
using namespace dubito::tests;
using namespace dubito::ui::memory;

TEST(LeakPlot, AHealthyRunNamesTheSmallestVisibleLeak)
{
    const auto content = leakContent(SnapshotBuilder().recorded().build());
    EXPECT_EQ(content.note.toStdString(), "smallest visible leak 0.02");
    EXPECT_TRUE(content.alarm.isEmpty());
}

TEST(LeakPlot, TheSmallestVisibleLeakIsSpelledAsInTheAnswerAboveIt)
{
    auto snapshot = SnapshotBuilder().recorded().build();
    snapshot.memory.leak = noLeak(0.26);
    EXPECT_EQ(leakContent(snapshot).note.toStdString(), "smallest visible leak 0.26");
}

TEST(LeakPlot, AnActVerdictSaysWhoAndWhy)
{
    auto snapshot = SnapshotBuilder().recorded().build();
    snapshot.memory.leak = leakOf(Category::Activations, 4);
    const auto content = leakContent(snapshot);
    EXPECT_EQ(content.alarm.toStdString(), "act: activations");
    EXPECT_EQ(content.alarmShape, ui::chart::MarkShape::Square);
    EXPECT_FALSE(content.alarmEvidence.isEmpty());
    snapshot.memory.leak.decision = dubito::memory::Decision::Warn;
    EXPECT_EQ(leakContent(snapshot).alarmShape, ui::chart::MarkShape::Triangle);
}

TEST(LeakPlot, TheThresholdOfTheConfigurationIsAlwaysInView)
{
    auto config = config::Config {};
    config.training.memoryLeakThresholdMb = 2.5;
    const auto content = leakContent(SnapshotBuilder().recorded().config(config).build());
    ASSERT_EQ(content.limits.size(), 1U);
    EXPECT_DOUBLE_EQ(content.limits[0].value, 2.5);
    EXPECT_TRUE(content.limits[0].needsToBeSeen);
}

TEST(LeakPlot, AnUnknownEstimateIsNoError)
{
    const auto content = leakContent(SnapshotBuilder().running(5).build());
    for (const auto& track : content.tracks) {
        EXPECT_FALSE(track.marksNonFinite);
    }
}

/// A run that knows nothing of a leak at first, and nothing from half of it on to five eighths: after a reload.
session::Snapshot runWithGap(std::int64_t steps)
{
    dubito::metrics::MetricBoard board;
    for (std::int64_t step = 1; step <= steps; ++step) {
        const bool isKnown = step > steps / 8 && (step < steps / 2 || step > steps * 5 / 8);
        for (const auto metric : { dubito::metrics::Metric::LeakEstimate, dubito::metrics::Metric::LeakLow, dubito::metrics::Metric::LeakHigh }) {
            const double value = metric == dubito::metrics::Metric::LeakLow ? 0.5 : 1.0;
            board.add(metric, { step, std::chrono::seconds(step), isKnown ? value : std::numeric_limits<double>::quiet_NaN() });
        }
    }
    auto snapshot = SnapshotBuilder().running(steps).build();
    snapshot.series = board.series();
    snapshot.memory.leak = noLeak();
    return snapshot;
}

TEST(LeakPlot, NothingIsDrawnOverAGapHoweverFarTheRunIsFolded)
{
    for (const std::int64_t steps : { 240, 800, 1'500, 9'000, 70'000 }) {
        const auto end = static_cast<double>(steps);
        const auto content = leakContent(runWithGap(steps));
        for (const double zoom : { 1.0, 0.4 }) {
            const ui::chart::View view { ui::chart::XUnit::Step, { end * (0.55 - zoom * 0.55), end * (0.55 + zoom * 0.45) }, 600 };
            const auto frame = ui::chart::compose(content, view, {}, ui::themeFor(ui::Scheme::Light));
            const double from = (end / 2 - view.range.from) / view.range.span();
            const double to = (end * 5 / 8 - view.range.from) / view.range.span();
            const double slack = 0.02; // a folded point stands at its middle
            int left = 0;
            int right = 0;
            for (const auto& curve : frame.curves) {
                const bool isOfLeak = curve.key.startsWith(QStringLiteral("estimate")) || curve.key.startsWith(QStringLiteral("interval"));
                if (!isOfLeak) {
                    continue;
                }
                ASSERT_FALSE(curve.points.empty()) << steps;
                const bool isLeft = curve.points.back().x() <= from + slack;
                const bool isRight = curve.points.front().x() >= to - slack;
                EXPECT_TRUE(isLeft || isRight) << curve.key.toStdString() << " crosses the gap of a run of " << steps << " steps";
                left += isLeft ? 1 : 0;
                right += isRight ? 1 : 0;
            }
            EXPECT_EQ(left, 2) << steps;
            EXPECT_EQ(right, 2) << steps;
        }
    }
}

} // namespace
