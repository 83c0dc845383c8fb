// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/base/Text.h"
#include "backend/memory/HeapSettings.h"
#include "backend/memory/LeakLadder.h"
#include "backend/memory/MemoryProbe.h"
#include "bench/Benches.h"
#include "bench/ProcessUse.h"
#include "bench/SyntheticRun.h"
#include "ui/SnapshotSignals.h"
#include "ui/Theme.h"
#include "ui/chart/PlotBar.h"
#include "ui/chart/PlotGrid.h"
#include "ui/chart/PlotGroup.h"
#include "ui/memory/CategoryPlot.h"
#include "ui/memory/LeakPlot.h"
#include "ui/memory/MemoryPlot.h"
#include "ui/metrics/LossPlot.h"
#include "ui/metrics/SharesPlot.h"
#include "ui/metrics/ThroughputPlot.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QTimer>
#include <QVBoxLayout>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>
#include <optional>
#include <string_view>

namespace dubito::bench {

namespace {

struct Options {
    double seconds = 60;
    double rate = 10;
    double warmUp = 10;
    double failAbove = 0; ///< ms; 0: off
    double hidden = 0; ///< 1: nothing is shown, as when minimised

    bool isHidden() const { return hidden > 0; }
};

std::optional<Options> parse(const Arguments& arguments)
{
    Options options;
    const std::array<std::pair<std::string_view, double Options::*>, 5> flags { { { "--seconds", &Options::seconds },
        { "--rate", &Options::rate }, { "--warm-up", &Options::warmUp }, { "--hidden", &Options::hidden },
        { "--fail-above", &Options::failAbove } } };
    for (std::size_t i = 0; i < arguments.size(); i += 2) {
        const auto flag = std::ranges::find(flags, arguments[i], &std::pair<std::string_view, double Options::*>::first);
        const auto number = i + 1 < arguments.size() ? parseNumber(arguments[i + 1]) : std::nullopt;
        if (flag == flags.end() || !number || !(*number >= 0) || *number > 1e6) {
            return std::nullopt;
        }
        options.*(flag->second) = *number;
    }
    return options;
}

/// How late the event loop was, in tenths of a millisecond up to two seconds. Fixed size: it is part of what is measured.
class StallHistogram {
public:
    void add(double milliseconds)
    {
        m_longest = std::max(m_longest, milliseconds);
        const auto bin = static_cast<std::size_t>(std::clamp(milliseconds * 10, 0.0, double(m_bins.size() - 1)));
        ++m_bins[bin];
        ++m_count;
    }

    double quantile(double share) const
    {
        std::int64_t below = 0;
        for (std::size_t bin = 0; bin < m_bins.size(); ++bin) {
            below += m_bins[bin];
            if (static_cast<double>(below) >= share * static_cast<double>(m_count)) {
                return static_cast<double>(bin) / 10;
            }
        }
        return m_longest;
    }

    double longest() const { return m_longest; }
    std::int64_t count() const { return m_count; }

private:
    std::array<std::int64_t, 20'000> m_bins {};
    std::int64_t m_count = 0;
    double m_longest = 0;
};

/// Resident memory, ten samples a second: the slope by the same ladder that judges training, and the drift of the floor.
class ResidentWatch {
public:
    void add(double mb)
    {
        m_ladder.add(mb);
        m_floorNow = m_inBlock == 0 ? mb : std::min(m_floorNow, mb);
        if (++m_inBlock == kBlock) {
            m_firstFloor = m_hasFloor ? m_firstFloor : m_floorNow;
            m_lastFloor = m_floorNow;
            m_hasFloor = true;
            m_inBlock = 0;
        }
    }

    nlohmann::json toJson(double stepsPerSample) const
    {
        const auto slope = m_ladder.estimate();
        return { { "mb_per_step", slope.mbPerStep / stepsPerSample }, { "low", slope.low / stepsPerSample },
            { "high", slope.high / stepsPerSample }, { "nothing_above", m_ladder.nothingAbove() / stepsPerSample },
            { "warns", m_ladder.warns() }, { "drift_mb", m_hasFloor ? m_lastFloor - m_firstFloor : 0.0 } };
    }

private:
    static constexpr int kBlock = 50; // five seconds

