// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/session/RunDetail.h"
#include "backend/session/Snapshot.h"
#include "ui/chart/Decimate.h"

#include <QObject>
#include <QTimer>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>

namespace dubito::ui::chart {

class PlotGroup;

/// The steps that a view should be read anew for: those that the histories show folded, so coarse that the folds can be
/// seen. Nothing when they are fine enough, or nothing is zoomed into.
std::optional<dubito::metrics::StepRange> stepsToRead(const std::vector<dubito::metrics::Series>& series, const View& view);

/// The steps of the longest fold in a view; 0 where every step stands for itself.
std::int64_t longestFold(const std::vector<dubito::metrics::Series>& series, const View& view);

/// Zoomed in, the charts show what the file of the run says, not what the histories have folded.
///
/// When the view of the group has kept still for a moment, its steps and as many on either side are read on a thread of
/// their own; arrived() tells that refined() has more to say. More than readDetail() reads stays folded, and isTooMuch()
/// says so. Main thread. It draws nothing: ChartArea hands on.
class ZoomDetail final : public QObject {
    Q_OBJECT

public:
    /// `group` outlives this. `mostBytes` of the file are read for a view.
    explicit ZoomDetail(const PlotGroup& group, QObject* parent = nullptr, std::int64_t mostBytes = session::kMostDetailBytes);
    ~ZoomDetail() override;

    /// The snapshot with what has been read of the present view; the snapshot itself while there is nothing. Begins to
    /// read where that is needed. Good until the next call.
    const session::Snapshot& refined(const session::Snapshot& snapshot);

    /// The view that was refined last stays folded, because it holds more of the file than is read for a view.
    bool isTooMuch() const { return m_isTooMuch; }

signals:
    /// The view keeps still: ask refined() whether it needs anything.
    void snapshotWanted();
    /// refined() has other numbers for the same snapshot.
    void arrived();

private:
    void forget();
    void read(const dubito::metrics::StepRange& steps);
    void look();

    const PlotGroup& m_group;
    std::int64_t m_mostBytes;
    QTimer m_settle; ///< since the view moved last
    QTimer m_look; ///< at the reader, while there is one
    std::filesystem::path m_file; ///< of the run that the detail belongs to
    std::optional<dubito::metrics::StepRange> m_asked; ///< what was read last, whatever came of it
    std::int64_t m_tooMany; ///< so many steps of the file have been refused
    bool m_isTooMuch = false;
    std::unique_ptr<session::DetailReader> m_reader;
    std::shared_ptr<const Result<session::RunDetail>> m_detail; ///< null: none, or an error
    session::Snapshot m_fine;
};

} // namespace dubito::ui::chart
