// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chart/PlotFrame.h"

#include "ui/Format.h"
#include "ui/chart/Gaps.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace dubito::ui::chart {

namespace {

constexpr double kEdgeWidth = 1.4;
// Pixels per column. Qt Charts strokes every line a second time, for hit tests: each corner costs twice, in time and memory.
constexpr int kLinePixels = 2; // a line is nearly as wide: nothing is lost
constexpr int kAreaPixels = 4; // the price of filling grows with the square of the points
constexpr std::size_t kMostDots = 80; // more of them overlap and say nothing that the line does not
constexpr double kLowest = -2; // shares of the height: what is farther out is as good as there, and cheaper to draw
constexpr double kHighest = 3;
constexpr double kLimitReach = 0.6; // a limit this many data spans away still belongs into the picture

QString tr(const char* text) { return QCoreApplication::translate("PlotFrame", text); }

class Composer {
public:
    Composer(const PlotContent& content, const View& view, const PlotChoices& choices, const Theme& theme)
        : m_content(content)
        , m_choices(choices)
        , m_theme(theme)
    {
        m_frame.view = view;
    }

    PlotFrame compose()
    {
        for (const Track& track : m_content.tracks) {
            m_frame.isEmpty = m_frame.isEmpty && !newest(track.points);
        }
        m_frame.axis = YAxis(yRange(), m_choices.scale);
        for (const Track& track : m_content.tracks) {
            if (!m_choices.off.contains(track.key)) {
                addTrack(track);
            }
        }
        for (const Limit& limit : m_content.limits) {
            addLimit(limit);
        }
        addNotes();
        return std::move(m_frame);
    }

private:
    YRange yRange()
    {
        if (m_choices.limits) {
            return *m_choices.limits;
        }
        if (m_content.base == YBase::Percent && m_choices.scale == Scale::Linear) {
            return { 0, 100 };
        }
        std::optional<Extent> extent;
        for (const Track& track : m_content.tracks) {
            if (m_choices.off.contains(track.key)) {
                continue;
            }
            if (const auto part = extentDrawn(track)) {
                reach(extent, part->low, part->high);
                if (part->smallestPositive > 0) {
                    extent->smallestPositive = std::min(extent->smallestPositive, part->smallestPositive);
                }
            }
        }
        addLimits(extent);
        YRange range = paddedRange(extent, m_choices.scale);
        if (extent && m_choices.scale == Scale::Linear) {
            setBase(range, *extent);
        }
        return range;
    }

    /// Single values that are not drawn need no room.
    std::optional<Extent> extentDrawn(const Track& track) const
    {
        if (track.shape != Shape::SmoothLine || track.raw == RawLine::Faint || m_choices.smoothing <= 0) {
            return extentOf(track, m_frame.view);
        }
        Track drawn;
        drawn.points = smoothed(track.points, m_choices.smoothing);
        drawn.reach = track.reach;
        return extentOf(drawn, m_frame.view);
    }

    void addLimits(std::optional<Extent>& extent) const
    {
        if (!extent) {
            return;
        }
        const double top = extent->high;
        const double near = std::max(extent->high - extent->low, std::abs(top) * 0.02) * kLimitReach;
        for (const Limit& limit : m_content.limits) {
            if (limit.needsToBeSeen || (limit.value > top && limit.value <= top + near)) {
                reach(extent, limit.value, limit.value);
            }
        }
    }

    void setBase(YRange& range, const Extent& extent)
    {
        if (m_content.base == YBase::Zero || m_content.base == YBase::NearZoomed) {
            range.from = extent.low >= 0 ? 0.0 : range.from;
        }
        if (m_content.base != YBase::NearZoomed || m_frame.view.range.from <= 0 || m_content.tracks.empty()) {
            return;
        }
        // Zoomed in, a stack may begin above zero, so that some MiB on top of some GiB can be seen. The title says so.
        double lowest = extent.high;
        for (const TrackPoint& point : m_content.tracks.back().points) {
            const double x = point.x(m_frame.view.unit);
            if (x >= m_frame.view.range.from && x <= m_frame.view.range.to) {
                lowest = std::min(lowest, point.high);
            }
        }
        const double change = extent.high - lowest;
        if (change > extent.high * 0.001 && change < extent.high * 0.1) {
            range.from = std::max(0.0, lowest - 5 * change);
            range.to = extent.high + change * 0.5;
        }
    }

