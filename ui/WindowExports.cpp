// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/WindowExports.h"

#include "ui/ChartArea.h"
#include "ui/Format.h"
#include "ui/chart/PlotExport.h"
#include "ui/session/RunReport.h"

#include <QCoreApplication>
#include <QPainter>
#include <QWidget>

namespace dubito::ui {

namespace {

QString told(const Result<void>& saved, const QString& path)
{
    return saved ? QCoreApplication::translate("WindowExports", "Saved as %1").arg(path)
                 : format::sentence(format::text(toText(saved.error())));
}

} // namespace

QString exportReport(const SnapshotPointer& run, ChartArea& charts, const QString& path)
{
    const session::Snapshot nothing;
    const QString html = reportHtml(run ? *run : nothing, charts.pictures(), std::chrono::system_clock::now());
    return told(saveReport(html, path), path);
}

QString exportPicture(QWidget& window, const QString& path)
{
    const chart::PaintPlot paint = [&window](QPainter& painter, const QSizeF&) { window.render(&painter); };
    const bool isDrawing = path.endsWith(QStringLiteral(".svg"), Qt::CaseInsensitive);
    return told(isDrawing ? chart::saveSvg(paint, window.size(), path) : chart::savePng(paint, window.size(), path), path);
}

} // namespace dubito::ui
