// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/Panel.h"
#include "ui/SnapshotSignals.h"
#include "ui/session/Banner.h"
#include "ui/session/RunReport.h"
#include "ui/train/AnswerCards.h"

#include <QTimer>

namespace dubito::ui {

namespace chart {
    class PlotBar;
    class PlotGrid;
    class PlotGroup;
    class ZoomDetail;
    enum class Paging : std::uint8_t;
}

class LadderStrip;

/// What somebody has set in the charts: page, XUnit, Preset, and the factor of the smoothing.
struct ChartLook {
    int page = 0;
    int unit = 0;
    int preset = 0;
    double smoothing = 0;

    friend bool operator==(const ChartLook&, const ChartLook&) = default;
};

/// The middle of the window: the four answers, what must be said now, the ladder, and the charts.
///
/// Nothing in it moves by itself but banner and ladder, which push the charts down and go away again.
class ChartArea final : public Panel {
    Q_OBJECT

public:
    explicit ChartArea(QWidget* parent = nullptr);

    void display(const session::Snapshot& snapshot) override;
    void setShape(AnswerCards::Shape shape) { m_answers->setShape(shape); }
    /// Small: four charts a page instead of six.
    void setPaging(chart::Paging paging);
    void turnTo(int page);

    ChartLook look() const;
    /// What is no such page, unit, preset or factor is left as it is.
    void setLook(const ChartLook& look);

    /// Zooms the charts to the moment of an event.
    void go(const session::Event& event);
    /// Enlarges the chart that has the focus, or shows all of them again.
    void toggleEnlarged();

    /// Lays another run behind this one in every chart that can show it; null: none.
    void compareWith(const SnapshotPointer& beside);

    /// Every chart as a drawing, for a report.
    std::vector<ReportPicture> pictures() const;

    Banner& banner() { return *m_banner; }

signals:
    /// A mark in a chart was clicked.
    void eventChosen(quint64 id);
    /// Charts have become visible and want the present snapshot.
    void snapshotWanted();

private:
    void addPlots();
    void drawAnew();
    void displayLadder(const session::Snapshot& snapshot);

    AnswerCards* m_answers;
    Banner* m_banner;
    LadderStrip* m_ladder;
    chart::PlotGroup* m_group;
    chart::ZoomDetail* m_detail;
    chart::PlotBar* m_bar;
    chart::PlotGrid* m_grid;
    QTimer m_ladderLeaves;
};

} // namespace dubito::ui
