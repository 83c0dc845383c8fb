// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chart/PlotMenu.h"

#include "ui/Format.h"
#include "ui/chart/LimitsDialog.h"
#include "ui/chart/Plot.h"
#include "ui/chart/PlotExport.h"

#include <QAction>
#include <QCoreApplication>
#include <QFileDialog>
#include <QMenu>
#include <QMessageBox>
#include <QPainter>

namespace dubito::ui::chart {

namespace {

constexpr QSizeF kPictureSize(960, 480);

QString tr(const char* text) { return QCoreApplication::translate("PlotMenu", text); }

Result<void> save(Plot& plot, const QString& suffix, const QString& path)
{
    const PaintPlot paint = [&plot](QPainter& painter, const QSizeF& size) { plot.paintForExport(painter, size); };
    if (suffix == QStringLiteral("csv")) {
        return saveCsv(plot.content(), path);
    }
    return suffix == QStringLiteral("svg") ? saveSvg(paint, kPictureSize, path) : savePng(paint, kPictureSize, path);
}

void askAndSave(Plot& plot, const QString& suffix)
{
    const QString path = QFileDialog::getSaveFileName(&plot, tr("Save %1").arg(plot.content().title),
        plot.content().key + QLatin1Char('.') + suffix, QStringLiteral("*.") + suffix);
    if (path.isEmpty()) {
        return;
    }
    if (const auto saved = save(plot, suffix, path); !saved) {
        QMessageBox::warning(&plot, tr("Not saved"), format::text(toText(saved.error())));
    }
}

void askLimits(Plot& plot)
{
    LimitsDialog dialog(plot.yLimits(), plot.content().unit, &plot);
    if (dialog.exec() == QDialog::Accepted) {
        plot.setYLimits(dialog.limits());
    }
}

} // namespace

void fillPlotMenu(QMenu& menu, Plot& plot)
{
    QAction* logarithmic = menu.addAction(tr("&Logarithmic axis"));
    logarithmic->setCheckable(true);
    logarithmic->setChecked(plot.scale() == Scale::Log);
    QObject::connect(logarithmic, &QAction::toggled, &plot,
        [&plot](bool on) { plot.setScale(on ? Scale::Log : Scale::Linear); });
    QObject::connect(menu.addAction(tr("L&imits…")), &QAction::triggered, &plot, [&plot] { askLimits(plot); });
    menu.addSeparator();
    for (const auto& [suffix, text] : { std::pair { QStringLiteral("png"), tr("Save &picture (PNG)…") },
             { QStringLiteral("svg"), tr("Save &drawing (SVG)…") }, { QStringLiteral("csv"), tr("Save data (&CSV)…") } }) {
        QObject::connect(menu.addAction(text), &QAction::triggered, &plot,
            [&plot, suffix = suffix] { askAndSave(plot, suffix); });
    }
}

void openPlotMenu(Plot& plot, const QPoint& globalPosition)
{
    QMenu menu(&plot);
    fillPlotMenu(menu, plot);
    menu.exec(globalPosition);
}

} // namespace dubito::ui::chart
