// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/chart/Track.h"

#include <QAbstractButton>
#include <QToolButton>
#include <QWidget>

#include <vector>

namespace dubito::ui::chart {

/// What the legend says of one track.
struct LegendEntry {
    QString key;
    QString title;
    QString value; ///< latest, or at the crosshair
    Shape shape = Shape::Line;
    Ink ink = Ink::C1;
    bool isOn = true;
    bool isSwitch = true; ///< false: a reading without a line

    friend bool operator==(const LegendEntry&, const LegendEntry&) = default;
};

/// One entry: a sample of the line, its name, its value. A click or Space switches the track; off is a hollow box.
class LegendButton : public QAbstractButton {
    Q_OBJECT

public:
    explicit LegendButton(QWidget* parent);

    void setEntry(const LegendEntry& entry);
    const LegendEntry& entry() const { return m_entry; }

    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void measure();
    void paintSample(QPainter& painter, const QRectF& box) const;

    LegendEntry m_entry;
    int m_titleWidth = 0;
    int m_valueWidth = 0; ///< of the widest value so far, so that nothing to the right of it dances
    int m_height = 0;
};

/// The row below a title: legend, readout and switches in one. What does not fit is behind "n more".
class PlotLegend : public QWidget {
    Q_OBJECT

public:
    explicit PlotLegend(QWidget* parent = nullptr);

    void setEntries(const std::vector<LegendEntry>& entries);
    std::vector<LegendEntry> entries() const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return { 80, sizeHint().height() }; }

signals:
    void switched(const QString& key, bool isOn);

protected:
    void resizeEvent(QResizeEvent* event) override;
    bool event(QEvent* event) override;

private:
    void styleMore();
    void arrange();
    void fillMenu();

    std::vector<LegendButton*> m_buttons; // children
    QToolButton* m_more;
    std::size_t m_visible = 0;
    int m_reserved = 0; ///< width of "n more"; 0: not measured yet
};

} // namespace dubito::ui::chart
