// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/chart/EventMarks.h"
#include "ui/chart/PlotFrame.h"
#include "ui/chart/PlotScene.h"

#include <QPixmap>
#include <QWidget>

#include <cstdint>
#include <optional>

namespace dubito::ui::chart {

class PlotGroup;

enum class XLabels : std::uint8_t { Hidden, Shown };

/// A dot where the crosshair meets a line.
struct ReadDot {
    double y = 0; ///< share of the plot area
    QColor color;
};

/// When a picture is wanted: in its turn among the plots, or now, because it goes into a file.
enum class Picture : std::uint8_t { InTurn, AtOnce };

/// The drawing area of a plot: grid, curves, limits, the lane of event marks, and the crosshair above all.
///
/// Everything but marks and crosshair is kept as one picture and painted again only when draw() brings something new, so
/// that an event, or the crosshair moving through six plots, costs six blits. Mouse, wheel and keys go to the group.
class PlotCanvas : public QWidget {
    Q_OBJECT

public:
    PlotCanvas(PlotGroup& group, QWidget* parent);

    /// Pixel columns of the plot area: as many as a track is decimated to.
    int columns() const;

    void draw(PlotFrame frame, const QString& emptyText);
    void setReadDots(std::vector<ReadDot> dots);
    void setXLabels(XLabels labels);

    const PlotFrame& frame() const { return m_frame; }
    const std::vector<Mark>& marks() const { return m_marks; }

    /// The plot without crosshair, as it would be at `size`, with the numbers of its x-axis: for export.
    void paintForExport(QPainter& painter, const QSizeF& size);

    QSize sizeHint() const override { return { 400, 180 }; }
    QSize minimumSizeHint() const override { return { 160, 90 }; }

signals:
    /// Size, colours or screen have changed. Answered by draw(); until then the old picture is shown, or none.
    void pictureWanted(dubito::ui::chart::Picture when);
    void menuWanted(const QPoint& globalPosition);

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    bool focusNextPrevChild(bool next) override;

private:
    QRectF plotArea(const QSizeF& size) const;
    QRectF plotArea() const { return plotArea(size()); }
    double xAt(double pixel) const;
    void paintContent(QPainter& painter, const QSizeF& size);
    void renew();
    bool isPictureGood() const;
    void layOutMarks();
    void hoverAt(const QPointF& position);
    void tellMark(int index);
    void choose(int index);
    bool goToMark(int index);
    void goToNeighbour(int direction);
    void paintOverlay(QPainter& painter) const;

    PlotGroup& m_group;
    PlotScene m_scene;
    PlotFrame m_frame;
    std::vector<Mark> m_marks;
    std::vector<ReadDot> m_dots;
    QString m_emptyText;
    QPixmap m_picture;
    XLabels m_xLabels = XLabels::Shown;
    int m_mark = -1; ///< the one that is told about; -1: none
    double m_wheel = 0; ///< eighths of a degree not yet used
    std::optional<QPointF> m_pressed;
    bool m_dragged = false;
    double m_dragX = 0;
};

} // namespace dubito::ui::chart
