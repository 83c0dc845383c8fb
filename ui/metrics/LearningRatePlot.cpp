// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/metrics/LearningRatePlot.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace dubito::ui::metrics {

using dubito::metrics::Metric;

namespace {

/// The power of ten of the largest rate: an axis of "0.00005" teaches nothing.
int powerOf(const dubito::metrics::Series* series)
{
    double most = 0;
    for (const auto& point : series == nullptr ? std::vector<chart::TrackPoint> {} : chart::toPoints(*series, 1)) {
        most = std::max(most, point.high);
    }
    return most > 0 ? static_cast<int>(std::clamp(std::floor(std::log10(most)), -30.0, 30.0)) : 0;
}

QString raised(int power)
{
    constexpr std::array<char16_t, 10> kDigits { u'⁰', u'¹', u'²', u'³', u'⁴', u'⁵', u'⁶', u'⁷', u'⁸', u'⁹' };
    QString text = power < 0 ? QStringLiteral("⁻") : QString();
    for (const QChar digit : QString::number(std::abs(power))) {
        text += QChar(kDigits[static_cast<std::size_t>(digit.digitValue())]);
    }
    return text;
}

} // namespace

chart::PlotContent learningRateContent(const session::Snapshot& snapshot)
{
    const auto* series = chart::find(snapshot.series, Metric::LearningRate);
    const int power = powerOf(series);
    chart::PlotContent content;
    content.key = QStringLiteral("learning_rate");
    content.title = LearningRatePlot::tr("Learning rate");
    content.unit = power == 0 ? QString() : LearningRatePlot::tr("× 10%1").arg(raised(power));
    content.base = chart::YBase::Zero;
    content.emptyText = LearningRatePlot::tr("The learning rate of every step appears here; nothing has run yet.");
    chart::Track rate;
    rate.key = QStringLiteral("lr");
    rate.title = LearningRatePlot::tr("rate");
    rate.width = 2;
    rate.points = chart::pointsOf(snapshot.series, Metric::LearningRate, std::pow(10.0, -power));
    content.tracks = { std::move(rate) };
    return content;
}

} // namespace dubito::ui::metrics
