// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/session/SessionApi.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>

namespace dubito::ui {

using SnapshotPointer = std::shared_ptr<const session::Snapshot>;

/// What watching costs, as the status line shows it.
struct WindowCost {
    double lagMilliseconds = 0; ///< the longest the event loop was late in the last two seconds
    double share = 0; ///< of one core, by the window's thread, over the last two seconds
};

/// It is the one place where the backend becomes Qt signals: polls the door and tells what is new.
///
/// Main thread. Polls at 5 Hz, at 1 Hz while the window is hidden; a fast trainer cannot flood the event loop. It also
/// measures how late the loop runs and what the window's own thread costs. It posts no commands: MainWindow does.
class SnapshotSignals final : public QObject {
    Q_OBJECT

public:
    enum class Watch : std::uint8_t { Shown, Hidden };

    /// `api` must outlive this.
    explicit SnapshotSignals(session::SessionApi& api, QObject* parent = nullptr);

    void start();
    void setWatch(Watch watch);

    /// Looks at once, as the timer does.
    void poll();

    WindowCost cost() const { return m_cost; }
    std::chrono::milliseconds interval() const { return m_poll.intervalAsDuration(); }

Q_SIGNALS:
    /// Something has changed since the last one.
    void snapshotReady(dubito::ui::SnapshotPointer snapshot);
    /// Once for each id, in their order; what had happened before the first poll is history and is not told.
    void eventHappened(const dubito::session::Event& event);

private:
    std::shared_ptr<session::Snapshot> freeSnapshot();
    void tellNewEvents(const session::Snapshot& now);
    void measureLag();

    session::SessionApi& m_api;
    /// Filled in turns. Whoever still holds one keeps it: then another takes its place here.
    std::array<std::shared_ptr<session::Snapshot>, 3> m_kept;
    QTimer m_poll;
    QTimer m_beat;
    QElapsedTimer m_sinceBeat;
    QElapsedTimer m_window;
    double m_worstLag = 0;
    std::chrono::nanoseconds m_cpuBefore { 0 };
    WindowCost m_cost;
    SnapshotPointer m_last;
    std::uint64_t m_newestEvent = 0;
};

} // namespace dubito::ui