    double xShare(double x) const
    {
        // Points beyond the edge only give a line its direction: far away is bounded, so that no path overflows.
        return std::clamp((x - m_frame.view.range.from) / m_frame.view.range.span(), -50.0, 50.0);
    }

    std::vector<QPointF> toShares(std::vector<QPointF> points) const
    {
        for (QPointF& point : points) {
            point = { xShare(point.x()), std::clamp(m_frame.axis.at(point.y()), kLowest, kHighest) };
        }
        return points;
    }

    void addLine(const Track& track, const QString& suffix, std::vector<QPointF> points, const QColor& color,
        double width, CurveKind kind = CurveKind::Line)
    {
        m_frame.curves.push_back({ .key = track.key + suffix,
            .kind = kind,
            .points = toShares(std::move(points)),
            .lower = {},
            .color = color,
            .ground = m_theme.surface,
            .width = width });
    }

    View coarser(int pixels) const
    {
        View coarse = m_frame.view;
        coarse.columns = std::max(1, coarse.columns / pixels);
        return coarse;
    }

    void addArea(const Track& track, std::span<const TrackPoint> points, const QString& suffix = {})
    {
        const auto columns = toColumns(points, coarser(kAreaPixels));
        const bool isLayer = track.shape == Shape::Layer;
        std::vector<QPointF> upper;
        std::vector<QPointF> lower;
        for (const Column& column : columns) {
            const bool isLast = &column == &columns.back(); // an area ends where the lines of the other charts do
            const double x = isLast ? column.lastX : (column.firstX + column.lastX) / 2;
            upper.emplace_back(x, isLayer ? column.highEdge : column.high);
            lower.emplace_back(x, isLayer ? column.lowEdge : column.low);
        }
        Curve curve { .key = track.key + suffix,
            .kind = CurveKind::Area,
            .points = toShares(upper),
            .lower = toShares(std::move(lower)),
            .color = fillOf(track, m_theme),
            .ground = m_theme.surface,
            .width = 0 };
        m_frame.curves.push_back(std::move(curve));
        if (isLayer) {
            addLine(track, QStringLiteral("/edge"), std::move(upper), colorOf(track.ink, m_theme), kEdgeWidth);
        }
    }

    /// A gap is a gap: each stretch of known values is a curve of its own.
    void addRuns(const Track& track, const QColor& color)
    {
        std::size_t count = 0;
        for (const auto& run : runsOf(track, m_frame.view)) {
            const QString suffix = count == 0 ? QString() : QStringLiteral("#%1").arg(count);
            if (track.shape == Shape::Band) {
                addArea(track, run, suffix);
            } else {
                addLine(track, suffix, toLine(toColumns(run, coarser(kLinePixels))), color, track.width);
            }
            ++count;
        }
    }

    void addTrack(const Track& track)
    {
        const View& view = m_frame.view;
        if (track.marksNonFinite) {
            for (const double x : nonFiniteAt(track.points, view)) {
                m_frame.nonFinite.push_back(xShare(x));
            }
        }
        const QColor color = colorOf(track.ink, m_theme);
        if (track.shape == Shape::Line || track.shape == Shape::Band) {
            addRuns(track, color);
            return;
        }
        const auto columns = toColumns(track.points, coarser(kLinePixels));
        switch (track.shape) {
        case Shape::SmoothLine:
            if (track.raw == RawLine::Faint && m_choices.smoothing > 0) {
                addLine(track, QStringLiteral("/raw"), toLine(columns), m_theme.raw, 1);
                // Behind everything: what is noisy must not cover what is read.
                std::ranges::rotate(m_frame.curves, m_frame.curves.end() - 1);
            }
            addSmooth(track, color);
            break;
        case Shape::Bars:
            addLine(track, {}, toBars(columns), color, 1);
            countHidden(columns);
            break;
        case Shape::Layer:
            addArea(track, track.points);
            break;
        case Shape::Line:
        case Shape::Band:
            break; // done above
        case Shape::Dots:
            addLine(track, QStringLiteral("/line"), toLine(columns), color, track.width);
            if (columns.size() <= kMostDots) {
                addLine(track, {}, toLine(columns), color, track.width, CurveKind::Dots);
            }
            break;
        case Shape::Forecast:
            addForecast(track);
            break;
        }
    }

