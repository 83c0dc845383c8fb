// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/RecentRuns.h"

#include <QDir>
#include <QFileInfo>
#include <QSettings>

namespace dubito::ui {

namespace {

QString key() { return QStringLiteral("runs/recent"); }

} // namespace

QStringList recentRuns()
{
    QStringList there;
    for (const QString& folder : QSettings().value(key()).toStringList()) {
        if (there.size() < kMostRecentRuns && QFileInfo(folder).isDir()) {
            there << folder;
        }
    }
    return there;
}

void rememberRun(const QString& folder)
{
    if (folder.isEmpty()) {
        return;
    }
    const QString path = QDir::cleanPath(QFileInfo(folder).absoluteFilePath());
    QStringList folders = recentRuns();
    if (!folders.isEmpty() && folders.front() == path) {
        return;
    }
    folders.removeAll(path);
    folders.prepend(path);
    QSettings().setValue(key(), QStringList(folders.mid(0, kMostRecentRuns)));
}

} // namespace dubito::ui
