// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/base/Text.h"
#include "backend/memory/HeapSettings.h"
#include "bench/Benches.h"
#include "bench/OpenBench.h"
#include "bench/ShippedRun.h"
#include "bench/SyntheticRun.h"
#include "bench/UiMeasurement.h"
#include "ui/MainWindow.h"
#include "ui/SnapshotSignals.h"
#include "ui/Theme.h"

#include <QApplication>
#include <QTimer>

#include <algorithm>
#include <array>
#include <cstdio>
#include <functional>
#include <optional>
#include <string_view>

namespace dubito::bench {

namespace {

struct Options {
    double seconds = 60;
    double rate = 10;
    double warmUp = 10;
    double failAbove = 0; ///< ms; 0: off
    double minimised = 0; ///< 1: the window is minimised after the warm-up
    double train = 0; ///< 1: the shipped model is trained beside the window, instead of a synthetic run
    double open = 0; ///< steps of a recorded run that is opened instead; 0: none

    bool isMinimised() const { return minimised > 0; }
    bool trains() const { return train > 0; }
};

std::optional<Options> parse(const Arguments& arguments)
{
    using Field = std::pair<std::string_view, double Options::*>;
    Options options;
    const std::array<Field, 7> flags { { { "--seconds", &Options::seconds }, { "--rate", &Options::rate },
        { "--warm-up", &Options::warmUp }, { "--minimised", &Options::minimised },
        { "--fail-above", &Options::failAbove }, { "--train", &Options::train }, { "--open", &Options::open } } };
    for (std::size_t i = 0; i < arguments.size(); i += 2) {
        const auto flag = std::ranges::find(flags, arguments[i], &Field::first);
        const auto number = i + 1 < arguments.size() ? parseNumber(arguments[i + 1]) : std::nullopt;
        if (flag == flags.end() || !number || !(*number >= 0) || *number > 1e6) {
            return std::nullopt;
        }
        options.*(flag->second) = *number;
    }
    return options;
}

std::chrono::milliseconds toMilliseconds(double seconds)
{
    return std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
}

/// Nobody's desktop hears of a run that trains nothing, and no screen is needed.
void standAlone()
{
    qunsetenv("DBUS_SESSION_BUS_ADDRESS");
    qputenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent");
    if (qEnvironmentVariableIsEmpty("DISPLAY") && qEnvironmentVariableIsEmpty("WAYLAND_DISPLAY")) {
        qputenv("QT_QPA_PLATFORM", "offscreen");
    }
}

/// A run and how far it is.
struct Watched {
    session::SessionApi& session;
    std::function<std::int64_t()> step;
};

/// The real window on a run. The first seconds, with first paint and histories that fill, are told apart.
int watchRun(const Watched& run, const Options& options)
{
    ui::SnapshotSignals watch(run.session);
    ui::MainWindow window(run.session, watch, ui::MainWindow::Memory::Forget);
    UiMeasurement warmUp;
    UiMeasurement measurement;
    std::int64_t firstStep = 0;
    std::int64_t steps = 0;
    warmUp.begin();
    window.show();
    watch.start();
    QTimer::singleShot(toMilliseconds(options.warmUp), &window, [&] {
        warmUp.end();
        if (options.isMinimised()) {
            window.showMinimized();
        }
        firstStep = run.step();
        measurement.begin();
    });
    QTimer::singleShot(toMilliseconds(options.warmUp + options.seconds), &window, [&] {
        measurement.end();
        steps = run.step() - firstStep;
        QApplication::exit(0); // quit() would ask the window, which waits for the end of the run
    });
    QApplication::exec();
    const double rate = static_cast<double>(steps) / options.seconds;
    nlohmann::json report = measurement.report(rate);
    report["bench"] = "ui";
    report["run"] = options.trains() ? "shipped" : "synthetic";
    report["rate"] = rate;
    report["steps"] = steps;
    report["minimised"] = options.isMinimised();
    report["warm_up"] = warmUp.report(rate);
    std::puts(report.dump(2).c_str());
    return options.failAbove > 0 && measurement.longest() > options.failAbove ? 10 : 0;
}

} // namespace

int runUiBench(const Arguments& arguments)
{
    const auto options = parse(arguments);
    if (!options) {
        std::fputs("usage: dubito-bench ui [--seconds N] [--rate N | --train 1] [--warm-up N] [--minimised 1] [--fail-above MS]\n"
                   "       dubito-bench ui --open STEPS\n",
            stderr);
        return 2;
    }
    memory::settleHeap(); // as the dashboard does
    memory::reserveHeap(memory::kWindowHeap);
    standAlone();
    std::array name { 'd', 'u', 'b', 'i', 't', 'o', '\0' };
    std::array<char*, 2> words { name.data(), nullptr };
    int count = 1;
    WatchedApplication application(count, words.data());
    ui::applyTheme(application, ui::Scheme::Light);
    if (options->open > 0) {
        return openRecordedRun(static_cast<std::int64_t>(options->open));
    }
    if (options->trains()) {
        ShippedRun run;
        return watchRun({ run.session(), [&] { return run.step(); } }, *options);
    }
    SyntheticRun run(options->rate);
    return watchRun({ run, [&] { return run.step(); } }, *options);
}

} // namespace dubito::bench