    void addSmooth(const Track& track, const QColor& color)
    {
        const auto smooth = smoothed(track.points, m_choices.smoothing);
        addLine(track, {}, toLine(toColumns(smooth, coarser(kLinePixels))), color, track.width);
    }

    void addForecast(const Track& track)
    {
        if (track.points.size() < 2) {
            return;
        }
        const TrackPoint& from = track.points.front();
        const TrackPoint& to = track.points.back();
        addArea(track, track.points);
        addLine(track, QStringLiteral("/line"),
            { { from.x(m_frame.view.unit), from.mean }, { to.x(m_frame.view.unit), to.mean } },
            colorOf(track.ink, m_theme), 1.2, CurveKind::Dashes);
        const double start = xShare(from.x(m_frame.view.unit));
        if (start < 0.9 && start > 0) {
            m_frame.texts.push_back({ 1, m_frame.axis.at(std::min(from.low, to.low)), track.title });
        }
    }

    void countHidden(const std::vector<Column>& columns)
    {
        const YRange& range = m_frame.axis.range();
        m_hidden += std::ranges::count_if(
            columns, [&](const Column& column) { return column.high > range.to || column.low < range.from; });
    }

    void addLimit(const Limit& limit)
    {
        const double y = m_frame.axis.at(limit.value);
        const QString value = format::decimal(limit.value, limit.decimals);
        if (y > 1) {
            m_above << limit.title + QLatin1Char(' ') + format::decimal(limit.value, std::max(0, limit.decimals - 1));
        }
        if (y < 0 || y > 1) {
            return;
        }
        const bool isWarn = limit.ink == Ink::Warn;
        const QColor line = colorOf(limit.ink, m_theme);
        const QColor ink = isWarn ? m_theme.warnText : limit.ink == Ink::Act ? m_theme.failedText : m_theme.text2;
        m_frame.limits.push_back({ y, limit.title + QLatin1Char(' ') + value, line, ink, isWarn });
    }

    void addNotes()
    {
        QStringList notes;
        if (!m_above.isEmpty()) {
            notes << tr("above: %1").arg(m_above.join(QStringLiteral(", ")));
        }
        if (m_content.base == YBase::NearZoomed && m_frame.axis.range().from > 0) {
            notes << tr("axis starts at %1").arg(format::compact(m_frame.axis.range().from, 3));
        }
        if (m_hidden > 0) {
            notes << tr("%1 beyond the view").arg(format::count(m_hidden));
        }
        if (!m_frame.nonFinite.empty()) {
            notes << tr("× not a number");
        }
        m_frame.note = notes.join(QStringLiteral("   "));
    }

    const PlotContent& m_content;
    const PlotChoices& m_choices;
    const Theme& m_theme;
    PlotFrame m_frame;
    QStringList m_above;
    std::int64_t m_hidden = 0;
};

} // namespace

QColor colorOf(Ink ink, const Theme& theme)
{
    switch (ink) {
    case Ink::C1:
    case Ink::C2:
    case Ink::C3:
    case Ink::C4:
    case Ink::C5:
    case Ink::C6:
        return theme.series[static_cast<std::size_t>(ink)];
    case Ink::G1:
    case Ink::G2:
    case Ink::G3:
        return theme.greys[static_cast<std::size_t>(ink) - static_cast<std::size_t>(Ink::G1)];
    case Ink::Raw:
        return theme.raw;
    case Ink::Bars:
        return theme.bars;
    case Ink::Warn:
        return theme.warn;
    case Ink::Act:
        return theme.failed;
    case Ink::Limit:
        return theme.text2;
    }
    return theme.text1;
}

QColor fillOf(const Track& track, const Theme& theme)
{
    QColor fill = colorOf(track.ink, theme);
    fill.setAlphaF(track.shape == Shape::Layer ? 0.34F : 0.25F);
    return fill;
}

PlotFrame compose(const PlotContent& content, const View& view, const PlotChoices& choices, const Theme& theme)
{
    return Composer(content, view, choices, theme).compose();
}

std::vector<std::size_t> legendOrder(const std::vector<Track>& tracks)
{
    std::vector<std::size_t> order(tracks.size());
    std::iota(order.begin(), order.end(), std::size_t { 0 });
    std::ranges::stable_sort(order, {}, [&](std::size_t i) { return tracks[i].rank; });
    return order;
}

} // namespace dubito::ui::chart
