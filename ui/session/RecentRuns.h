// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>

namespace dubito::ui {

/// The folders of the runs that were started or opened last, newest first; at most kMostRecentRuns, each once.
/// Kept in the settings of the window. Folders that are gone are left out when read.
inline constexpr int kMostRecentRuns = 10;

QStringList recentRuns();

/// Puts a folder first. A relative path is made absolute; an empty one changes nothing.
void rememberRun(const QString& folder);

} // namespace dubito::ui
