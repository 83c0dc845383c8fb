// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/Theme.h"

class QMainWindow;
class QSettings;

namespace dubito::ui {

class ChartArea;
class MainMenus;
class SideTabs;

/// The parts of the window that are found again as they were left.
struct RememberedParts {
    QMainWindow& window;
    MainMenus& menus;
    ChartArea& charts;
    SideTabs& tabs;
};

/// Room, open side tab, page and settings of the charts, theme, sleep and notifications.
void rememberWindow(const RememberedParts& parts, ThemeChoice theme, QSettings& settings);

/// Whatever stands in the settings that makes no sense is left as it is. Returns the theme.
ThemeChoice recallWindow(const RememberedParts& parts, const QSettings& settings);

} // namespace dubito::ui
