// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/Theme.h"

#include <QApplication>
#include <QEvent>
#include <QFile>
#include <QStyle>
#include <QStyleFactory>
#include <QWidget>

#include <algorithm>
#include <cmath>

/// The pictures and the style sheet lie in a static library: the linker keeps them only when somebody asks.
static void openResources() { Q_INIT_RESOURCE(resources); }

namespace dubito::ui {

namespace {

Theme lightTheme()
{
    Theme theme;
    theme.scheme = Scheme::Light;
    theme.window = 0xEEF0F3, theme.surface = 0xFFFFFF, theme.alternate = 0xF6F7F9;
    theme.border = 0xD6DBE2, theme.strongBorder = 0x858F9D, theme.grid = 0xE7EAEE;
    theme.text1 = 0x191E25, theme.text2 = 0x49525F, theme.text3 = 0x626C7A;
    theme.accent = 0x1A56DB, theme.accentSoft = 0xE6EEFC, theme.onAccent = 0xFFFFFF;
    theme.healthy = 0x00855A, theme.warn = 0xB06E00, theme.warnText = 0x875300, theme.warnGround = 0xFBF1DD;
    theme.failed = 0x9C1A1A, theme.failedText = 0x9C1A1A, theme.failedGround = 0xF9E7E5;
    theme.quiet = 0x5B6573;
    theme.series = { 0x1A56DB, 0x9A3D86, 0xC07A00, 0x1B9E8A, 0x2F3742, 0x7B5B3A };
    theme.greys = { 0x3D4A5C, 0x7D8896, 0xBCC4CE };
    theme.disabled = theme.strongBorder;
    theme.raw = 0xB9C8EE, theme.bars = 0xC2C9D2;
    return theme;
}

Theme darkTheme()
{
    Theme theme;
    theme.scheme = Scheme::Dark;
    theme.window = 0x16191D, theme.surface = 0x1E2228, theme.alternate = 0x252A31;
    theme.border = 0x353C46, theme.strongBorder = 0x717C8A, theme.grid = 0x2B313A;
    theme.text1 = 0xE7EAEE, theme.text2 = 0xB4BCC7, theme.text3 = 0x919BA8;
    theme.accent = 0x4D9BFF, theme.accentSoft = 0x1C3152, theme.onAccent = 0x0E1116;
    theme.healthy = 0x45D0A0, theme.warn = 0xF5B83D, theme.warnText = 0xF5B83D, theme.warnGround = 0x3A2F17;
    theme.failed = 0xF2604B, theme.failedText = 0xF2604B, theme.failedGround = 0x40221F;
    theme.quiet = 0x8A94A2;
    theme.series = { 0x4D9BFF, 0xD88BC4, 0xF5C85A, 0x1F8F78, 0xDDE3EA, 0x96704A };
    theme.greys = { 0xAEB8C5, 0x768190, 0x4A5461 };
    theme.disabled = theme.strongBorder;
    theme.raw = 0x2F4B78, theme.bars = 0x4A535F;
    return theme;
}

/// Black on white or white on black; no tinted grounds, the same shapes.
Theme contrastTheme(Theme theme, Scheme scheme, QColor ground, QColor ink)
{
    theme.scheme = scheme;
    theme.window = theme.surface = theme.alternate = ground;
    theme.accentSoft = theme.warnGround = theme.failedGround = ground;
    theme.border = theme.strongBorder = theme.text1 = theme.text2 = theme.text3 = theme.quiet = ink;
    theme.disabled = theme.greys[1]; // the only grey: what cannot be used must not look as if it could
    return theme;
}

double linear(double channel)
{
    return channel <= 0.04045 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4);
}

double luminance(const QColor& color)
{
    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF());
}

double contrast(const QColor& a, const QColor& b)
{
    const double first = luminance(a);
    const double second = luminance(b);
    return (std::max(first, second) + 0.05) / (std::min(first, second) + 0.05);
}

/// Only black against white comes near 21; our own grounds stay below 18.
constexpr double kHighContrast = 20.0;

Scheme schemeOf(const QPalette& palette)
{
    const QColor ground = palette.color(QPalette::Window);
    const QColor ink = palette.color(QPalette::WindowText);
    for (const auto scheme : { Scheme::Light, Scheme::Dark, Scheme::ContrastLight, Scheme::ContrastDark }) {
        if (ground == themeFor(scheme).window && ink == themeFor(scheme).text1) {
            return scheme; // one of ours: asked at every paint, so no arithmetic
        }
    }
    const bool dark = luminance(ground) < luminance(ink);
    if (contrast(ground, ink) >= kHighContrast) {
        return dark ? Scheme::ContrastDark : Scheme::ContrastLight;
    }
    return dark ? Scheme::Dark : Scheme::Light;
}

