// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chart/PlotCanvas.h"

#include "ui/chart/CanvasPainter.h"
#include "ui/chart/PlotGroup.h"
#include "ui/chart/PlotKeys.h"

#include <QBackingStore>
#include <QFontMetricsF>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPaintEngine>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <cmath>
#include <utility>

namespace dubito::ui::chart {

namespace {

constexpr double kRight = 10;
constexpr double kSnap = 6; // pixels within which the crosshair jumps to a mark
constexpr double kNotch = 120; // of a wheel, in eighths of a degree
constexpr double kKeyShare = 0.01;
constexpr double kLargeKeyShare = 0.1;

/// For a window on a screen; not for a file, as grab() and exports paint.
bool isForScreen(const QWidget& widget, const QPainter& painter)
{
    QBackingStore* screen = widget.backingStore();
    return screen != nullptr && painter.paintEngine()->paintDevice() == screen->paintDevice();
}

} // namespace

PlotCanvas::PlotCanvas(PlotGroup& group, QWidget* parent)
    : QWidget(parent)
    , m_group(group)
{
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setAttribute(Qt::WA_OpaquePaintEvent);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    connect(&group, &PlotGroup::eventsChanged, this, &PlotCanvas::layOutMarks);
}

QRectF PlotCanvas::plotArea(const QSizeF& size) const
{
    // Without numbers below there is still half a number of the y-axis beside the lowest line.
    const double letters = QFontMetricsF(typeFont(font(), TypeSize::Unit)).height();
    const double below = m_xLabels == XLabels::Shown ? letters + 8 : letters / 2 + 1;
    const double left = m_group.leftMargin();
    return { left, kLane, std::max(1.0, size.width() - left - kRight), std::max(1.0, size.height() - kLane - below) };
}

int PlotCanvas::columns() const { return std::max(1, static_cast<int>(plotArea().width())); }

double PlotCanvas::xAt(double pixel) const
{
    const XRange& range = m_group.range();
    return range.from + (pixel - plotArea().left()) / plotArea().width() * range.span();
}

void PlotCanvas::draw(PlotFrame frame, const QString& emptyText)
{
    m_frame = std::move(frame);
    m_emptyText = emptyText;
    renew();
}

void PlotCanvas::setReadDots(std::vector<ReadDot> dots)
{
    m_dots = std::move(dots);
    update();
}

void PlotCanvas::setXLabels(XLabels labels)
{
    if (labels != m_xLabels) {
        m_xLabels = labels;
        m_picture = QPixmap();
        update();
    }
}

/// An event changes the lane only: no curve is computed or drawn again.
void PlotCanvas::layOutMarks()
{
    const Mark* told = m_mark >= 0 && m_mark < static_cast<int>(m_marks.size()) ? &m_marks[std::size_t(m_mark)] : nullptr;
    const auto toldId = told != nullptr ? told->event.id : 0;
    m_marks = layOut(m_group.events(), m_frame.view, plotArea().width());
    const auto again = std::ranges::find(m_marks, toldId, [](const Mark& mark) { return mark.event.id; });
    m_mark = toldId == 0 || again == m_marks.end() ? -1 : static_cast<int>(again - m_marks.begin());
    update();
}

void PlotCanvas::renew()
{
    if (size().isEmpty()) {
        return;
    }
    layOutMarks();
    const double ratio = devicePixelRatioF();
    if (m_picture.size() != size() * ratio) {
        m_picture = QPixmap(size() * ratio);
    }
    m_picture.setDevicePixelRatio(ratio);
    QPainter painter(&m_picture);
    paintContent(painter, size());
}

void PlotCanvas::paintForExport(QPainter& painter, const QSizeF& size)
{
    const XLabels before = std::exchange(m_xLabels, XLabels::Shown);
    paintContent(painter, size);
    const QRectF area = plotArea(size);
    CanvasPainter around(painter, area, typeFont(font(), TypeSize::Unit), themeOf(palette()));
    if (!m_frame.isEmpty) {
        around.paintMarks(layOut(m_group.events(), m_frame.view, area.width()), kLane / 2 - 1);
    }
    around.paintXLabels(m_frame, std::nullopt);
    m_xLabels = before;
}

void PlotCanvas::paintContent(QPainter& painter, const QSizeF& size)
{
    const Theme& theme = themeOf(palette());
    const QRectF area = plotArea(size);
    painter.fillRect(QRectF({}, size), theme.surface);
    CanvasPainter around(painter, area, typeFont(font(), TypeSize::Unit), theme);
    if (m_frame.isEmpty) {
        around.paintEmpty(m_emptyText);
        return;
    }
    around.paintGrid(m_frame);
    m_scene.setGeometry(size, area);
    m_scene.draw(m_frame.curves);
    painter.save();
    painter.setClipRect(area.adjusted(-1, -1, 1, 1));
    m_scene.paint(painter, { {}, size });
    painter.restore();
    around.paintLimits(m_frame);
    around.paintTexts(m_frame);
    around.paintNonFinite(m_frame);
}

/// On the screen a picture that is old, or not there yet, stays until it is this plot's turn: six charts drawn in one turn
/// of the event loop would be the longest stall of the window.
void PlotCanvas::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    if (!isPictureGood()) {
        emit pictureWanted(isForScreen(*this, painter) ? Picture::InTurn : Picture::AtOnce);
    }
    if (!isPictureGood()) {
        painter.fillRect(rect(), themeOf(palette()).surface);
        painter.drawPixmap(rect(), m_picture);
        return;
    }
    painter.drawPixmap(0, 0, m_picture);
    paintOverlay(painter);
}

