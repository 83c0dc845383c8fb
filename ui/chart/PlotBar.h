// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QStringList>
#include <QWidget>

#include <cstdint>
#include <vector>

namespace dubito::ui::chart {

class PlotGroup;

/// The line above the charts: step or time, how much of the run, follow, smoothing; the moment of the crosshair and
/// what the marks mean. Everything it does it asks of the group, and shows what the group says.
class PlotBar : public QWidget {
    Q_OBJECT

public:
    explicit PlotBar(PlotGroup& group, QWidget* parent = nullptr);

    /// The pages to turn to; fewer than two need no buttons.
    void setPages(const QStringList& titles, int current);

    /// So many steps stand behind a point, and nobody reads them apart; up to 1: nothing is folded.
    void setFold(std::int64_t steps);

signals:
    void pageChosen(int page);

protected:
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    QPushButton* addSegment(const QString& name, const QString& text, QWidget* box);
    QWidget* makeUnits();
    QWidget* makePresets();
    void takeOver();
    void tellMoment();
    void fillKey();
    void fold();

    PlotGroup& m_group;
    QWidget* m_pageBox;
    QStringList m_pageTitles;
    std::vector<QPushButton*> m_pages; // children of m_pageBox, one per page
    std::vector<QPushButton*> m_units; // children
    std::vector<QPushButton*> m_presets;
    QCheckBox* m_follow;
    QLabel* m_smoothingName;
    QComboBox* m_smoothing;
    std::int64_t m_fold = 0;
    QLabel* m_remark;
    QLabel* m_moment;
    QLabel* m_key;
};

} // namespace dubito::ui::chart
