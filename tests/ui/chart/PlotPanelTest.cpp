// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chart/PlotPanel.h"

#include "tests/support/SnapshotBuilder.h"
#include "tests/ui/chart/PlotSamples.h"
#include "ui/chart/PlotGroup.h"
#include "ui/memory/CategoryPlot.h"
#include "ui/memory/LeakPlot.h"
#include "ui/memory/MemoryPlot.h"
#include "ui/metrics/LossPlot.h"
#include "ui/metrics/SharesPlot.h"
#include "ui/metrics/ThroughputPlot.h"

#include <gtest/gtest.h>

#include <QApplication>
#include <QSignalSpy>
#include <QTest>

namespace {

using namespace dubito;
using namespace dubito::tests;
namespace ui = dubito::ui;
using namespace dubito::ui::chart;

/// Every history at its bound, with every number that can hurt.
session::Snapshot full()
{
    session::Snapshot snapshot = SnapshotBuilder().recorded().build();
    snapshot.series.clear();
    const std::array values { 0.0, 1.0, -1.0, kNaN, kInfinity, -kInfinity, 1e300, -1e300, 1e-300, 3.0 };
    for (const auto& row : dubito::metrics::kMetricRows) {
        dubito::metrics::Series series { row.metric, {}, {} };
        for (std::int64_t i = 0; i < std::int64_t(dubito::metrics::kMaxBuckets); ++i) {
            const double value = values[std::size_t(i) % values.size()];
            series.buckets.push_back({ .firstStep = i * 2000,
                .lastStep = i * 2000 + 1999,
                .firstTime = std::chrono::seconds(i * 2000),
                .lastTime = std::chrono::seconds(i * 2000 + 1999),
                .minimum = value,
                .maximum = value,
                .sum = value * 2000,
                .samples = 2000,
                .nonFinite = i % 3 });
        }
        for (std::int64_t i = 0; i < std::int64_t(dubito::metrics::kMaxLatest); ++i) {
            const std::int64_t step = 512 * 2000 - 1000 + i;
            series.latest.push_back({ step, std::chrono::seconds(step), values[std::size_t(i) % values.size()] });
        }
        snapshot.series.push_back(std::move(series));
    }
    return snapshot;
}

std::vector<session::Snapshot> anySnapshots()
{
    std::vector<session::Snapshot> all(1); // nothing at all
    all.push_back(SnapshotBuilder().build());
    all.push_back(SnapshotBuilder().running(1).build());
    all.push_back(SnapshotBuilder().recorded(1).build());
    all.push_back(SnapshotBuilder().recorded().build());
    all.push_back(SnapshotBuilder().leaking().build());
    all.push_back(SnapshotBuilder().failed().build());
    all.push_back(SnapshotBuilder().huge().build());
    all.push_back(full());
    return all;
}

template <typename PlotKind>
class EveryPlot : public testing::Test { };

using Kinds = testing::Types<ui::memory::MemoryPlot, ui::memory::LeakPlot, ui::memory::CategoryPlot, ui::metrics::LossPlot,
    ui::metrics::ThroughputPlot, ui::metrics::SharesPlot>;
TYPED_TEST_SUITE(EveryPlot, Kinds);

TYPED_TEST(EveryPlot, ShowsAnySnapshotWithoutAWarning)
{
    PlotGroup group;
    TypeParam panel(group);
    panel.resize(600, 240);
    panel.show();
    std::uint64_t revision = 1000;
    for (session::Snapshot snapshot : anySnapshots()) {
        snapshot.revision = ++revision;
        for (const Preset preset : { Preset::WholeRun, Preset::Last200 }) {
            group.setPreset(preset);
            panel.display(snapshot);
            panel.plot().drawNow();
            EXPECT_FALSE(panel.grab().isNull());
        }
        panel.plot().setTableShown(true);
        panel.plot().setTableShown(false);
    }
}

TYPED_TEST(EveryPlot, FollowsEveryTheme)
{
    PlotGroup group;
    TypeParam panel(group);
    panel.resize(600, 240);
    panel.show();
    panel.display(SnapshotBuilder().recorded().build());
    for (const ui::Scheme scheme :
        { ui::Scheme::Dark, ui::Scheme::ContrastLight, ui::Scheme::ContrastDark, ui::Scheme::Light }) {
        ui::applyTheme(*qApp, scheme);
        const QImage image = panel.grab().toImage();
        EXPECT_EQ(image.pixelColor(image.width() / 2, 6), ui::themeFor(scheme).surface);
    }
}

TYPED_TEST(EveryPlot, SaysWhyItIsEmpty)
{
    PlotGroup group;
    TypeParam panel(group);
    EXPECT_FALSE(panel.plot().content().emptyText.isEmpty());
    EXPECT_TRUE(panel.plot().canvas().frame().isEmpty);
}

TYPED_TEST(EveryPlot, HasAnAccessibleNameForAllThatTakesTheFocus)
{
    PlotGroup group;
    TypeParam panel(group);
    panel.resize(600, 240);
    panel.show();
    panel.display(SnapshotBuilder().recorded().build());
    panel.plot().drawNow();
    for (const QWidget* widget : panel.template findChildren<QWidget*>()) {
        if (widget->focusPolicy() & Qt::TabFocus && widget->isVisible()) {
            EXPECT_FALSE(widget->accessibleName().isEmpty()) << widget->objectName().toStdString();
        }
    }
}

TYPED_TEST(EveryPlot, TheSameRevisionIsLookedAtOnce)
{
    PlotGroup group;
    TypeParam panel(group);
    auto snapshot = SnapshotBuilder().recorded().build();
    panel.display(snapshot);
    const auto before = panel.plot().content().tracks.size();
    snapshot.series.clear();
    panel.display(snapshot);
    EXPECT_EQ(panel.plot().content().tracks.size(), before);
    EXPECT_FALSE(panel.plot().content().tracks.back().points.empty());
}

struct PatientPanel : testing::Test {
    PatientPanel()
    {
        panel.resize(600, 240);
        panel.show();
        QCoreApplication::processEvents();
    }

