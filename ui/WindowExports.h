// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/SnapshotSignals.h"

#include <QString>

class QWidget;

namespace dubito::ui {

class ChartArea;

/// Writes a report of the run with its charts as one HTML page; the answer is a sentence for the status line.
QString exportReport(const SnapshotPointer& run, ChartArea& charts, const QString& path);

/// Writes a picture of the whole window, as its ending says: SVG, or else PNG at twice the size.
QString exportPicture(QWidget& window, const QString& path);

} // namespace dubito::ui