    memory::LeakLadder m_ladder { memory::LadderRules::forResident(0.02, 1.0) };
    double m_floorNow = 0;
    double m_firstFloor = 0;
    double m_lastFloor = 0;
    int m_inBlock = 0;
    bool m_hasFloor = false;
};

double threadSeconds()
{
    timespec now {};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

/// The charts as the window has them.
class Charts : public QWidget {
public:
    Charts()
    {
        auto* column = new QVBoxLayout(this);
        auto* grid = new ui::chart::PlotGrid;
        column->addWidget(new ui::chart::PlotBar(m_group));
        column->addWidget(grid, 1);
        grid->add(new ui::memory::MemoryPlot(m_group));
        grid->add(new ui::memory::LeakPlot(m_group));
        grid->add(new ui::metrics::LossPlot(m_group));
        grid->add(new ui::memory::CategoryPlot(m_group));
        grid->add(new ui::metrics::ThroughputPlot(m_group));
        grid->add(new ui::metrics::SharesPlot(m_group));
        m_grid = grid;
        resize(950, 760);
    }

    void display(const session::Snapshot& snapshot)
    {
        if (isVisible()) {
            m_grid->display(snapshot);
        }
    }

private:
    ui::chart::PlotGroup m_group;
    ui::chart::PlotGrid* m_grid;
};

/// Measures from the end of the warm-up to the end.
class Measurement : public QObject {
public:
    explicit Measurement(const Options& options)
        : m_options(options)
    {
        m_beat.setTimerType(Qt::PreciseTimer);
        connect(&m_beat, &QTimer::timeout, this, [this] { beat(); });
        connect(&m_sample, &QTimer::timeout, this, [this] { sample(); });
    }

    void begin(std::int64_t step)
    {
        m_firstStep = step;
        m_cpu = threadSeconds();
        m_processors = UseOfProcessors();
        m_wall.start();
        m_sinceBeat.start();
        m_beat.start(kBeat);
        m_sample.start(100);
    }

    nlohmann::json report(std::int64_t step) const
    {
        const double seconds = static_cast<double>(m_wall.nsecsElapsed()) * 1e-9;
        return { { "bench", "ui" }, { "seconds", seconds }, { "steps", step - m_firstStep }, { "rate", m_options.rate },
            { "hidden", m_options.isHidden() },
            { "stall_ms", { { "p50", m_stalls.quantile(0.5) }, { "p99", m_stalls.quantile(0.99) },
                              { "longest", m_stalls.longest() }, { "beats", m_stalls.count() } } },
            { "resident", m_resident.toJson(std::max(m_options.rate, 1e-9) / 10) },
            { "cpu_share", (threadSeconds() - m_cpu) / seconds },
            { "others_share", othersShare(m_processors, UseOfProcessors()) } };
    }

    double longest() const { return m_stalls.longest(); }

private:
    static constexpr int kBeat = 5;

    void beat()
    {
        const double late = static_cast<double>(m_sinceBeat.nsecsElapsed()) * 1e-6 - kBeat;
        m_sinceBeat.start();
        m_stalls.add(std::max(0.0, late));
    }

    void sample() { m_resident.add(toMiB(m_probe.process().resident)); }

    Options m_options;
    QTimer m_beat;
    QTimer m_sample;
    QElapsedTimer m_sinceBeat;
    QElapsedTimer m_wall;
    StallHistogram m_stalls;
    ResidentWatch m_resident;
    memory::LinuxMemoryProbe m_probe;
    double m_cpu = 0;
    UseOfProcessors m_processors;
    std::int64_t m_firstStep = 0;
};

std::chrono::milliseconds toMilliseconds(double seconds)
{
    return std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
}

} // namespace

int runUiBench(const Arguments& arguments)
{
    const auto options = parse(arguments);
    if (!options) {
        std::fputs("usage: dubito-bench ui [--seconds N] [--rate N] [--warm-up N] [--hidden 1] [--fail-above MS]\n", stderr);
        return 2;
    }
    memory::settleHeap(); // as the dashboard does
    if (qEnvironmentVariableIsEmpty("DISPLAY") && qEnvironmentVariableIsEmpty("WAYLAND_DISPLAY")) {
        qputenv("QT_QPA_PLATFORM", "offscreen");
    }
    std::array name { 'd', 'u', 'b', 'i', 't', 'o', '\0' };
    std::array<char*, 2> words { name.data(), nullptr };
    int count = 1;
    QApplication application(count, words.data());
    ui::applyTheme(application, ui::Scheme::Light);
    SyntheticRun run(options->rate);
    Charts charts;
    ui::SnapshotSignals watch(run);
    QObject::connect(&watch, &ui::SnapshotSignals::snapshotReady, &charts,
        [&charts](const ui::SnapshotPointer& snapshot) { charts.display(*snapshot); });
    if (options->isHidden()) {
        watch.setWatch(ui::SnapshotSignals::Watch::Hidden);
    } else {
        charts.show();
    }
    watch.start();
    Measurement measurement(*options);
    QTimer::singleShot(toMilliseconds(options->warmUp), &measurement, [&] { measurement.begin(run.step()); });
    QTimer::singleShot(toMilliseconds(options->warmUp + options->seconds), &application, [] { QApplication::quit(); });
    QApplication::exec();
    std::puts(measurement.report(run.step()).dump(2).c_str());
    return options->failAbove > 0 && measurement.longest() > options->failAbove ? 10 : 0;
}

} // namespace dubito::bench
