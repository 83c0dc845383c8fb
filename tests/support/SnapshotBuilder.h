// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/session/Snapshot.h"

#include <string>
#include <vector>

namespace dubito::tests {

/// Snapshots made by hand: `SnapshotBuilder().running(120).loss({3.2, 2.9}).build()`.
///
/// A new builder holds what a session shows before anything was started: thirteen idle modules, no series.
class SnapshotBuilder {
public:
    SnapshotBuilder();

    /// A run of a tiny model at this step, healthy, one second of memory and speed.
    SnapshotBuilder& running(std::int64_t step, std::int64_t totalSteps = 5000);

    /// running(), and every history of the run of the mock-ups: a leak of 3.6 MB/step from 1,752 that a reload at 1,840
    /// mends, a pause at 2,410, a checkpoint every 250 steps.
    SnapshotBuilder& recorded(std::int64_t step = 3120, std::int64_t totalSteps = 5000);

    /// recorded(3404) while it reloads for a drill that leaks activations.
    SnapshotBuilder& leaking();

    /// Ended by a loss that is not finite.
    SnapshotBuilder& failed();

    /// Every list at its bound, very long words, very large and non-finite numbers.
    SnapshotBuilder& huge();

    SnapshotBuilder& state(train::RunState state);
    SnapshotBuilder& loss(const std::vector<double>& crossEntropy);
    SnapshotBuilder& series(metrics::Metric metric, const std::vector<double>& values, std::int64_t everySteps = 1);
    SnapshotBuilder& event(session::EventKind kind, std::int64_t step, std::string text, std::string cause = "user",
        std::vector<std::pair<std::string, double>> numbers = {});
    SnapshotBuilder& health(Module module, health::HealthState state, std::string reason);
    SnapshotBuilder& log(log::LogLevel level, Module module, std::string text);
    SnapshotBuilder& documents(std::int64_t count);
    SnapshotBuilder& leak(memory::LeakVerdict verdict);
    SnapshotBuilder& drill(std::string who, double mbPerStep);
    SnapshotBuilder& config(const config::Config& config);

    /// For whatever has no word above.
    session::Snapshot& raw() { return m_snapshot; }

    session::Snapshot build() const;

private:
    void addRecordedMemory(std::int64_t steps);
    void addRecordedLearning(std::int64_t steps);
    void addRecordedEvents(std::int64_t steps);
    std::chrono::milliseconds timeOf(std::int64_t step) const;

    session::Snapshot m_snapshot;
};

/// A verdict as the ladder would give it.
memory::LeakVerdict noLeak(double nothingAbove = 0.02);
memory::LeakVerdict leakOf(Category who, double mbPerStep);

} // namespace dubito::tests
