// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/chart/PlotContent.h"

#include <QAbstractTableModel>

namespace dubito::ui::chart {

/// The same data as a plot, as a table: one row per moment, the newest first; one column per track.
///
/// Values that fold several samples show their mean, with the extremes in the tool-tip. Rows come and go where they stand and
/// values change in place: no reset, so a selection survives the tick.
class PlotTable : public QAbstractTableModel {
    Q_OBJECT

public:
    explicit PlotTable(QObject* parent = nullptr);

    void setContent(const PlotContent& content);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    struct Moment {
        std::int64_t step = 0;
        double seconds = 0;

        friend bool operator==(const Moment&, const Moment&) = default;
    };

    void setColumns(std::vector<Track> tracks);
    void setRows(std::vector<Moment> rows);
    const TrackPoint* pointFor(const QModelIndex& index) const;

    QString m_unit;
    std::vector<Track> m_tracks; ///< at most as many points each as a series holds
    std::vector<Moment> m_rows; ///< newest first
};

} // namespace dubito::ui::chart
