// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chart/PlotTable.h"

#include "ui/Format.h"

#include <algorithm>
#include <cmath>

namespace dubito::ui::chart {

namespace {

constexpr int kFirstTrack = 2; // after step and time

QString valueText(const Track& track, const TrackPoint& point)
{
    if (point.samples == 0) {
        return track.marksNonFinite ? PlotTable::tr("not a number") : QString(format::kDash);
    }
    return track.readsRange ? format::range(point.low, point.high, track.decimals)
                            : format::decimal(point.mean, track.decimals);
}

QString extremesText(const Track& track, const TrackPoint& point)
{
    if (point.samples < 2) {
        return {};
    }
    return PlotTable::tr("%1 in %2 samples")
        .arg(format::range(point.low, point.high, track.decimals), format::count(point.samples));
}

} // namespace

PlotTable::PlotTable(QObject* parent)
    : QAbstractTableModel(parent)
{
}

void PlotTable::setContent(const PlotContent& content)
{
    m_unit = content.unit;
    std::vector<Moment> rows;
    std::vector<Track> tracks;
    for (const Track& track : content.tracks) {
        if (track.shape == Shape::Forecast) {
            continue; // not data
        }
        for (const TrackPoint& point : track.points) {
            rows.push_back({ point.step, point.seconds });
        }
        tracks.push_back(track);
    }
    std::ranges::stable_sort(tracks, {}, &Track::rank); // as the legend reads
    std::ranges::sort(rows, std::ranges::greater {}, &Moment::step);
    const auto same = std::ranges::unique(rows, {}, &Moment::step);
    rows.erase(same.begin(), same.end());
    setColumns(std::move(tracks));
    setRows(std::move(rows));
}

void PlotTable::setColumns(std::vector<Track> tracks)
{
    const int before = static_cast<int>(m_tracks.size());
    const int after = static_cast<int>(tracks.size());
    if (after > before) {
        beginInsertColumns({}, kFirstTrack + before, kFirstTrack + after - 1);
    } else if (after < before) {
        beginRemoveColumns({}, kFirstTrack + after, kFirstTrack + before - 1);
    }
    m_tracks = std::move(tracks);
    if (after > before) {
        endInsertColumns();
    } else if (after < before) {
        endRemoveColumns();
    }
    emit headerDataChanged(Qt::Horizontal, 0, columnCount() - 1);
}

/// Both lists fall by step, so one walk finds what came and what went; neighbours go together.
void PlotTable::setRows(std::vector<Moment> rows)
{
    std::size_t at = 0;
    std::size_t next = 0;
    while (at < m_rows.size() || next < rows.size()) {
        std::size_t end = at;
        while (end < m_rows.size() && (next == rows.size() || m_rows[end].step > rows[next].step)) {
            ++end;
        }
        if (end > at) {
            beginRemoveRows({}, static_cast<int>(at), static_cast<int>(end) - 1);
            m_rows.erase(m_rows.begin() + std::ptrdiff_t(at), m_rows.begin() + std::ptrdiff_t(end));
            endRemoveRows();
            continue;
        }
        std::size_t last = next;
        while (last < rows.size() && (at == m_rows.size() || rows[last].step > m_rows[at].step)) {
            ++last;
        }
        if (last > next) {
            const std::size_t count = last - next;
            beginInsertRows({}, static_cast<int>(at), static_cast<int>(at + count) - 1);
            m_rows.insert(m_rows.begin() + std::ptrdiff_t(at), rows.begin() + std::ptrdiff_t(next),
                rows.begin() + std::ptrdiff_t(last));
            endInsertRows();
            at += count;
            next = last;
            continue;
        }
        m_rows[at++] = rows[next++]; // the same step: only its time may have been refined
    }
    if (!m_rows.empty()) {
        emit dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
    }
}

int PlotTable::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int PlotTable::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : kFirstTrack + static_cast<int>(m_tracks.size());
}

const TrackPoint* PlotTable::pointFor(const QModelIndex& index) const
{
    const auto& points = m_tracks[static_cast<std::size_t>(index.column() - kFirstTrack)].points;
    const auto step = m_rows[static_cast<std::size_t>(index.row())].step;
    const auto it = std::ranges::lower_bound(points, step, {}, &TrackPoint::step);
    return it != points.end() && it->step == step ? &*it : nullptr;
}

QVariant PlotTable::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount() || index.column() >= columnCount()) {
        return {};
    }
    if (role == Qt::TextAlignmentRole) {
        return static_cast<int>(Qt::AlignRight | Qt::AlignVCenter);
    }
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole) {
        return {};
    }
    if (index.column() < kFirstTrack) {
        const Moment& moment = m_rows[static_cast<std::size_t>(index.row())];
        const bool isStep = index.column() == 0;
        return role == Qt::ToolTipRole ? QVariant()
            : isStep                   ? xText(XUnit::Step, static_cast<double>(moment.step))
                                       : xText(XUnit::Time, moment.seconds);
    }
    const TrackPoint* point = pointFor(index);
    if (point == nullptr) {
        return {};
    }
    const Track& track = m_tracks[static_cast<std::size_t>(index.column() - kFirstTrack)];
    return role == Qt::DisplayRole ? valueText(track, *point) : extremesText(track, *point);
}

QVariant PlotTable::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole || section < 0 || section >= columnCount()) {
        return {};
    }
    if (section < kFirstTrack) {
        return section == 0 ? tr("step") : tr("time");
    }
    return m_tracks[static_cast<std::size_t>(section - kFirstTrack)].title;
}

} // namespace dubito::ui::chart
