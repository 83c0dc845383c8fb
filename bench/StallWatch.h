// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QApplication>
#include <QElapsedTimer>
#include <QEvent>
#include <QString>
#include <nlohmann/json.hpp>

#include <chrono>
#include <cstdint>
#include <vector>

namespace dubito::bench {

/// The longest event since it was asked last.
struct LongestEvent {
    QString what; ///< "QTimer of 200 ms: Timer", "dubito::ui::chart::PlotCanvas: Paint"; empty below two milliseconds
    double milliseconds = 0;
};

/// An application that knows which event of its main thread took longest.
class WatchedApplication final : public QApplication {
public:
    WatchedApplication(int& count, char** words) : QApplication(count, words) { }

    bool notify(QObject* receiver, QEvent* event) override;

    /// And begins anew.
    LongestEvent takeLongest();

private:
    int m_depth = 0;
    LongestEvent m_longest;
};

/// What the kernel says about a thread.
struct ThreadUse {
    std::chrono::nanoseconds ran { 0 };
    std::chrono::nanoseconds waited { 0 }; ///< ready to run, while others had the processors
    std::int64_t takenAway = 0; ///< involuntary switches
    std::int64_t majorFaults = 0; ///< pages read from a disk
    std::int64_t minorFaults = 0;

    /// Of the calling thread, now.
    static ThreadUse now();
};

/// A beat that came late, and whose fault it was.
struct Stall {
    double atSeconds = 0; ///< since the measurement began
    double milliseconds = 0;
    ThreadUse used; ///< since the beat before
    double stolen = 0; ///< milliseconds that the host took from the machine's processors since it was looked at, a second ago at most
    LongestEvent event; ///< since the beat before

    /// The machine was elsewhere for more than half of it.
    bool isOfTheMachine() const;
};

/// Follows the beats of an event loop and keeps the late ones, the worst kMost of them.
class StallWatch {
public:
    static constexpr double kLate = 20; // milliseconds
    static constexpr std::size_t kMost = 24;

    void begin();
    /// Returns what of the lateness is the window's: not what the thread waited for a processor, and without an event of two
    /// milliseconds or more only what it computed, since a machine that stands still wakes nobody in time.
    double beat(double atSeconds, double milliseconds);

    nlohmann::json toJson() const;

private:
    ThreadUse m_before;
    double m_stolen = 0; ///< in all, as it was looked at last
    int m_beats = 0; ///< since then
    std::vector<Stall> m_stalls; ///< at most kMost
    std::int64_t m_count = 0;
    std::int64_t m_ofTheMachine = 0;
};

} // namespace dubito::bench
