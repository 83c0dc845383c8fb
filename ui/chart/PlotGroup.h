// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/session/Snapshot.h"
#include "ui/chart/Decimate.h"

#include <QObject>
#include <QPointer>
#include <QTimer>

#include <chrono>
#include <deque>
#include <optional>
#include <vector>

namespace dubito::ui::chart {

class Plot;

enum class Preset : std::uint8_t { WholeRun, Last1000, Last200 };
enum class Follow : std::uint8_t { Off, On };

/// What a notch of the wheel, or a key, makes of the range.
inline constexpr double kZoomPerNotch = 0.8;

/// What some plots share: the visible part of the x-axis, the crosshair, the event marks and the smoothing.
///
/// Following means that the range keeps up with the run by itself; any zoom or pan ends it. Redraws are queued here and
/// done one plot per turn of the event loop, so that many charts never make one long stall. Main thread only.
class PlotGroup : public QObject {
    Q_OBJECT

public:
    explicit PlotGroup(QObject* parent = nullptr);

    /// Takes over how far the run has come and what happened. The same revision twice costs nothing.
    void advance(const session::Snapshot& snapshot);

    View view(int columns) const { return { m_unit, m_range, columns }; }
    const XRange& range() const { return m_range; }
    XUnit unit() const { return m_unit; }
    Preset preset() const { return m_preset; }
    Follow follow() const { return m_follow; }
    double smoothing() const { return m_smoothing; }
    std::optional<double> crosshair() const { return m_crosshair; }
    const std::vector<session::Event>& events() const { return m_events; }

    void setUnit(XUnit unit);
    void setPreset(Preset preset); ///< also switches Follow on
    void setFollow(Follow follow);
    void setSmoothing(double factor); ///< 0 … 0.999
    void setCrosshair(std::optional<double> x);
    /// Moves the crosshair by a share of the visible range; from the newest value when there is none.
    void moveCrosshair(double share);

    /// Makes the range `factor` times as wide (below 1: zooms in); what stands at `x` stays there.
    void zoom(double factor, double x);
    void pan(double distance);
    /// Shows this part; the one before can be had back by zoomOut().
    void showRange(const XRange& range);
    /// One step back out; the whole run when no step is left.
    void zoomOut();
    void showWholeRun();
    /// Zooms to the moment of an event, and puts the crosshair there.
    void showEvent(const session::Event& event);

    /// "step 2,744, 21:39:10": a moment for people; the time of day where it is known.
    QString momentText(double x) const;

    /// Draws the plot at one of the next turns of the event loop; asking twice draws once.
    void requestDraw(Plot* plot);

    /// Room left of the plots for their numbers: the widest ever asked for, so that the plots of a column stay aligned.
    int leftMargin() const { return m_leftMargin; }
    void reserveMargin(int pixels);

signals:
    void rangeChanged();
    void crosshairMoved();
    void followChanged();
    void settingsChanged(); ///< unit, preset or smoothing
    void eventsChanged();
    void eventChosen(quint64 id);

private:
    struct Moment {
        double step = 0;
        double seconds = 0;
    };

    void keepUp();
    void setRange(XRange range);
    void drawNext();
    double newest() const;
    double toUnit(double x, XUnit from, XUnit to) const;

    XUnit m_unit = XUnit::Step;
    Preset m_preset = Preset::WholeRun;
    Follow m_follow = Follow::On;
    XRange m_range { 0, 50 };
    double m_smoothing = 0.93;
    std::optional<double> m_crosshair;
    std::vector<session::Event> m_events; ///< at most 512, as in the snapshot
    std::vector<Moment> m_clock; ///< steps and their times; at most one bucket list and the latest samples
    std::optional<std::chrono::system_clock::time_point> m_began;
    std::optional<std::uint64_t> m_revision;
    std::deque<XRange> m_back; ///< at most kMaxBack
    std::deque<QPointer<Plot>> m_queue; ///< each plot at most once
    QTimer m_drawTimer;
    int m_leftMargin = 40;
};

} // namespace dubito::ui::chart
