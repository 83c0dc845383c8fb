// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/Theme.h"

#include <QIcon>
#include <QRectF>
#include <QWidget>

#include <cstdint>

class QPainter;

namespace dubito::ui {

/// Every picture of ours: one flat shape from resources/icons, in one ink on one ground.
enum class Symbol : std::uint8_t {
    None,
    Tick, ///< healthy, good, done
    Warn, ///< degraded, warn, drill
    Cross, ///< failed, act, invalid
    Silent,
    Idle,
    Paused,
    Pending,
    Running,
    Current, ///< the rung one stands on
    Diamond, ///< reload, as a mark
    Checkpoint, ///< as a mark
    Clock,
    Turn, ///< reloading; reload now
    Stop,
    Save,
    Undo,
    Redo,
    Search,
    More,
    Folder,
    Plus,
    Down,
    Right,
    Left,
    Square,
    Dot, ///< edited here
    Ring, ///< differs from the default
    Enlarge,
    Restore, ///< what was enlarged
    Table,
    Chart,
};

/// What a shape says; its colour comes from the theme.
enum class Tone : std::uint8_t { Text, Quiet, Accent, Healthy, Warn, Failed, OnAccent };

QColor inkOf(Tone tone, const Theme& theme);

/// The same tone where it colours words: dark enough to read.
QColor textInkOf(Tone tone, const Theme& theme);

void paintSymbol(QPainter& painter, const QRectF& where, Symbol symbol, const QColor& ink, const QColor& ground);

/// For actions and buttons: sharp at any size, follows the palette of the program.
QIcon symbolIcon(Symbol symbol, Tone tone = Tone::Text);

/// A symbol as a widget, `pixels` wide at the base size of type and growing with it.
class SymbolLabel final : public QWidget {
    Q_OBJECT

public:
    explicit SymbolLabel(int pixels = 16, QWidget* parent = nullptr);

    void setSymbol(Symbol symbol, Tone tone);
    Symbol symbol() const { return m_symbol; }
    /// Stands in the middle of a line of this font: for words of several lines beside it, aligned at their top.
    void standInLine(const QFont& font);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    int m_pixels;
    int m_line = 0; ///< height of the line it stands in; 0: its own
    Symbol m_symbol = Symbol::None;
    Tone m_tone = Tone::Text;
};

/// Pixels of the mock-ups at the size of type of this font: 16 becomes 32 where the desktop asks for letters twice as large.
int scaledPixels(const QFont& font, int pixels);

} // namespace dubito::ui
