// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QFont>
#include <QPalette>
#include <QString>

#include <array>
#include <cstdint>

class QApplication;

namespace dubito::ui {

/// What the user chose in View; System follows the desktop.
enum class ThemeChoice : std::uint8_t { System, Light, Dark, HighContrast };

enum class Scheme : std::uint8_t { Light, Dark, ContrastLight, ContrastDark };

/// The colours by role. State colours mean states only, and always stand beside a shape and a word.
struct Theme {
    Scheme scheme = Scheme::Light;
    QColor window, surface, alternate;
    QColor border, strongBorder, grid;
    QColor text1, text2, text3; ///< values / labels / units and ages
    QColor accent, accentSoft, onAccent;
    QColor healthy, warn, warnText, warnGround, failed, failedText, failedGround;
    QColor quiet; ///< silent, idle, paused, pending
    std::array<QColor, 6> series; ///< c1 … c6: c1 is accent and is the answer
    QColor disabled; ///< words on what cannot be used now
    std::array<QColor, 3> greys; ///< g1 … g3: what should never grow
    QColor raw, bars; ///< faint on purpose: raw loss, single-step differences

    bool isDark() const { return scheme == Scheme::Dark || scheme == Scheme::ContrastDark; }
    bool isHighContrast() const { return scheme == Scheme::ContrastLight || scheme == Scheme::ContrastDark; }

    /// Width of frames: 1, in high contrast 2.
    int frameWidth() const { return isHighContrast() ? 2 : 1; }
};

/// The theme that a palette belongs to: told by the lightness and the contrast of its grounds, so that a widget needs
/// nothing but its own palette() and follows PaletteChange. Cheap: returns one of four constants.
const Theme& themeOf(const QPalette& palette);

const Theme& themeFor(Scheme scheme);

QPalette paletteFor(Scheme scheme);

/// Which scheme a choice means on this desktop; `system` is the palette the desktop brought.
Scheme schemeFor(ThemeChoice choice, const QPalette& system);

/// Fusion, palette and style sheet for the whole program. Widgets hear of it by PaletteChange.
void applyTheme(QApplication& application, Scheme scheme);

/// Sizes of type, in pixels of the mock-ups where the base is 13; scaled from the font the desktop brought.
enum class TypeSize : std::uint8_t { Unit = 11, Legend = 12, Base = 13, Title = 15, Answer = 17, Figure = 22, Hero = 27 };

QFont typeFont(const QFont& base, TypeSize size, QFont::Weight weight = QFont::Normal);

/// The grid that everything stands on.
inline constexpr int kGrid = 8;
inline constexpr int kCardPadding = 12;

} // namespace dubito::ui
