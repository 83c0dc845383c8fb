// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/Symbol.h"

#include <QApplication>
#include <QFile>
#include <QFontInfo>
#include <QFontMetrics>
#include <QIconEngine>
#include <QPainter>
#include <QPixmapCache>
#include <QSvgRenderer>

#include <algorithm>
#include <array>
#include <cmath>

namespace dubito::ui {

namespace {

constexpr std::array kFiles { "", "tick", "warn", "cross", "silent", "idle", "paused", "pending", "running", "current",
    "diamond", "checkpoint", "clock", "turn", "stop", "save", "undo", "redo", "search", "more", "folder", "plus", "down",
    "right", "left", "square", "dot", "ring", "enlarge", "restore", "table", "chart" };
static_assert(kFiles.size() == static_cast<std::size_t>(Symbol::Chart) + 1);

QByteArray sourceOf(Symbol symbol, const QColor& ink, const QColor& ground)
{
    QFile file(QStringLiteral(":/icons/%1.svg").arg(QLatin1String(kFiles[static_cast<std::size_t>(symbol)])));
    if (!file.open(QIODevice::ReadOnly)) {
        return {};
    }
    QByteArray source = file.readAll();
    source.replace("#ffffff", "ground");
    return source.replace("#111111", ink.name().toLatin1()).replace("ground", ground.name().toLatin1());
}

QPixmap drawn(Symbol symbol, const QSize& pixels, const QColor& ink, const QColor& ground)
{
    const QString key = QStringLiteral("symbol-%1-%2x%3-%4-%5")
                            .arg(static_cast<int>(symbol)).arg(pixels.width()).arg(pixels.height())
                            .arg(ink.name(), ground.name());
    QPixmap pixmap;
    if (QPixmapCache::find(key, &pixmap)) {
        return pixmap;
    }
    pixmap = QPixmap(pixels);
    pixmap.fill(Qt::transparent);
    QSvgRenderer renderer(sourceOf(symbol, ink, ground));
    if (renderer.isValid()) {
        QPainter painter(&pixmap);
        painter.setRenderHint(QPainter::Antialiasing);
        renderer.render(&painter);
    }
    QPixmapCache::insert(key, pixmap);
    return pixmap;
}

/// Draws from the source for each size and palette that is asked for, so nothing is ever stretched.
class SymbolIconEngine final : public QIconEngine {
public:
    SymbolIconEngine(Symbol symbol, Tone tone) : m_symbol(symbol), m_tone(tone) { }

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State) override
    {
        const QPalette palette = QApplication::palette();
        const Theme& theme = themeOf(palette);
        const QColor ink = mode == QIcon::Disabled ? palette.color(QPalette::Disabled, QPalette::ButtonText)
                                                   : inkOf(m_tone, theme);
        paintSymbol(*painter, rect, m_symbol, ink, theme.surface);
    }

    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override
    {
        QPixmap pixmap(size);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        paint(&painter, QRect(QPoint(), size), mode, state);
        return pixmap;
    }

    QIconEngine* clone() const override { return new SymbolIconEngine(*this); }

private:
    Symbol m_symbol;
    Tone m_tone;
};

} // namespace

QColor inkOf(Tone tone, const Theme& theme)
{
    switch (tone) {
    case Tone::Text:
        return theme.text1;
    case Tone::Quiet:
        return theme.quiet;
    case Tone::Accent:
        return theme.accent;
    case Tone::Healthy:
        return theme.healthy;
    case Tone::Warn:
        return theme.warn;
    case Tone::Failed:
        return theme.failed;
    case Tone::OnAccent:
        break;
    }
    return theme.onAccent;
}

QColor textInkOf(Tone tone, const Theme& theme)
{
    switch (tone) {
    case Tone::Warn:
        return theme.warnText;
    case Tone::Failed:
        return theme.failedText;
    case Tone::Quiet:
        return theme.text2;
    default:
        return inkOf(tone, theme);
    }
}

void paintSymbol(QPainter& painter, const QRectF& where, Symbol symbol, const QColor& ink, const QColor& ground)
{
    if (symbol == Symbol::None) {
        return;
    }
    const double side = std::min(where.width(), where.height());
    const double ratio = painter.device()->devicePixelRatioF();
    const int pixels = static_cast<int>(std::ceil(side * ratio));
    if (pixels <= 0) {
        return;
    }
    QRectF square(0, 0, side, side);
    square.moveCenter(where.center());
    square.moveTopLeft(QPointF(std::round(square.left() * ratio) / ratio, std::round(square.top() * ratio) / ratio));
    const QPixmap pixmap = drawn(symbol, QSize(pixels, pixels), ink, ground);
    painter.drawPixmap(square, pixmap, QRectF(QPointF(), QSizeF(pixmap.size())));
}

QIcon symbolIcon(Symbol symbol, Tone tone) { return QIcon(new SymbolIconEngine(symbol, tone)); }

int scaledPixels(const QFont& font, int pixels)
{
    const double base = QFontInfo(font).pixelSize();
    return static_cast<int>(std::lround(pixels * std::max(1.0, base / static_cast<double>(TypeSize::Base))));
}

SymbolLabel::SymbolLabel(int pixels, QWidget* parent) : QWidget(parent), m_pixels(pixels)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void SymbolLabel::setSymbol(Symbol symbol, Tone tone)
{
    if (symbol != m_symbol || tone != m_tone) {
        m_symbol = symbol;
        m_tone = tone;
        QWidget::update();
    }
}

QSize SymbolLabel::sizeHint() const
{
    const int side = scaledPixels(QApplication::font(), m_pixels);
    return { side, std::max(side, m_line) };
}

void SymbolLabel::standInLine(const QFont& font)
{
    m_line = QFontMetrics(font).height();
    updateGeometry();
}

void SymbolLabel::paintEvent(QPaintEvent*)
{
    const Theme& theme = themeOf(palette());
    QPainter painter(this);
    const int side = std::min(width(), height());
    const QRect square((width() - side) / 2, (height() - side) / 2, side, side);
    paintSymbol(painter, square, m_symbol, inkOf(m_tone, theme), theme.surface);
}

} // namespace dubito::ui
