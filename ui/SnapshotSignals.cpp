// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/SnapshotSignals.h"

#include "backend/base/ThreadTime.h"

#include <algorithm>

namespace dubito::ui {

using namespace std::chrono_literals;

namespace {

constexpr auto kShown = 200ms;
constexpr auto kHidden = 1000ms;
constexpr auto kBeat = 50ms;
constexpr double kWindowNanoseconds = 2e9;

} // namespace

SnapshotSignals::SnapshotSignals(session::SessionApi& api, QObject* parent) : QObject(parent), m_api(api)
{
    m_poll.setInterval(kShown);
    m_beat.setInterval(kBeat);
    m_beat.setTimerType(Qt::PreciseTimer);
    connect(&m_poll, &QTimer::timeout, this, &SnapshotSignals::poll);
    connect(&m_beat, &QTimer::timeout, this, &SnapshotSignals::measureLag);
}

void SnapshotSignals::start()
{
    poll();
    m_cpuBefore = threadTime();
    m_sinceBeat.start();
    m_window.start();
    m_poll.start();
    m_beat.start();
}

void SnapshotSignals::setWatch(Watch watch)
{
    m_poll.setInterval(watch == Watch::Shown ? kShown : kHidden);
    m_beat.setInterval(watch == Watch::Shown ? kBeat : kHidden);
    m_sinceBeat.restart();
    if (watch == Watch::Shown && m_poll.isActive()) {
        poll();
    }
}

/// One that nobody looks at any more: its memory is used again. Only this thread holds any, so the count is true.
std::shared_ptr<session::Snapshot> SnapshotSignals::freeSnapshot()
{
    const auto free = std::ranges::find_if(m_kept, [](const auto& kept) { return kept.use_count() <= 1; });
    auto& place = free == m_kept.end() ? m_kept.front() : *free;
    if (free == m_kept.end() || !place) {
        place = std::make_shared<session::Snapshot>();
    }
    return place;
}

void SnapshotSignals::poll()
{
    const auto next = freeSnapshot();
    m_api.snapshotInto(*next);
    const SnapshotPointer now = next;
    const SnapshotPointer before = m_last;
    if (before && before->revision == now->revision) {
        return;
    }
    m_last = now;
    if (before) {
        tellNewEvents(*now);
    } else {
        m_newestEvent = now->events.empty() ? 0 : now->events.back().id;
    }
    emit snapshotReady(now);
}

void SnapshotSignals::tellNewEvents(const session::Snapshot& now)
{
    if (!now.events.empty() && now.events.back().id < m_newestEvent) {
        m_newestEvent = 0; // another run has begun, its ids start anew
    }
    for (const auto& event : now.events) {
        if (event.id > m_newestEvent) {
            m_newestEvent = event.id;
            emit eventHappened(event);
        }
    }
}

void SnapshotSignals::measureLag()
{
    const double late = static_cast<double>(m_sinceBeat.nsecsElapsed()) / 1e6
        - static_cast<double>(m_beat.intervalAsDuration().count());
    m_sinceBeat.restart();
    m_worstLag = std::max(m_worstLag, late);
    const auto passed = static_cast<double>(m_window.nsecsElapsed());
    if (passed < kWindowNanoseconds) {
        return;
    }
    const auto cpu = threadTime();
    m_cost = { std::max(0.0, m_worstLag), static_cast<double>((cpu - m_cpuBefore).count()) / passed };
    m_cpuBefore = cpu;
    m_worstLag = 0;
    m_window.restart();
}

} // namespace dubito::ui