QString sheetFor(const Theme& theme)
{
    QFile file(QStringLiteral(":/style/dubito.qss"));
    if (!file.open(QIODevice::ReadOnly)) {
        return {};
    }
    QString sheet = QString::fromUtf8(file.readAll());
    // High contrast has no soft grounds: what is chosen is turned round, a row of a table gets lines.
    const std::array<std::pair<const char*, QColor>, 18> roles { { { "@window", theme.window },
        { "@surface", theme.surface }, { "@alternate", theme.alternate }, { "@border", theme.border },
        { "@strong", theme.strongBorder }, { "@text1", theme.text1 }, { "@text2", theme.text2 },
        { "@text3", theme.text3 }, { "@accentsoft", theme.accentSoft }, { "@accent", theme.accent },
        { "@onaccent", theme.onAccent }, { "@failedground", theme.failedGround }, { "@failed", theme.failed },
        { "@warnground", theme.warnGround }, { "@warn", theme.warn }, { "@disabled", theme.disabled },
        { "@chosen", theme.isHighContrast() ? theme.accent : theme.accentSoft }, { "@onchosen", theme.isHighContrast() ? theme.onAccent : theme.text1 } } };
    for (const auto& [role, color] : roles) {
        sheet.replace(QLatin1String(role), color.name());
    }
    sheet.replace(QStringLiteral("@ink"), theme.isDark() ? QStringLiteral("dark") : QStringLiteral("light"));
    sheet.replace(QStringLiteral("@mark"), QString::number(theme.isHighContrast() ? theme.frameWidth() : 0));
    return sheet.replace(QStringLiteral("@frame"), QString::number(theme.frameWidth()));
}

} // namespace

const Theme& themeFor(Scheme scheme)
{
    static const std::array<Theme, 4> kThemes { lightTheme(), darkTheme(),
        contrastTheme(lightTheme(), Scheme::ContrastLight, Qt::white, Qt::black),
        contrastTheme(darkTheme(), Scheme::ContrastDark, Qt::black, Qt::white) };
    return kThemes[static_cast<std::size_t>(scheme)];
}

const Theme& themeOf(const QPalette& palette) { return themeFor(schemeOf(palette)); }

QPalette paletteFor(Scheme scheme)
{
    const Theme& theme = themeFor(scheme);
    QPalette palette;
    palette.setColor(QPalette::Window, theme.window);
    palette.setColor(QPalette::Base, theme.surface);
    palette.setColor(QPalette::AlternateBase, theme.alternate);
    palette.setColor(QPalette::Button, theme.surface);
    palette.setColor(QPalette::ToolTipBase, theme.surface);
    for (const auto role : { QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::ToolTipText }) {
        palette.setColor(role, theme.text1);
    }
    palette.setColor(QPalette::BrightText, theme.failed);
    palette.setColor(QPalette::PlaceholderText, theme.text3);
    palette.setColor(QPalette::Highlight, theme.accent);
    palette.setColor(QPalette::HighlightedText, theme.onAccent);
    palette.setColor(QPalette::Link, theme.accent);
    palette.setColor(QPalette::LinkVisited, theme.accent);
    palette.setColor(QPalette::Light, theme.surface);
    palette.setColor(QPalette::Midlight, theme.alternate);
    palette.setColor(QPalette::Mid, theme.border);
    palette.setColor(QPalette::Dark, theme.strongBorder);
    palette.setColor(QPalette::Shadow, theme.strongBorder);
    for (const auto role : { QPalette::WindowText, QPalette::Text, QPalette::ButtonText }) {
        palette.setColor(QPalette::Disabled, role, theme.disabled);
    }
    return palette;
}

Scheme schemeFor(ThemeChoice choice, const QPalette& system)
{
    switch (choice) {
    case ThemeChoice::Light:
        return Scheme::Light;
    case ThemeChoice::Dark:
        return Scheme::Dark;
    case ThemeChoice::HighContrast:
        return themeOf(system).isDark() ? Scheme::ContrastDark : Scheme::ContrastLight;
    case ThemeChoice::System:
        break;
    }
    return schemeOf(system);
}

void applyTheme(QApplication& application, Scheme scheme)
{
    openResources();
    if (application.style()->objectName() != QStringLiteral("fusion")) {
        QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
    }
    QApplication::setPalette(paletteFor(scheme));
    application.setStyleSheet(sheetFor(themeFor(scheme)));
    // Polishing anew gives labels back the palette they had; those that choose their own inks are told again.
    for (QWidget* widget : QApplication::allWidgets()) {
        QEvent changed(QEvent::PaletteChange);
        QApplication::sendEvent(widget, &changed);
    }
}

QFont typeFont(const QFont& base, TypeSize size, QFont::Weight weight)
{
    QFont font(base);
    const double scale = static_cast<double>(size) / static_cast<double>(TypeSize::Base);
    if (base.pointSizeF() > 0) {
        font.setPointSizeF(base.pointSizeF() * scale);
    }
    font.setWeight(weight);
    return font;
}

} // namespace dubito::ui
