// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/provenance/ScatterView.h"

#include "ui/Format.h"
#include "ui/Theme.h"
#include "ui/provenance/SourceLook.h"

#include <QApplication>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace dubito::ui {

namespace {

constexpr double kReach = 9; ///< pixels around a marker that still mean it
constexpr double kMostEntropy = 40; ///< labels beyond it stand at the edge
constexpr double kEpsilon = 1e-8; ///< of the published term

double doubtless(double authority) { return std::log(1 - authority + kEpsilon); }

/// A round step for about five numbers.
double stepFor(double span)
{
    const double rough = span / 5;
    const double power = std::pow(10, std::floor(std::log10(rough)));
    for (const double factor : { 1.0, 2.0, 5.0 }) {
        if (rough <= factor * power) {
            return factor * power;
        }
    }
    return 10 * power;
}

} // namespace

double markerSize(double weight) { return weight < 0.5 ? 5 : weight < 1 ? 6 : weight < 2 ? 8 : 11; }

ScatterView::ScatterView(QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("scatter"));
    setAccessibleName(tr("Authority against entropy"));
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
}

void ScatterView::setCorpus(std::shared_ptr<const session::CorpusOverview> corpus)
{
    if (corpus != m_corpus) {
        m_corpus = std::move(corpus);
        renew();
        emit noteChanged();
    }
}

void ScatterView::setOnlySource(std::optional<std::size_t> source)
{
    if (source != m_only) {
        m_only = source;
        renew();
        emit noteChanged();
    }
}

void ScatterView::setChosen(const session::DocumentDot& dot)
{
    m_chosen = dot;
    setAccessibleDescription(tr("Document %1: authority %2, entropy %3, weight %4")
                                 .arg(format::text(dot.id).left(60), format::decimal(dot.authority, 2),
                                     format::decimal(dot.entropy, 2), format::decimal(dot.weight, 2)));
    QWidget::update();
}

void ScatterView::clearChosen()
{
    m_chosen.reset();
    QWidget::update();
}

QString ScatterView::note() const
{
    if (!m_corpus || m_corpus->dots.empty()) {
        return m_corpus ? tr("No document has an authority and an entropy.") : tr("Documents appear here as soon as a run has read its corpus.");
    }
    const auto shown = std::ranges::count_if(m_corpus->dots, [this](const auto& dot) { return isShown(dot); });
    if (m_only) {
        return tr("%1 of %2 drawn; the filter hides the others").arg(format::count(shown), format::count(static_cast<std::int64_t>(m_corpus->dots.size())));
    }
    return shown >= m_corpus->documents
        ? tr("all %1 documents").arg(format::count(shown))
        : tr("%1 of %2 drawn, chosen evenly; the table and every sum use all of them").arg(format::count(shown), format::count(m_corpus->documents));
}

bool ScatterView::isShown(const session::DocumentDot& dot) const { return !m_only || dot.source == *m_only; }

QPointF ScatterView::Axes::at(double authority, double entropy) const
{
    // What is no number stands in the corner; what is far away is bounded, so that no path overflows.
    const double x = std::isfinite(authority) ? std::clamp(authority, 0.0, 1.0) : 0.0;
    const double y = std::isfinite(entropy) ? std::clamp(entropy / highest, -0.5, 1.5) : 0.0;
    return { area.left() + x * area.width(), area.bottom() - y * area.height() };
}

ScatterView::Axes ScatterView::axes() const
{
    const QFontMetricsF metrics(typeFont(QApplication::font(), TypeSize::Unit));
    Axes axes;
    const double left = metrics.horizontalAdvance(QStringLiteral("00.0")) + 10;
    axes.area = QRectF(rect()).adjusted(left, 8, -16, -metrics.height() - 8);
    double highest = 1;
    if (m_corpus) {
        for (const auto& dot : m_corpus->dots) {
            highest = std::max(highest, std::isfinite(dot.entropy) ? std::min(dot.entropy, kMostEntropy) : 0.0);
        }
    }
    const double step = stepFor(highest);
    axes.highest = std::ceil(highest * 1.02 / step) * step;
    return axes;
}

void ScatterView::paintGround(QPainter& painter, const Axes& axes) const
{
    const Theme& theme = themeOf(palette());
    const QFontMetricsF metrics(painter.font());
    painter.setRenderHint(QPainter::Antialiasing, false);
    const double step = stepFor(axes.highest);
    for (double entropy = 0; entropy <= axes.highest + step / 2; entropy += step) {
        const double y = std::floor(axes.at(0, entropy).y()) + 0.5;
        painter.setPen(QPen(entropy == 0 ? theme.strongBorder : theme.grid, 1));
        painter.drawLine(QPointF(axes.area.left(), y), QPointF(axes.area.right(), y));
        painter.setPen(theme.text3);
        painter.drawText(QRectF(0, y - metrics.height() / 2, axes.area.left() - 6, metrics.height()), Qt::AlignRight | Qt::AlignVCenter,
            format::decimal(entropy, step < 1 ? 1 : 0));
    }
    for (int i = 0; i <= 5; ++i) {
        const double x = std::floor(axes.at(i * 0.2, 0).x()) + 0.5;
        painter.setPen(QPen(theme.grid, 1));
        painter.drawLine(QPointF(x, axes.area.top()), QPointF(x, axes.area.bottom() - 1));
        painter.setPen(theme.text3);
        painter.drawText(QRectF(x - 30, axes.area.bottom() + 4, 60, metrics.height()), Qt::AlignHCenter, format::decimal(i * 0.2, 1));
    }
}

