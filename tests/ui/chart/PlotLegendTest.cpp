// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chart/PlotLegend.h"

#include <gtest/gtest.h>

#include <QApplication>
#include <QMenu>
#include <QSignalSpy>
#include <QTest>

namespace {

using namespace dubito::ui::chart;

std::vector<LegendEntry> entries(int count)
{
    std::vector<LegendEntry> all;
    for (int i = 0; i < count; ++i) {
        const QString name = QStringLiteral("series%1").arg(i);
        all.push_back({ name, name, QStringLiteral("1.23"), Shape::Line, Ink::C1, true, true });
    }
    return all;
}

TEST(PlotLegend, WhatDoesNotFitIsBehindMoreAndCanStillBeSwitched)
{
    PlotLegend legend;
    legend.resize(260, 20);
    legend.setEntries(entries(8));
    legend.show();
    auto* more = legend.findChild<QToolButton*>(QStringLiteral("legend/more"));
    EXPECT_TRUE(more->isVisible());
    EXPECT_LE(more->geometry().right(), 260);
    QSignalSpy switched(&legend, &PlotLegend::switched);
    emit more->menu()->aboutToShow();
    ASSERT_FALSE(more->menu()->actions().isEmpty());
    more->menu()->actions().last()->trigger();
    ASSERT_EQ(switched.count(), 1);
    EXPECT_EQ(switched.first().at(0).toString().toStdString(), "series7");
    EXPECT_FALSE(switched.first().at(1).toBool());
}

TEST(PlotLegend, AWiderUnitOfAsManyLettersIsNotCut)
{
    PlotLegend legend;
    legend.resize(260, 20);
    legend.setEntries({ { QStringLiteral("step"), QStringLiteral("step"), QStringLiteral("1.04 s"), Shape::Line, Ink::C1, true, false } });
    legend.show();
    auto* button = legend.findChild<LegendButton*>(QStringLiteral("legend/step"));
    const int before = button->width();
    legend.setEntries({ { QStringLiteral("step"), QStringLiteral("step"), QStringLiteral("236 ms"), Shape::Line, Ink::C1, true, false } });
    EXPECT_GT(button->width(), before);
}

/// Counts what the event loop has to lay out.
class LayoutCounter : public QObject {
public:
    int count = 0;

protected:
    bool eventFilter(QObject*, QEvent* event) override
    {
        count += event->type() == QEvent::LayoutRequest ? 1 : 0;
        return false;
    }
};

TEST(PlotLegend, ItComesToRestAfterAChange)
{
    PlotLegend legend;
    legend.resize(260, 20);
    legend.setEntries(entries(8));
    legend.show();
    auto longer = entries(8);
    longer[0].value = QStringLiteral("1,234,567.89");
    legend.setEntries(longer);
    for (int i = 0; i < 20; ++i) {
        QCoreApplication::processEvents();
    }
    LayoutCounter counter;
    legend.installEventFilter(&counter);
    for (int i = 0; i < 20; ++i) {
        QCoreApplication::processEvents();
    }
    EXPECT_EQ(counter.count, 0);
}

TEST(PlotLegend, WhatFitsNeedsNoMore)
{
    PlotLegend legend;
    legend.resize(600, 20);
    legend.setEntries(entries(2));
    legend.show();
    EXPECT_FALSE(legend.findChild<QToolButton*>(QStringLiteral("legend/more"))->isVisible());
}

TEST(PlotLegend, AShorterValueMovesNothing)
{
    PlotLegend legend;
    legend.resize(600, 20);
    auto two = entries(2);
    legend.setEntries(two);
    auto* second = legend.findChild<QWidget*>(QStringLiteral("legend/series1"));
    const int before = second->x();
    two[0].value = QStringLiteral("1");
    legend.setEntries(two);
    EXPECT_EQ(second->x(), before);
}

TEST(PlotLegend, EveryEntryHasAnAccessibleNameAndReadingsAreNoSwitches)
{
    PlotLegend legend;
    auto one = entries(1);
    one.push_back({ QStringLiteral("median"), QStringLiteral("median"), QStringLiteral("5"), Shape::Line, Ink::C1, true, false });
    legend.setEntries(one);
    EXPECT_EQ(legend.findChild<QWidget*>(QStringLiteral("legend/series0"))->accessibleName().toStdString(), "series0: 1.23");
    EXPECT_EQ(legend.findChild<QWidget*>(QStringLiteral("legend/median"))->focusPolicy(), Qt::NoFocus);
}

} // namespace
