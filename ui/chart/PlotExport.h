// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Error.h"
#include "ui/chart/PlotContent.h"

#include <QByteArray>
#include <QSizeF>
#include <QString>

#include <functional>
#include <string>

class QPainter;

namespace dubito::ui::chart {

/// Paints a plot into any painter at a size in logical pixels.
using PaintPlot = std::function<void(QPainter&, const QSizeF&)>;

/// Every value of the content at the resolution that is known, as CSV with a header line: step, seconds, and for each
/// track its mean, lowest and highest. Exact numbers, a point in every locale; unknown and non-finite ones are empty.
std::string toCsv(const PlotContent& content);

/// The drawing as SVG, to be laid into something else.
QByteArray toSvg(const PaintPlot& paint, const QSizeF& size);

/// Files appear whole or not at all. Errors are ErrorCode::Output and name the path.
Result<void> saveCsv(const PlotContent& content, const QString& path);
Result<void> savePng(const PaintPlot& paint, const QSizeF& size, const QString& path); ///< at twice the size
Result<void> saveSvg(const PaintPlot& paint, const QSizeF& size, const QString& path);

} // namespace dubito::ui::chart