/// Where ln(1 − a) + H is the same, the weight is the same.
void ScatterView::paintLevels(QPainter& painter, const Axes& axes) const
{
    const Theme& theme = themeOf(palette());
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setClipRect(axes.area);
    painter.setBrush(Qt::NoBrush);
    for (const auto& level : m_corpus->levels) {
        QPainterPath path;
        for (int column = 0; column <= 100; ++column) {
            const double authority = std::min(column / 100.0, 0.99);
            const QPointF point = axes.at(authority, level.doubt - doubtless(authority));
            column == 0 ? path.moveTo(point) : path.lineTo(point);
        }
        painter.setPen(QPen(theme.greys[1], level.weight == 1 ? 1.6 : 1));
        painter.drawPath(path);
    }
    painter.setClipping(false);
}

/// Above the markers, each beside the next: where lines lie close, their numbers do not.
void ScatterView::paintLevelTexts(QPainter& painter, const Axes& axes) const
{
    const Theme& theme = themeOf(palette());
    const QFontMetricsF metrics(painter.font());
    for (std::size_t i = 0; i < m_corpus->levels.size(); ++i) {
        const auto& level = m_corpus->levels[i];
        for (double authority = 0.3 + 0.06 * static_cast<double>(i % 5); authority < 0.99; authority += 0.01) {
            const QPointF point = axes.at(authority, level.doubt - doubtless(authority));
            if (!axes.area.adjusted(0, 10, 0, -10).contains(point)) {
                continue;
            }
            const QString text = format::compact(level.weight, level.weight < 1 ? 2 : 1);
            const QRectF box(point.x(), point.y() - metrics.height() / 2, metrics.horizontalAdvance(text) + 6, metrics.height());
            painter.fillRect(box, theme.surface);
            painter.setPen(level.weight == 1 ? theme.text1 : theme.text2);
            painter.drawText(box, Qt::AlignCenter, text);
            break;
        }
    }
    painter.setPen(theme.text3);
    painter.drawText(axes.area.adjusted(8, 4, -4, -4), Qt::AlignLeft | Qt::AlignBottom, tr("authority →"));
    painter.drawText(axes.area.adjusted(8, 2, -4, -4), Qt::AlignHCenter | Qt::AlignTop, tr("↑ entropy"));
}

void ScatterView::renew()
{
    m_picture = {};
    QWidget::update();
}