bool PlotCanvas::isPictureGood() const
{
    return m_picture.devicePixelRatio() == devicePixelRatioF() && m_picture.size() == size() * devicePixelRatioF();
}

void PlotCanvas::paintOverlay(QPainter& painter) const
{
    const Theme& theme = themeOf(palette());
    const QRectF area = plotArea();
    const auto crosshair = m_group.crosshair();
    if (!m_frame.isEmpty) {
        CanvasPainter(painter, area, typeFont(font(), TypeSize::Unit), theme).paintMarks(m_marks, kLane / 2 - 1);
        painter.setRenderHint(QPainter::Antialiasing, false);
        painter.setBrush(Qt::NoBrush);
    }
    bool isSeen = false;
    if (crosshair && !m_frame.isEmpty) {
        const double share = (*crosshair - m_frame.view.range.from) / m_frame.view.range.span();
        if (share >= 0 && share <= 1) {
            const double x = std::floor(area.left() + share * area.width()) + 0.5;
            painter.setPen(QPen(theme.text1, 1));
            painter.drawLine(QPointF(x, area.top() - 4), QPointF(x, area.bottom()));
            painter.setRenderHint(QPainter::Antialiasing);
            for (const ReadDot& dot : m_dots) {
                painter.setPen(QPen(theme.surface, 1));
                painter.setBrush(dot.color);
                painter.drawEllipse(QPointF(x, area.bottom() - dot.y * area.height()), 3, 3);
            }
            isSeen = true;
        }
    }
    if (m_xLabels == XLabels::Shown && !m_frame.isEmpty) {
        CanvasPainter(painter, area, typeFont(font(), TypeSize::Unit), theme)
            .paintXLabels(m_frame, isSeen ? crosshair : std::nullopt);
    }
    if (hasFocus()) {
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(theme.accent, 2));
        painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), 3, 3);
    }
}

bool PlotCanvas::event(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange) {
        m_picture = QPixmap();
        update(); // everything is drawn again, in the new colours
    }
    return QWidget::event(event);
}

void PlotCanvas::mouseMoveEvent(QMouseEvent* event)
{
    if (m_pressed && (m_dragged || (event->position() - *m_pressed).manhattanLength() > 4)) {
        m_dragged = true;
        setCursor(Qt::ClosedHandCursor);
        const double distance = (m_dragX - event->position().x()) / plotArea().width() * m_group.range().span();
        m_dragX = event->position().x();
        m_group.pan(distance);
        return;
    }
    hoverAt(event->position());
}

void PlotCanvas::hoverAt(const QPointF& position)
{
    const double pixel = position.x() - plotArea().left();
    if (pixel < -kSnap || pixel > plotArea().width() + kSnap) {
        tellMark(-1);
        m_group.setCrosshair(std::nullopt);
        return;
    }
    const int mark = markAt(m_marks, pixel, kSnap);
    m_group.setCrosshair(mark >= 0 ? m_marks[std::size_t(mark)].x : xAt(position.x()));
    tellMark(mark);
}

