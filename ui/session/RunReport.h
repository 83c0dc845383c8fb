// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Error.h"
#include "backend/session/Snapshot.h"

#include <QByteArray>
#include <QString>

#include <chrono>
#include <vector>

namespace dubito::ui {

/// A chart for the report, as SVG.
struct ReportPicture {
    QString title;
    QByteArray svg;
};

/// A run as one HTML page that needs nothing else: the four answers, the facts, the charts, what happened, and the keys
/// in which its configuration differs from the defaults. `now` is when it was written. Pure; whatever the run holds is
/// text, never markup.
QString reportHtml(const session::Snapshot& snapshot, const std::vector<ReportPicture>& pictures,
    std::chrono::system_clock::time_point now);

/// Writes it whole or not at all. ErrorCode::Output.
Result<void> saveReport(const QString& html, const QString& path);

} // namespace dubito::ui