    static SnapshotBuilder at(std::int64_t step)
    {
        const std::vector<double> speed(static_cast<std::size_t>(step), 2000.0);
        return SnapshotBuilder().running(step).series(dubito::metrics::Metric::TokensPerSecond, speed);
    }

    void display(session::Snapshot snapshot)
    {
        snapshot.revision = ++revision;
        panel.display(snapshot);
    }
    void display(std::int64_t step) { display(at(step).build()); }

    std::int64_t newestStep() { return panel.plot().content().tracks.back().points.back().step; }

    std::uint64_t revision = 1000;
    PlotGroup group;
    ui::metrics::ThroughputPlot panel { group };
};

TEST_F(PatientPanel, NewsThatNobodyCouldSeeWaitsAndIsAskedForLater)
{
    const QSignalSpy wanted(&panel, &PlotPanel::snapshotWanted);
    group.showRange({ 0, 1e6 });
    display(2000);
    display(2001);
    EXPECT_EQ(newestStep(), 2000);
    EXPECT_TRUE(QTest::qWaitFor([&] { return wanted.count() == 1; }));
    display(2001);
    EXPECT_EQ(newestStep(), 2001);
}

TEST_F(PatientPanel, AnEventIsNoReasonToMakeThePlotAgain)
{
    group.showRange({ 0, 1e6 });
    display(2000);
    display(at(2001).event(dubito::session::EventKind::Checkpoint, 2001, "saved").build());
    EXPECT_EQ(newestStep(), 2000);
}

TEST_F(PatientPanel, NewsThatMovesThePictureIsDrawnAsSoonAsTheLastDrawingIsPaid)
{
    display(2000);
    EXPECT_TRUE(QTest::qWaitFor([&] {
        display(2400);
        return newestStep() == 2400;
    }));
}

TEST(Patience, TheLessNewsMovesThePictureTheLongerItWaits)
{
    EXPECT_EQ(patienceFor(100).count(), 0);
    EXPECT_LT(patienceFor(2), patienceFor(0.1));
    EXPECT_LE(patienceFor(0), std::chrono::seconds(1)) << "numbers in the legend grow old";
}

TEST(Patience, ADearPlotRestsLongerButNotForEver)
{
    using namespace std::chrono_literals;
    EXPECT_EQ(restAfter(4ms), 800ms);
    EXPECT_EQ(restAfter(1s), 2s);
}

TEST_F(PatientPanel, AChangeOfStateIsDrawnAtOnce)
{
    group.showRange({ 0, 1e6 });
    display(2000);
    display(at(2001).state(dubito::train::RunState::Paused).build());
    EXPECT_EQ(newestStep(), 2001);
}

TEST_F(PatientPanel, ARunThatBeginsAnewIsDrawnAtOnce)
{
    group.showRange({ 0, 1e6 });
    display(2000);
    display(1999);
    EXPECT_EQ(newestStep(), 1999);
}

} // namespace
