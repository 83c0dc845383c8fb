// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chart/PlotGroup.h"

#include "ui/Format.h"
#include "ui/chart/Plot.h"
#include "ui/chart/PlotAxes.h"
#include "ui/chart/Track.h"

#include <algorithm>
#include <cmath>

namespace dubito::ui::chart {

namespace {

constexpr std::size_t kMaxBack = 32;
constexpr double kNarrowest = 4; // steps or seconds: nothing more can be seen below
constexpr double kWidest = 1e12;

double stepsOf(Preset preset) { return preset == Preset::Last1000 ? 1000 : 200; }

} // namespace

PlotGroup::PlotGroup(QObject* parent)
    : QObject(parent)
{
    m_drawTimer.setSingleShot(true);
    connect(&m_drawTimer, &QTimer::timeout, this, &PlotGroup::drawNext);
}

void PlotGroup::advance(const session::Snapshot& snapshot)
{
    if (snapshot.revision == m_revision) {
        return;
    }
    m_revision = snapshot.revision;
    m_clock.clear();
    for (const auto metric : { metrics::Metric::CrossEntropy, metrics::Metric::Resident }) {
        if (const auto* series = find(snapshot.series, metric); series != nullptr && m_clock.empty()) {
            for (const TrackPoint& point : toPoints(*series, 1)) {
                m_clock.push_back({ static_cast<double>(point.step), point.seconds });
            }
        }
    }
    const auto lastId = [](const std::vector<session::Event>& events) { return events.empty() ? 0 : events.back().id; };
    const bool newEvents
        = lastId(snapshot.events) != lastId(m_events) || snapshot.events.size() != m_events.size();
    if (newEvents) {
        m_events = snapshot.events;
        if (!m_events.empty() && m_events.back().wall.time_since_epoch().count() > 0) {
            m_began = m_events.back().wall - m_events.back().time;
        }
    }
    keepUp();
    if (newEvents) {
        emit eventsChanged();
    }
}

void PlotGroup::setUnit(XUnit unit)
{
    if (unit == m_unit) {
        return;
    }
    const auto convert = [&](double x) { return toUnit(x, m_unit, unit); };
    XRange range { convert(m_range.from), convert(m_range.to) };
    m_crosshair = m_crosshair ? std::optional(convert(*m_crosshair)) : std::nullopt;
    m_unit = unit;
    m_back.clear();
    setRange(range);
    keepUp();
    emit settingsChanged();
    emit crosshairMoved();
}

void PlotGroup::setPreset(Preset preset)
{
    m_preset = preset;
    m_back.clear();
    setFollow(Follow::On);
    keepUp();
    emit settingsChanged();
}

void PlotGroup::setFollow(Follow follow)
{
    if (m_follow == follow) {
        return;
    }
    m_follow = follow;
    keepUp();
    emit followChanged();
}

void PlotGroup::setSmoothing(double factor)
{
    const double bounded = std::clamp(factor, 0.0, 0.999);
    if (bounded != m_smoothing) {
        m_smoothing = bounded;
        emit settingsChanged();
    }
}

void PlotGroup::setCrosshair(std::optional<double> x)
{
    const auto bounded = x ? std::optional(std::clamp(*x, m_range.from, m_range.to)) : std::nullopt;
    if (bounded != m_crosshair) {
        m_crosshair = bounded;
        emit crosshairMoved();
    }
}

void PlotGroup::moveCrosshair(double share)
{
    const double from = m_crosshair.value_or(std::clamp(newest(), m_range.from, m_range.to));
    // At least one step: a key press must be seen.
    const double distance = m_unit == XUnit::Step
        ? std::copysign(std::max(1.0, std::round(std::abs(share) * m_range.span())), share)
        : share * m_range.span();
    setCrosshair(from + distance);
}

void PlotGroup::zoom(double factor, double x)
{
    if (!std::isfinite(factor) || !std::isfinite(x) || factor <= 0) {
        return;
    }
    const double span = std::clamp(m_range.span() * factor, kNarrowest, std::max(grownEnd(newest()) * 2, kNarrowest));
    const double share = std::clamp((x - m_range.from) / m_range.span(), 0.0, 1.0);
    showRange({ x - share * span, x + (1 - share) * span });
}

void PlotGroup::pan(double distance)
{
    if (std::isfinite(distance) && distance != 0) {
        m_follow = Follow::Off;
        setRange({ m_range.from + distance, m_range.to + distance });
        emit followChanged();
    }
}

void PlotGroup::showRange(const XRange& range)
{
    if (!std::isfinite(range.from) || !std::isfinite(range.to) || !(range.span() > 0)) {
        return;
    }
    m_back.push_back(m_range);
    if (m_back.size() > kMaxBack) {
        m_back.pop_front();
    }
    m_follow = Follow::Off;
    setRange(range);
    emit followChanged();
}

void PlotGroup::zoomOut()
{
    if (m_back.empty()) {
        showWholeRun();
        return;
    }
    const XRange range = m_back.back();
    m_back.pop_back();
    setRange(range);
}

void PlotGroup::showWholeRun() { setPreset(Preset::WholeRun); }

void PlotGroup::showEvent(const session::Event& event)
{
    const double x = m_unit == XUnit::Step ? static_cast<double>(event.step)
                                           : std::chrono::duration<double>(event.time).count();
    if (x < m_range.from || x > m_range.to) {
        showRange({ x - m_range.span() / 2, x + m_range.span() / 2 });
    }
    setCrosshair(x);
}

QString PlotGroup::momentText(double x) const
{
    const QString step = tr("step %1").arg(xText(XUnit::Step, toUnit(x, m_unit, XUnit::Step)));
    if (!m_began) {
        return step;
    }
    const double seconds = std::clamp(toUnit(x, m_unit, XUnit::Time), 0.0, kWidest / 1e3);
    const auto when = *m_began + std::chrono::milliseconds(std::llround(seconds * 1000));
    return tr("%1, %2").arg(step, format::timeOfDay(when));
}

void PlotGroup::requestDraw(Plot* plot)
{
    const bool isQueued = std::ranges::any_of(m_queue, [plot](const auto& queued) { return queued == plot; });
    if (!isQueued) {
        m_queue.emplace_back(plot);
    }
    if (!m_drawTimer.isActive()) {
        m_drawTimer.start(0);
    }
}

void PlotGroup::reserveMargin(int pixels)
{
    if (pixels > m_leftMargin) {
        m_leftMargin = pixels;
        emit rangeChanged();
    }
}

void PlotGroup::keepUp()
{
    if (m_follow == Follow::Off) {
        return;
    }
    const double end = newest();
    if (m_preset == Preset::WholeRun) {
        setRange({ 0, grownEnd(end) });
        return;
    }
    const double steps = stepsOf(m_preset);
    const double lastStep = toUnit(end, m_unit, XUnit::Step);
    // A tenth of the window is headroom, and the window moves a tenth at a time.
    const double jump = steps / 10;
    const double to = std::max(std::ceil((lastStep + jump / 2) / jump) * jump, steps);
    const XRange wanted { to - steps, to };
    setRange(m_unit == XUnit::Step
            ? wanted
            : XRange { toUnit(wanted.from, XUnit::Step, XUnit::Time), toUnit(wanted.to, XUnit::Step, XUnit::Time) });
}

void PlotGroup::setRange(XRange range)
{
    range.from = std::clamp(range.from, -kWidest, kWidest);
    range.to = std::clamp(range.to, range.from, kWidest);
    if (range.span() < kNarrowest) {
        const double middle = (range.from + range.to) / 2;
        range = { middle - kNarrowest / 2, middle + kNarrowest / 2 };
    }
    if (range != m_range) {
        m_range = range;
        emit rangeChanged();
    }
}

void PlotGroup::drawNext()
{
    while (!m_queue.empty() && m_queue.front().isNull()) {
        m_queue.pop_front();
    }
    if (m_queue.empty()) {
        return;
    }
    Plot* plot = m_queue.front();
    m_queue.pop_front();
    if (plot->isVisible()) {
        plot->drawNow();
    }
    if (!m_queue.empty()) {
        m_drawTimer.start(0);
    }
}

double PlotGroup::newest() const
{
    if (m_clock.empty()) {
        return 0;
    }
    return m_unit == XUnit::Step ? m_clock.back().step : m_clock.back().seconds;
}

/// Steps to seconds and back, along the clock of the run; beyond its ends at the mean pace.
double PlotGroup::toUnit(double x, XUnit from, XUnit to) const
{
    if (from == to || m_clock.empty()) {
        return x;
    }
    const auto source = from == XUnit::Step ? &Moment::step : &Moment::seconds;
    const auto target = to == XUnit::Step ? &Moment::step : &Moment::seconds;
    const Moment origin {};
    const auto after = std::ranges::lower_bound(m_clock, x, {}, source);
    const Moment& right = after == m_clock.end() ? m_clock.back() : *after;
    const Moment& left
        = after == m_clock.begin() || after == m_clock.end() ? origin : *std::prev(after);
    const double span = right.*source - left.*source;
    return span > 0 ? left.*target + (x - left.*source) / span * (right.*target - left.*target) : right.*target;
}

} // namespace dubito::ui::chart
