// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/FindChild.h"
#include "tests/support/SnapshotBuilder.h"
#include "ui/ChartArea.h"
#include "ui/chart/PlotPanel.h"
#include "ui/config/ConfigPanel.h"
#include "ui/health/HealthPanel.h"
#include "ui/log/LogPanel.h"
#include "ui/memory/GuardianCard.h"
#include "ui/memory/LadderStrip.h"
#include "ui/provenance/ScorePanel.h"
#include "ui/session/Banner.h"
#include "ui/session/EmptyPage.h"
#include "ui/session/EventPanel.h"
#include "ui/train/AnswerCards.h"
#include "ui/train/RunBar.h"

#include <gtest/gtest.h>

#include <QApplication>

#include <functional>
#include <memory>
#include <set>

namespace dubito::ui {
namespace {

using tests::SnapshotBuilder;

struct PanelKind {
    const char* name;
    std::function<std::unique_ptr<Panel>()> make;
};

template <typename Kind>
PanelKind panelKind(const char* name)
{
    return { name, [] { return std::make_unique<Kind>(); } };
}

std::vector<session::Snapshot> everySnapshot()
{
    return { SnapshotBuilder().build(), SnapshotBuilder().recorded().build(), SnapshotBuilder().leaking().build(),
        SnapshotBuilder().failed().build(), SnapshotBuilder().huge().build(), session::Snapshot {} };
}

class EveryPanel : public testing::TestWithParam<PanelKind> { };

TEST_P(EveryPanel, ShowsAnEmptyARunningALeakingAFailedAndAHugeSnapshot)
{
    const auto panel = GetParam().make();
    panel->resize(420, 600);
    panel->show();
    for (const auto& snapshot : everySnapshot()) {
        panel->display(snapshot);
        panel->display(snapshot);
        QApplication::processEvents();
        EXPECT_FALSE(panel->grab().isNull());
    }
}

TEST_P(EveryPanel, IsRightAfterASingleCallHoweverLateItIsShown)
{
    const auto panel = GetParam().make();
    panel->display(SnapshotBuilder().leaking().build());
    panel->resize(300, 500);
    panel->show();
    QApplication::processEvents();
    EXPECT_FALSE(panel->grab().isNull());
}

TEST_P(EveryPanel, HasANameForEveryControl)
{
    const auto panel = GetParam().make();
    panel->display(SnapshotBuilder().leaking().build());
    EXPECT_FALSE(panel->objectName().isEmpty());
    EXPECT_EQ(tests::namelessControls(*panel).join(QLatin1String(", ")).toStdString(), "");
}

TEST(EveryChart, ShowsAnEmptyARunningALeakingAFailedAndAHugeSnapshotOnEveryPage)
{
    ChartArea area;
    area.resize(1200, 900);
    area.show();
    std::set<chart::PlotPanel*> shown;
    for (const int page : { 0, 1 }) {
        area.turnTo(page);
        std::uint64_t revision = 0;
        for (auto snapshot : everySnapshot()) {
            snapshot.revision = ++revision;
            area.display(snapshot);
            QApplication::processEvents();
            for (auto* panel : area.findChildren<chart::PlotPanel*>()) {
                if (panel->isVisible()) {
                    panel->forget();
                    panel->display(snapshot);
                    panel->plot().drawNow();
                    shown.insert(panel);
                }
            }
            EXPECT_FALSE(area.grab().isNull());
        }
    }
    EXPECT_EQ(shown.size(), static_cast<std::size_t>(area.findChildren<chart::PlotPanel*>().size()));
}

INSTANTIATE_TEST_SUITE_P(Panels, EveryPanel,
    testing::Values(panelKind<AnswerCards>("answers"), panelKind<RunBar>("runBar"), panelKind<HealthPanel>("health"),
        panelKind<GuardianCard>("guardian"), panelKind<LadderStrip>("ladder"), panelKind<Banner>("banner"),
        panelKind<EventPanel>("events"), panelKind<LogPanel>("log"), panelKind<ScorePanel>("scores"),
        panelKind<ConfigPanel>("config"), panelKind<EmptyPage>("empty")),
    [](const testing::TestParamInfo<PanelKind>& one) { return std::string(one.param.name); });

} // namespace
} // namespace dubito::ui
