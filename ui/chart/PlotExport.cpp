// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chart/PlotExport.h"

#include "backend/base/AtomicFile.h"
#include "backend/base/Text.h"
#include "ui/Format.h"

#include <QBuffer>
#include <QGuiApplication>
#include <QImage>
#include <QPainter>
#include <QScreen>
#include <QSvgGenerator>

#include <map>

namespace dubito::ui::chart {

namespace {

constexpr double kPictureScale = 2;

constexpr int kUsualResolution = 96;

Result<void> write(const QString& path, std::string_view bytes) { return writeAtomically(format::utf8(path), bytes); }

std::string_view view(const QByteArray& bytes) { return { bytes.constData(), static_cast<std::size_t>(bytes.size()) }; }

/// Keys are ours, but a quote or a comma in one must not shift the columns.
std::string quoted(const QString& key)
{
    std::string text = format::utf8(key);
    return text.find_first_of(",\"\n") == std::string::npos
        ? text
        : '"' + format::utf8(QString(key).replace(QLatin1Char('"'), QStringLiteral("\"\""))) + '"';
}

std::string cell(const TrackPoint* point, double TrackPoint::* field)
{
    return point == nullptr || point->samples == 0 ? std::string() : exactNumber(point->*field);
}

} // namespace

std::string toCsv(const PlotContent& content)
{
    std::string csv = "step,seconds";
    std::map<std::int64_t, std::vector<const TrackPoint*>> rows;
    const std::size_t width = content.tracks.size();
    for (std::size_t i = 0; i < width; ++i) {
        const std::string key = quoted(content.tracks[i].key);
        csv += ',' + key + ',' + key + "_low," + key + "_high";
        for (const TrackPoint& point : content.tracks[i].points) {
            auto& row = rows[point.step];
            row.resize(width, nullptr);
            row[i] = &point;
        }
    }
    csv += '\n';
    for (const auto& [step, row] : rows) {
        double seconds = 0;
        for (const TrackPoint* point : row) {
            seconds = point != nullptr ? point->seconds : seconds;
        }
        csv += std::to_string(step) + ',' + exactNumber(seconds);
        for (const TrackPoint* point : row) {
            csv += ',' + cell(point, &TrackPoint::mean) + ',' + cell(point, &TrackPoint::low) + ','
                + cell(point, &TrackPoint::high);
        }
        csv += '\n';
    }
    return csv;
}

Result<void> saveCsv(const PlotContent& content, const QString& path) { return write(path, toCsv(content)); }

Result<void> savePng(const PaintPlot& paint, const QSizeF& size, const QString& path)
{
    QImage image((size * kPictureScale).toSize(), QImage::Format_ARGB32_Premultiplied);
    image.setDevicePixelRatio(kPictureScale);
    image.fill(Qt::white);
    QPainter painter(&image);
    paint(painter, size);
    painter.end();
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    if (!image.save(&buffer, "PNG")) {
        return Error { ErrorCode::Output, "The picture could not be made; try a smaller window.", format::utf8(path) };
    }
    return write(path, view(bytes));
}

QByteArray toSvg(const PaintPlot& paint, const QSizeF& size)
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    QSvgGenerator generator;
    generator.setOutputDevice(&buffer);
    generator.setSize(size.toSize());
    generator.setViewBox(QRectF({}, size));
    // Type is measured for the screen: at another resolution every word would be too small for the room it was given.
    const QScreen* screen = QGuiApplication::primaryScreen();
    generator.setResolution(screen != nullptr ? qRound(screen->logicalDotsPerInchY()) : kUsualResolution);
    generator.setTitle(QStringLiteral("Dubito"));
    QPainter painter(&generator);
    paint(painter, size);
    painter.end();
    return bytes;
}

Result<void> saveSvg(const PaintPlot& paint, const QSizeF& size, const QString& path)
{
    return write(path, view(toSvg(paint, size)));
}

} // namespace dubito::ui::chart