void PlotCanvas::tellMark(int index)
{
    if (index == m_mark) {
        return;
    }
    m_mark = index;
    if (index < 0) {
        QToolTip::hideText();
        setAccessibleDescription({});
        return;
    }
    const Mark& mark = m_marks[std::size_t(index)];
    const Story story = storyOf(mark);
    setAccessibleDescription(story.toPlainText());
    const QPointF beside = plotArea().topLeft() + QPointF(mark.pixel + 8, 4);
    QToolTip::showText(mapToGlobal(beside.toPoint()), story.toHtml(), this);
}

void PlotCanvas::choose(int index)
{
    if (index >= 0 && index < static_cast<int>(m_marks.size())) {
        emit m_group.eventChosen(m_marks[std::size_t(index)].event.id);
    }
}

void PlotCanvas::mousePressEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton) {
        m_pressed = event->position();
        m_dragX = event->position().x();
        m_dragged = false;
    }
}

void PlotCanvas::mouseReleaseEvent(QMouseEvent* event)
{
    if (m_pressed && !m_dragged) {
        choose(markAt(m_marks, event->position().x() - plotArea().left(), kSnap));
    }
    m_pressed.reset();
    m_dragged = false;
    unsetCursor();
}

void PlotCanvas::mouseDoubleClickEvent(QMouseEvent*) { m_group.showWholeRun(); }

void PlotCanvas::wheelEvent(QWheelEvent* event)
{
    m_wheel += event->angleDelta().y();
    const double notches = std::trunc(m_wheel / (kNotch / 4)) / 4; // touch pads send small parts of a notch
    if (notches != 0) {
        m_wheel -= notches * kNotch;
        m_group.zoom(std::pow(kZoomPerNotch, notches), xAt(event->position().x()));
    }
    event->accept();
}

void PlotCanvas::leaveEvent(QEvent*)
{
    tellMark(-1);
    m_group.setCrosshair(std::nullopt);
}

void PlotCanvas::focusOutEvent(QFocusEvent* event)
{
    QWidget::focusOutEvent(event);
    tellMark(-1);
}

void PlotCanvas::contextMenuEvent(QContextMenuEvent* event) { emit menuWanted(event->globalPos()); }

void PlotCanvas::keyPressEvent(QKeyEvent* event)
{
    const double share = event->modifiers().testFlag(Qt::ShiftModifier) ? kLargeKeyShare : kKeyShare;
    switch (event->key()) {
    case Qt::Key_Left:
    case Qt::Key_Right: {
        const int direction = event->key() == Qt::Key_Right ? 1 : -1;
        if (event->modifiers().testFlag(Qt::ControlModifier)) {
            goToNeighbour(direction);
        } else {
            tellMark(-1);
            m_group.moveCrosshair(direction * share);
        }
        break;
    }
    case Qt::Key_Return:
    case Qt::Key_Enter:
        choose(m_mark);
        break;
    case Qt::Key_Escape:
        // Only what stands here is taken back; otherwise Esc belongs to whoever enlarged the plot.
        if (m_mark < 0 && !m_group.crosshair()) {
            event->ignore();
            return;
        }
        tellMark(-1);
        m_group.setCrosshair(std::nullopt);
        break;
    default:
        if (!steer(m_group, *event)) {
            QWidget::keyPressEvent(event);
        }
    }
}

/// Tab goes through the marks that have a line before it leaves the plot; checkpoints are too many for that, they are
/// reached with Ctrl and the arrows like all others.
bool PlotCanvas::focusNextPrevChild(bool next)
{
    int target = m_mark;
    do {
        target += target < 0 && !next ? 0 : next ? 1 : -1;
    } while (target >= 0 && target < static_cast<int>(m_marks.size())
        && !styleOf(m_marks[std::size_t(target)].event.kind).hasLine);
    if (hasFocus() && goToMark(target)) {
        return true;
    }
    tellMark(-1);
    return QWidget::focusNextPrevChild(next);
}

bool PlotCanvas::goToMark(int index)
{
    if (index < 0 || index >= static_cast<int>(m_marks.size())) {
        return false;
    }
    m_group.setCrosshair(m_marks[std::size_t(index)].x);
    tellMark(index);
    return true;
}

/// The mark before or after the crosshair.
void PlotCanvas::goToNeighbour(int direction)
{
    const double from = m_group.crosshair().value_or(direction > 0 ? m_group.range().from : m_group.range().to);
    const int count = static_cast<int>(m_marks.size());
    for (int i = direction > 0 ? 0 : count - 1; i >= 0 && i < count; i += direction) {
        if ((m_marks[std::size_t(i)].x - from) * direction > 0) {
            goToMark(i);
            return;
        }
    }
}

} // namespace dubito::ui::chart
