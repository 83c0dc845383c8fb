// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/WindowMemory.h"

#include "ui/ChartArea.h"
#include "ui/MainMenus.h"
#include "ui/SideTabs.h"

#include <QMainWindow>
#include <QSettings>

namespace dubito::ui {

namespace {

constexpr int kLayoutVersion = 1;

QString key(const char* name) { return QStringLiteral("window/") + QLatin1String(name); }

} // namespace

void rememberWindow(const RememberedParts& parts, ThemeChoice theme, QSettings& settings)
{
    settings.setValue(key("geometry"), parts.window.saveGeometry());
    settings.setValue(key("state"), parts.window.saveState(kLayoutVersion));
    settings.setValue(key("theme"), static_cast<int>(theme));
    settings.setValue(key("inhibit_sleep"), parts.menus.inhibitsSleep());
    settings.setValue(key("notify"), parts.menus.notifies());
    settings.setValue(key("side_tab"), parts.tabs.index());
    const ChartLook look = parts.charts.look();
    settings.setValue(key("chart_page"), look.page);
    settings.setValue(key("chart_unit"), look.unit);
    settings.setValue(key("chart_part"), look.preset);
    settings.setValue(key("chart_smoothing"), look.smoothing);
}

ThemeChoice recallWindow(const RememberedParts& parts, const QSettings& settings)
{
    parts.window.restoreGeometry(settings.value(key("geometry")).toByteArray());
    parts.window.restoreState(settings.value(key("state")).toByteArray(), kLayoutVersion);
    parts.menus.setInhibitsSleep(settings.value(key("inhibit_sleep"), true).toBool());
    parts.menus.setNotifies(settings.value(key("notify"), true).toBool());
    parts.tabs.choose(settings.value(key("side_tab"), 0).toInt());
    const ChartLook usual = parts.charts.look();
    parts.charts.setLook({ .page = settings.value(key("chart_page"), usual.page).toInt(),
        .unit = settings.value(key("chart_unit"), usual.unit).toInt(),
        .preset = settings.value(key("chart_part"), usual.preset).toInt(),
        .smoothing = settings.value(key("chart_smoothing"), usual.smoothing).toDouble() });
    const int theme = settings.value(key("theme"), 0).toInt();
    return theme > 0 && theme <= static_cast<int>(ThemeChoice::HighContrast) ? static_cast<ThemeChoice>(theme) : ThemeChoice::System;
}

} // namespace dubito::ui
