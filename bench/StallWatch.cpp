// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/StallWatch.h"

#include <QMetaEnum>
#include <QThread>
#include <QTimer>

#include <algorithm>
#include <fstream>
#include <string>
#include <sys/resource.h>
#include <unistd.h>
#include <utility>

namespace dubito::bench {

namespace {

constexpr double kWorthAName = 2; // milliseconds
constexpr int kBeatsBetweenLooks = 200;

QString typeOf(QEvent::Type type)
{
    const char* word = QMetaEnum::fromType<QEvent::Type>().valueToKey(type);
    return word == nullptr ? QString::number(type) : QString(QLatin1String(word));
}

/// In all and of all processors, in milliseconds.
double stolenTime()
{
    std::ifstream in("/proc/stat");
    std::string word;
    in >> word; // "cpu": user nice system idle iowait irq softirq steal
    double value = 0;
    for (int field = 0; field < 8; ++field) {
        in >> value;
    }
    return value * 1000 / static_cast<double>(sysconf(_SC_CLK_TCK));
}

double toMilliseconds(std::chrono::nanoseconds time) { return std::chrono::duration<double, std::milli>(time).count(); }

} // namespace

bool WatchedApplication::notify(QObject* receiver, QEvent* event)
{
    if (receiver->thread() != thread() || QThread::currentThread() != thread() || m_depth > 0) {
        return QApplication::notify(receiver, event);
    }
    // Looked at before: the event may be the end of its receiver.
    const char* className = receiver->metaObject()->className();
    const auto* timer = qobject_cast<const QTimer*>(receiver);
    const int interval = timer == nullptr ? -1 : timer->interval();
    const auto type = event->type();
    QElapsedTimer clock;
    clock.start();
    ++m_depth;
    const bool isTaken = QApplication::notify(receiver, event);
    --m_depth;
    const double milliseconds = static_cast<double>(clock.nsecsElapsed()) * 1e-6;
    if (milliseconds > std::max(m_longest.milliseconds, kWorthAName)) {
        const QString name = interval < 0 ? QString(QLatin1String(className)) : QStringLiteral("QTimer of %1 ms").arg(interval);
        m_longest = { name + QStringLiteral(": ") + typeOf(type), milliseconds };
    }
    return isTaken;
}

LongestEvent WatchedApplication::takeLongest() { return std::exchange(m_longest, {}); }

ThreadUse ThreadUse::now()
{
    ThreadUse use;
    std::int64_t ran = 0;
    std::int64_t waited = 0;
    std::ifstream("/proc/thread-self/schedstat") >> ran >> waited;
    rusage usage {};
    getrusage(RUSAGE_THREAD, &usage);
    use.ran = std::chrono::nanoseconds(ran);
    use.waited = std::chrono::nanoseconds(waited);
    use.takenAway = usage.ru_nivcsw;
    use.majorFaults = usage.ru_majflt;
    use.minorFaults = usage.ru_minflt;
    return use;
}

bool Stall::isOfTheMachine() const { return toMilliseconds(used.ran) - stolen < milliseconds / 2; }

void StallWatch::begin()
{
    *this = {};
    m_before = ThreadUse::now();
    m_stolen = stolenTime();
    if (auto* application = dynamic_cast<WatchedApplication*>(QCoreApplication::instance())) {
        application->takeLongest();
    }
}

double StallWatch::beat(double atSeconds, double milliseconds)
{
    const ThreadUse now = ThreadUse::now();
    Stall stall { atSeconds, milliseconds,
        { now.ran - m_before.ran, now.waited - m_before.waited, now.takenAway - m_before.takenAway,
            now.majorFaults - m_before.majorFaults, now.minorFaults - m_before.minorFaults },
        0, {} };
    m_before = now;
    if (++m_beats >= kBeatsBetweenLooks || milliseconds >= kLate) {
        const double stolen = stolenTime();
        stall.stolen = stolen - std::exchange(m_stolen, stolen);
        m_beats = 0;
    }
    if (auto* application = dynamic_cast<WatchedApplication*>(QCoreApplication::instance())) {
        stall.event = application->takeLongest();
    }
    if (milliseconds >= kLate) {
        ++m_count;
        m_ofTheMachine += stall.isOfTheMachine() ? 1 : 0;
        m_stalls.push_back(stall);
        if (m_stalls.size() > kMost) {
            m_stalls.erase(std::ranges::min_element(m_stalls, {}, &Stall::milliseconds));
        }
    }
    // Between events the thread sleeps; when it is woken late, nothing of the window held it up but what it computed.
    const double unforced = milliseconds - toMilliseconds(stall.used.waited);
    const double held = stall.event.what.isEmpty() ? std::min(unforced, toMilliseconds(stall.used.ran)) : unforced;
    return std::max(0.0, held);
}

nlohmann::json StallWatch::toJson() const
{
    nlohmann::json list = nlohmann::json::array();
    for (const Stall& stall : m_stalls) {
        list.push_back({ { "at_s", stall.atSeconds }, { "ms", stall.milliseconds },
            { "whose", stall.isOfTheMachine() ? "machine" : "window" }, { "ran_ms", toMilliseconds(stall.used.ran) },
            { "waited_ms", toMilliseconds(stall.used.waited) }, { "stolen_ms", stall.stolen }, { "taken_away", stall.used.takenAway },
            { "major_faults", stall.used.majorFaults }, { "minor_faults", stall.used.minorFaults },
            { "event", stall.event.what.toStdString() }, { "event_ms", stall.event.milliseconds } });
    }
    return { { "above_ms", kLate }, { "count", m_count }, { "of_the_machine", m_ofTheMachine }, { "worst", list } };
}

} // namespace dubito::bench
