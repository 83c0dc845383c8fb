// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/OpenBench.h"

#include "backend/base/ScratchFolder.h"
#include "backend/metrics/MetricsFile.h"
#include "backend/session/Replay.h"
#include "bench/ProcessUse.h"
#include "bench/UiMeasurement.h"
#include "ui/MainWindow.h"
#include "ui/SnapshotSignals.h"

#include <QApplication>
#include <QWheelEvent>

#include <cmath>
#include <cstdio>
#include <filesystem>
#include <string>

namespace dubito::bench {

namespace {

using metrics::Metric;
using Clock = std::chrono::steady_clock;

double secondsSince(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }

/// What a real run writes at every step: everything but the shares of source classes that a batch does not hold, and the
/// held-out losses, which come every thousand steps.
metrics::MetricsLine lineOf(std::int64_t step)
{
    metrics::MetricsLine line;
    line.step = step;
    line.time = std::chrono::milliseconds(step * 37);
    for (const auto& row : metrics::kMetricRows) {
        const bool isHeldOut = row.metric == Metric::Validation || row.metric >= Metric::ValidationPatent;
        const bool isShare = row.metric >= Metric::SharePatent && row.metric <= Metric::ShareOther;
        const auto place = static_cast<std::int64_t>(row.metric);
        if ((isHeldOut && step % 1000 != 0) || (isShare && (step + place) % 4 != 0)) {
            continue;
        }
        const double noise = std::sin(static_cast<double>(step) * 12.9898 + static_cast<double>(place) * 78.233);
        line.values.emplace_back(row.metric, 3.0 + static_cast<double>(place) + noise);
    }
    return line;
}

bool writeRun(const std::filesystem::path& folder, std::int64_t steps)
{
    auto file = metrics::MetricsFile::create(folder / "metrics.jsonl", 0);
    if (!file) {
        return false;
    }
    for (std::int64_t step = 1; step <= steps; ++step) {
        if (!file->append(lineOf(step))) {
            return false;
        }
    }
    return static_cast<bool>(file->flush());
}

/// Draws what is asked for, as the event loop would.
void settle()
{
    for (int turn = 0; turn < 12; ++turn) {
        QApplication::processEvents();
    }
}

/// A notch of the wheel over a chart: all charts follow. The time until the last of them is drawn.
double frameMilliseconds(QWidget& canvas, const QPointF& at, int notches)
{
    const auto begin = Clock::now();
    QWheelEvent event(at, canvas.mapToGlobal(at), {}, { 0, notches * 120 }, Qt::NoButton, Qt::NoModifier,
        Qt::NoScrollPhase, false);
    QApplication::sendEvent(&canvas, &event);
    settle();
    return secondsSince(begin) * 1000;
}

StallHistogram zoomThrough(ui::MainWindow& window)
{
    constexpr int kNotches = 12; // in, and as many out again
    constexpr int kPlaces = 10;
    StallHistogram frames;
    auto* canvas = window.findChild<QWidget*>(QStringLiteral("canvas"));
    for (int place = 1; canvas != nullptr && place <= kPlaces; ++place) {
        const QPointF at(canvas->width() * place / double(kPlaces + 1), canvas->height() / 2.0);
        for (int notch = 0; notch < 2 * kNotches; ++notch) {
            frames.add(frameMilliseconds(*canvas, at, notch < kNotches ? 1 : -1));
        }
    }
    return frames;
}

} // namespace

int openRecordedRun(std::int64_t steps)
{
    const ScratchFolder folder("bench");
    if (folder.path().empty() || !writeRun(folder.path(), steps)) {
        std::fputs("dubito-bench: the run cannot be written; is there room in the temporary folder?\n", stderr);
        return 6;
    }
    const UseOfProcessors before;
    const auto begin = Clock::now();
    auto replay = session::Replay::open(folder.path());
    if (!replay) {
        std::fprintf(stderr, "dubito-bench: %s\n", toText(replay.error()).c_str());
        return 1;
    }
    const double read = secondsSince(begin);
    ui::SnapshotSignals watch(**replay);
    ui::MainWindow window(**replay, watch, ui::MainWindow::Memory::Forget);
    window.show();
    watch.start();
    settle();
    const double shown = secondsSince(begin);
    const auto frames = zoomThrough(window);
    const nlohmann::json report { { "bench", "ui --open" }, { "steps", steps },
        { "megabytes", static_cast<double>(std::filesystem::file_size(folder.path() / "metrics.jsonl")) / (1 << 20) },
        { "read_seconds", read }, { "shown_seconds", shown }, { "frame_ms", frames.toJson() },
        { "others_share", othersShare(before, UseOfProcessors()) } };
    std::puts(report.dump(2).c_str());
    return 0;
}

} // namespace dubito::bench
