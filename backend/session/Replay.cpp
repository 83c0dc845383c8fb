// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/Replay.h"

#include "backend/base/Text.h"
#include "backend/config/ConfigLayers.h"
#include "backend/metrics/MetricBoard.h"
#include "backend/metrics/MetricsReading.h"
#include "backend/session/EventLog.h"
#include "backend/session/RunFolder.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <fmt/format.h>
#include <string_view>
#include <variant>

namespace dubito::session {

namespace {

using metrics::Metric;

/// What the newest lines of a run say, by metric; 0 where they say nothing or that nothing is known.
class LastValues {
public:
    void take(const metrics::MetricsLine& line)
    {
        for (const auto& [metric, value] : line.values) {
            m_values[static_cast<std::size_t>(metric)] = std::isfinite(value) ? value : 0.0;
        }
    }
    double operator[](Metric metric) const { return m_values[static_cast<std::size_t>(metric)]; }
    std::int64_t bytes(Metric metric) const
    {
        return toWholeNumber((*this)[metric] * static_cast<double>(kMiB));
    }

private:
    std::array<double, metrics::kMetricCount> m_values {};
};

void describeMemory(memory::MemoryStatus& memory, const LastValues& last)
{
    auto& sample = memory.latest;
    sample.resident = last.bytes(Metric::Resident);
    sample.fileBacked = sample.resident - last.bytes(Metric::Anonymous);
    sample.active = last.bytes(Metric::Active);
    sample.cache = last.bytes(Metric::Cache);
    sample.untracked = last.bytes(Metric::Untracked);
    sample.available = last.bytes(Metric::Available);
    constexpr std::array kCategories { Metric::Weights, Metric::Gradients, Metric::Optimizer, Metric::Activations,
        Metric::Data, Metric::History };
    for (std::size_t i = 0; i < kCategoryCount; ++i) {
        memory.bytesByCategory[i] = last.bytes(kCategories[i]);
    }
    memory.leak.mbPerStep = last[Metric::LeakEstimate];
    memory.leak.low = last[Metric::LeakLow];
    memory.leak.high = last[Metric::LeakHigh];
    memory.leak.nothingAbove = last[Metric::LeakFloor];
}

double numberOf(const Event& event, std::string_view name)
{
    const auto found = std::ranges::find(event.numbers, name, &std::pair<std::string, double>::first);
    return found == event.numbers.end() || !std::isfinite(found->second) ? 0.0 : found->second;
}

void describeReload(reload::ReloadStatus& status, const Event& event)
{
    ++status.planned;
    status.lastStep = event.step;
    status.lastOutcome = reload::Outcome::Ok;
    const double mb = numberOf(event, "before_mb") - numberOf(event, "after_mb");
    status.recoveredBytes = std::max<std::int64_t>(0, toWholeNumber(mb * static_cast<double>(kMiB)));
    status.seconds = numberOf(event, "seconds");
}

/// The state in which the events leave the run.
void describeEnd(Snapshot& snapshot)
{
    auto& run = snapshot.run;
    run.state = train::RunState::Finished;
    run.ending = train::Ending::Stopped;
    for (const Event& event : snapshot.events) {
        if (event.kind == EventKind::Finish) {
            run.ending = train::Ending::Done;
        } else if (event.kind == EventKind::Fail) {
            run.state = train::RunState::Failed;
            run.ending = train::Ending::Failed;
            run.problem = Error { ErrorCode::Internal, event.text, fmt::format("step {}", event.step) };
        } else if (event.kind == EventKind::Checkpoint) {
            run.lastCheckpointStep = event.step;
        } else if (event.kind == EventKind::Reload) {
            describeReload(snapshot.reload, event);
        } else if (event.kind == EventKind::Start || event.kind == EventKind::Resume) {
            run.state = train::RunState::Finished;
            run.problem.reset();
        }
    }
}

void describeHealth(Snapshot& snapshot)
{
    for (std::size_t i = 0; i < kModuleCount; ++i) {
        health::ModuleHealth row;
        row.module = static_cast<Module>(i);
        row.reason = "recorded";
        snapshot.health.push_back(row);
    }
}

bool hasCheckpoint(const std::filesystem::path& folder)
{
    std::error_code ignored;
    for (std::filesystem::directory_iterator at(folder, ignored), end; !ignored && at != end; at.increment(ignored)) {
        const std::string name = at->path().filename().string();
        constexpr std::string_view kPrefix = "checkpoint-";
        if (name.starts_with(kPrefix) && name.find_first_not_of("0123456789", kPrefix.size()) == std::string::npos) {
            return true;
        }
    }
    return false;
}

config::ConfigStatus recordedConfig(const std::filesystem::path& folder)
{
    config::ConfigStatus status;
    config::ConfigSources sources;
    const auto file = folder / "run.yaml";
    if (std::filesystem::exists(file)) {
        sources.file = file;
    }
    auto layered = config::layerConfig(sources);
    status.inForce = std::make_shared<const config::Config>(layered.config);
    status.origins = std::move(layered.origins);
    status.file = file.string();
    return status;
}

} // namespace

Result<std::unique_ptr<Replay>> Replay::open(const std::filesystem::path& runFolder, const OpeningListener& listener)
{
    std::unique_ptr<Replay> replay(new Replay);
    Snapshot& snapshot = replay->m_snapshot;
    snapshot.config = recordedConfig(runFolder);
    const auto& named = snapshot.config.inForce->training.metrics;

    metrics::MetricBoard board;
    LastValues last;
    double tokens = 0;
    const metrics::MetricsListener reading { .onLine =
                                                 [&](const metrics::MetricsLine& line) {
                                                     for (const auto& [metric, value] : line.values) {
                                                         board.add(metric, { line.step, line.time, value });
                                                     }
                                                     last.take(line);
                                                     snapshot.run.step = line.step;
                                                     snapshot.run.elapsed = line.time;
                                                     tokens += last[Metric::Tokens];
                                                 },
        .onProgress =
            [&](const metrics::ReadingProgress& progress) {
                if (listener.onProgress && progress.bytesInAll > 0) {
                    listener.onProgress(
                        static_cast<double>(progress.bytesRead) / static_cast<double>(progress.bytesInAll));
                }
            } };
    const auto file = named.empty() ? runFolder / "metrics.jsonl" : std::filesystem::path(named);
    const auto read = metrics::readMetrics(file, reading, listener.stop);
    if (!read) {
        return read.error();
    }
    // A run of which only the numbers are left can still be shown.
    static_cast<void>(readEvents(runFolder / "events.jsonl", [&](Event event) {
        event.id = snapshot.events.empty() ? 1 : snapshot.events.back().id + 1;
        snapshot.events.push_back(std::move(event));
        if (snapshot.events.size() > EventLog::kRemembered) {
            snapshot.events.erase(snapshot.events.begin());
        }
    }));
    snapshot.run.tokensSeen = toWholeNumber(tokens);
    snapshot.series = board.series();
    snapshot.run.runName = std::filesystem::absolute(runFolder).lexically_normal().filename().string();
    snapshot.run.runFolder = runFolder.string();
    snapshot.run.totalSteps = std::max(snapshot.run.step, snapshot.config.inForce->training.steps);
    snapshot.run.tokensPerSecond = last[Metric::TokensPerSecond];
    describeMemory(snapshot.memory, last);
    describeEnd(snapshot);
    describeHealth(snapshot);
    snapshot.postMortem = isInUse(runFolder) ? std::nullopt : explainEnd(runFolder);
    if (snapshot.postMortem && snapshot.run.state != train::RunState::Failed) {
        snapshot.run.state = train::RunState::Failed;
        snapshot.run.ending = train::Ending::Failed;
        snapshot.run.problem = Error { ErrorCode::Internal, snapshot.postMortem->headline, "" };
    }
    snapshot.revision = 1;
    return replay;
}

Result<void> Replay::post(Command command)
{
    if (const auto* start = std::get_if<Start>(&command); start != nullptr && m_resume) {
        return resume(*start);
    }
    return Error { ErrorCode::Refused, "this is a recorded run: it can be looked at, not commanded", "" };
}

Result<void> Replay::resume(const Start& start) const
{
    // A window on this run may have opened another one, and is asked to go on with that.
    const std::filesystem::path folder = start.resumeFolder.empty() ? m_snapshot.run.runFolder : start.resumeFolder;
    if (isInUse(folder)) {
        return Error { ErrorCode::Refused, "this run is going on in another process; look at it there", "" };
    }
    if (!hasCheckpoint(folder)) {
        return Error { ErrorCode::Refused, "this run has no checkpoint to go on from; plan a new one with its run.yaml", "" };
    }
    return m_resume({ .cause = start.cause, .resumeFolder = folder.string() });
}

} // namespace dubito::session
