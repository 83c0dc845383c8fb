// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/chart/PlotCanvas.h"
#include "ui/chart/PlotContent.h"

#include <QLabel>
#include <QTableView>
#include <QToolButton>
#include <QWidget>

#include <chrono>

namespace dubito::ui::chart {

class PlotGroup;
class PlotLegend;
class PlotTable;

/// One chart as a card: title line, legend that reads out and switches, drawing area or table.
///
/// It keeps the content it was given, so that zoom, theme and switches need nobody else. Drawing is asked of the group
/// and happens only while it is visible. Nothing outside ui/chart learns what draws it. Main thread only.
class Plot : public QWidget {
    Q_OBJECT

public:
    explicit Plot(PlotGroup& group, QWidget* parent = nullptr);

    void setContent(PlotContent content);
    const PlotContent& content() const { return m_content; }

    void setXLabels(XLabels labels) { m_canvas->setXLabels(labels); }
    Scale scale() const { return m_choices.scale; }
    void setScale(Scale scale);
    const std::optional<YRange>& yLimits() const { return m_choices.limits; }
    void setYLimits(std::optional<YRange> limits); ///< nothing: by the data
    void setTableShown(bool shown);
    void switchTrack(const QString& key, bool isOn);
    /// The button that enlarges becomes one that goes back.
    void setEnlarged(bool enlarged);

    /// Draws at once; PlotGroup calls it in its turn.
    void drawNow();

    /// Processor time that the newest drawing took.
    std::chrono::nanoseconds cost() const { return m_cost; }

    PlotCanvas& canvas() { return *m_canvas; }

    /// Title, readings and drawing at `size`, for files.
    void paintForExport(QPainter& painter, const QSizeF& size);

signals:
    void enlargeWanted();

protected:
    void paintEvent(QPaintEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    QWidget* makeTitleRow();
    QToolButton* addButton(const QString& name, const QString& tip, QWidget* row);
    void connectGroup();
    void styleTexts();
    void styleAlarm();
    void requestDraw();
    void readOut();
    void reserveMargin(const YAxis& axis);
    void fillTitleRow(const QString& frameNote);
    const std::vector<TrackPoint>& drawnPoints(std::size_t track) const;
    QString readingOf(std::size_t track) const;

    PlotGroup& m_group;
    PlotContent m_content;
    PlotChoices m_choices;
    QSet<QString> m_known; ///< keys whose first switch position was taken over
    std::vector<std::vector<TrackPoint>> m_smooth; ///< per track, as drawn; empty where it is drawn as it is
    qsizetype m_longestNumber = 0; ///< characters of the widest number of the y-axis so far
    bool m_isDrawn = false; ///< once at least
    std::chrono::nanoseconds m_cost { 0 };
    QString m_shownTitle; ///< what stands in the title row, to leave it alone while nothing changes
    QLabel* m_title;
    QLabel* m_unit;
    QLabel* m_note;
    QLabel* m_alarmMark;
    QLabel* m_alarm;
    QToolButton* m_tableButton;
    QToolButton* m_enlargeButton;
    QToolButton* m_moreButton;
    PlotLegend* m_legend;
    PlotCanvas* m_canvas;
    QTableView* m_table;
    PlotTable* m_model;
};

} // namespace dubito::ui::chart
