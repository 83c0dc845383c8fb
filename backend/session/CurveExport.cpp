// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/CurveExport.h"

#include "backend/base/AtomicFile.h"
#include "backend/base/Text.h"
#include "backend/metrics/MetricsReading.h"

#include <array>
#include <cmath>
#include <string>

namespace dubito::session {

namespace {

constexpr std::size_t kWriteAt = 256 * 1024;

std::string headLine()
{
    std::string head = "step,seconds";
    for (const metrics::MetricRow& row : metrics::kMetricRows) {
        head += ',';
        head += row.key;
    }
    return head + '\n';
}

void addRow(const metrics::MetricsLine& line, std::string& text)
{
    std::array<double, metrics::kMetricCount> values;
    values.fill(std::nan(""));
    for (const auto& [metric, value] : line.values) {
        values[static_cast<std::size_t>(metric)] = value;
    }
    text += std::to_string(line.step) + ',' + exactNumber(std::chrono::duration<double>(line.time).count());
    for (const double value : values) {
        text += ',';
        if (std::isfinite(value)) {
            text += exactNumber(value);
        }
    }
    text += '\n';
}

} // namespace

Result<std::int64_t> exportCurves(
    const std::filesystem::path& metricsFile, const std::filesystem::path& csv, const OpeningListener& listener)
{
    auto file = AtomicFile::create(csv);
    if (!file) {
        return file.error();
    }
    std::string text = headLine();
    std::int64_t steps = 0;
    Result<void> written;
    const auto write = [&] {
        if (written) {
            written = file->write(text);
        }
        text.clear();
    };
    const metrics::MetricsListener reading { .onLine =
                                                 [&](const metrics::MetricsLine& line) {
                                                     addRow(line, text);
                                                     ++steps;
                                                     if (text.size() >= kWriteAt) {
                                                         write();
                                                     }
                                                 },
        .onProgress =
            [&](const metrics::ReadingProgress& progress) {
                if (listener.onProgress && progress.bytesInAll > 0) {
                    listener.onProgress(
                        static_cast<double>(progress.bytesRead) / static_cast<double>(progress.bytesInAll));
                }
            } };
    if (const auto read = metrics::readMetrics(metricsFile, reading, listener.stop); !read) {
        return read.error();
    }
    write();
    if (!written) {
        return written.error();
    }
    if (auto placed = file->commit(); !placed) {
        return placed.error();
    }
    return steps;
}

CurveExport::CurveExport(const std::filesystem::path& metricsFile, const std::filesystem::path& csv)
    : m_worker(
          "curves",
          [this, metricsFile, csv](std::stop_token stop) {
              auto outcome = exportCurves(metricsFile, csv,
                  { .onProgress = [this](double share) { m_state.update([&](State& state) { state.share = share; }); },
                      .stop = std::move(stop) });
              m_state.update([&](State& state) { state.outcome.emplace(std::move(outcome)); });
          },
          [this](const Error& error) { m_state.update([&](State& state) { state.outcome.emplace(error); }); })
{
}

double CurveExport::share() const
{
    return m_state.read([](const State& state) { return state.share; });
}

std::optional<Result<std::int64_t>> CurveExport::outcome() const
{
    return m_state.read([](const State& state) { return state.outcome; });
}

} // namespace dubito::session