void ScatterView::paintEvent(QPaintEvent*)
{
    const Theme& theme = themeOf(palette());
    const double ratio = devicePixelRatioF();
    const Axes axes = this->axes();
    const bool isEmpty = !m_corpus || m_corpus->dots.empty();
    if (m_picture.size() != size() * ratio || m_picture.devicePixelRatio() != ratio) {
        m_picture = QPixmap(size() * ratio);
        m_picture.setDevicePixelRatio(ratio);
        m_picture.fill(theme.surface);
        QPainter painter(&m_picture);
        painter.setFont(typeFont(QApplication::font(), TypeSize::Unit));
        if (isEmpty) {
            painter.setPen(theme.text3);
            painter.drawText(QRectF(rect()), Qt::AlignCenter | Qt::TextWordWrap, note());
        } else {
            paintGround(painter, axes);
            paintLevels(painter, axes);
            painter.setRenderHint(QPainter::Antialiasing);
            painter.setClipRect(axes.area.adjusted(-8, -8, 8, 8));
            for (const auto& dot : m_corpus->dots) {
                if (isShown(dot)) {
                    const SourceLook look = sourceLook(dot.source, theme);
                    paintMarker(painter, look.marker, axes.at(dot.authority, dot.entropy), markerSize(dot.weight), look.color);
                }
            }
            painter.setClipping(false);
            paintLevelTexts(painter, axes);
        }
    }
    QPainter painter(this);
    painter.drawPixmap(0, 0, m_picture);
    if (!isEmpty) {
        paintChosen(painter, axes);
    }
    if (hasFocus()) {
        painter.setPen(QPen(theme.accent, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(rect().adjusted(1, 1, -1, -1));
    }
}

void ScatterView::paintChosen(QPainter& painter, const Axes& axes) const
{
    if (!m_chosen) {
        return;
    }
    const Theme& theme = themeOf(palette());
    const QPointF at = axes.at(m_chosen->authority, m_chosen->entropy);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(theme.text1, 2));
    painter.setBrush(Qt::NoBrush);
    painter.drawEllipse(at, 8, 8);
    painter.setFont(typeFont(QApplication::font(), TypeSize::Unit, QFont::DemiBold));
    const QFontMetricsF metrics(painter.font());
    const QString id = metrics.elidedText(format::text(m_chosen->id).left(60), Qt::ElideMiddle, 160);
    const bool above = at.y() - axes.area.top() > metrics.height() + 34;
    const double width = metrics.horizontalAdvance(id) + 8;
    const double left = std::clamp(at.x() - width / 2, axes.area.left(), axes.area.right() - width);
    const double line = above ? at.y() - 26 : at.y() + 26;
    painter.setPen(QPen(theme.text1, 1));
    painter.drawLine(QPointF(at.x(), at.y() + (above ? -8 : 8)), QPointF(at.x(), line));
    const QRectF box(left, above ? line - metrics.height() : line, width, metrics.height());
    painter.fillRect(box, theme.surface);
    painter.drawText(box, Qt::AlignCenter, id);
}

int ScatterView::dotAt(const QPointF& position) const
{
    int best = -1;
    double nearest = kReach * kReach;
    const Axes axes = this->axes();
    for (std::size_t i = 0; m_corpus && i < m_corpus->dots.size(); ++i) {
        const auto& dot = m_corpus->dots[i];
        const QPointF away = axes.at(dot.authority, dot.entropy) - position;
        const double distance = QPointF::dotProduct(away, away);
        if (isShown(dot) && distance <= nearest) {
            nearest = distance;
            best = static_cast<int>(i);
        }
    }
    return best;
}

void ScatterView::choose(int index)
{
    if (m_corpus && index >= 0 && static_cast<std::size_t>(index) < m_corpus->dots.size()) {
        const auto& dot = m_corpus->dots[static_cast<std::size_t>(index)];
        setChosen(dot);
        emit documentChosen(format::text(dot.id));
    }
}

void ScatterView::mousePressEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton) {
        choose(dotAt(event->position()));
    }
}

void ScatterView::mouseMoveEvent(QMouseEvent* event)
{
    const int index = dotAt(event->position());
    setCursor(index >= 0 ? Qt::PointingHandCursor : Qt::ArrowCursor);
    if (index < 0) {
        QToolTip::hideText();
        return;
    }
    const auto& dot = m_corpus->dots[static_cast<std::size_t>(index)];
    const QString text = tr("Document %1, %2\nauthority %3, entropy %4\nweight %5")
                             .arg(format::text(dot.id).left(60), sourceLook(dot.source, themeOf(palette())).word, format::decimal(dot.authority, 2),
                                 format::decimal(dot.entropy, 2), format::decimal(dot.weight, 2));
    QToolTip::showText(event->globalPosition().toPoint(), format::tip(text), this);
}

/// The nearest marker in the direction of an arrow key; of those straight ahead the nearest, of those aside only near ones.
int ScatterView::neighbour(int key) const
{
    if (!m_corpus || m_corpus->dots.empty()) {
        return -1;
    }
    const Axes axes = this->axes();
    const QPointF from = m_chosen ? axes.at(m_chosen->authority, m_chosen->entropy) : axes.area.center();
    const QPointF ahead = key == Qt::Key_Left ? QPointF(-1, 0) : key == Qt::Key_Right ? QPointF(1, 0) : key == Qt::Key_Up ? QPointF(0, -1) : QPointF(0, 1);
    int best = -1;
    double cost = 1e300;
    for (std::size_t i = 0; i < m_corpus->dots.size(); ++i) {
        const auto& dot = m_corpus->dots[i];
        const QPointF away = axes.at(dot.authority, dot.entropy) - from;
        const double forward = QPointF::dotProduct(away, ahead);
        const double aside = std::abs(away.x() * ahead.y()) + std::abs(away.y() * ahead.x());
        const bool isOther = !m_chosen || dot.id != m_chosen->id;
        if (isShown(dot) && isOther && forward > 0.5 && forward + 3 * aside < cost) {
            cost = forward + 3 * aside;
            best = static_cast<int>(i);
        }
    }
    return best;
}

void ScatterView::keyPressEvent(QKeyEvent* event)
{
    const bool isArrow = event->key() == Qt::Key_Left || event->key() == Qt::Key_Right || event->key() == Qt::Key_Up || event->key() == Qt::Key_Down;
    if (isArrow) {
        choose(neighbour(event->key()));
        return;
    }
    QWidget::keyPressEvent(event);
}

void ScatterView::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange) {
        renew();
    }
}

} // namespace dubito::ui
