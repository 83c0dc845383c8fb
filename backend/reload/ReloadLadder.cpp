// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/reload/ReloadLadder.h"

#include "backend/base/Text.h"

#include <algorithm>
#include <fmt/format.h>
#include <limits>
#include <malloc.h>

namespace dubito::reload {

namespace {

constexpr std::int64_t kTolerance = 32 * kMiB;

std::string describe(const memory::OldBlocks& old)
{
    std::string text = fmt::format("{} block{} of the old model {} still alive ({})", old.count, old.count == 1 ? "" : "s",
        old.count == 1 ? "is" : "are", bytesToText(old.bytes));
    for (std::size_t i = 0; i < std::min<std::size_t>(3, old.largest.size()); ++i) {
        text += fmt::format("{}{}", i == 0 ? ": " : ", ", old.largest[i].site);
    }
    return text;
}

/// What verification found; `left` is what was there without a model, when that was too much already.
std::string verified(const ReloadReport& report, std::int64_t allowed, const std::string& left)
{
    const char* place = report.afterBytes <= allowed ? "within the" : "above the";
    return fmt::format("{} now, {} {} allowed{}{}", bytesToText(report.afterBytes), place, bytesToText(allowed),
        left.empty() ? "" : "; before that, ", left);
}

} // namespace

ReloadLadder::ReloadLadder(memory::TensorPool& pool, memory::MemoryProbe& probe, const Clock& clock, OnRung onRung)
    : m_pool(pool)
    , m_probe(probe)
    , m_clock(clock)
    , m_onRung(std::move(onRung))
{
}

std::int64_t ReloadLadder::tolerated(std::int64_t baseline)
{
    return baseline + std::max(kTolerance, baseline / 50);
}

std::int64_t ReloadLadder::measure()
{
    std::int64_t least = std::numeric_limits<std::int64_t>::max();
    for (int i = 0; i < 3; ++i) {
        const auto now = m_probe.process();
        least = std::min(least, now.resident - std::max<std::int64_t>(0, now.fileBacked));
    }
    return least;
}

std::int64_t ReloadLadder::relieve()
{
    const std::int64_t before = measure();
    m_pool.clearCache();
    ::malloc_trim(0);
    return before - measure();
}

void ReloadLadder::enter(Rung rung) { m_onRung(rung, m_notes); }

void ReloadLadder::note(Rung rung, std::string text) { m_notes[static_cast<std::size_t>(rung)] = std::move(text); }

ReloadReport ReloadLadder::finish(ReloadReport report, Outcome outcome)
{
    report.outcome = outcome;
    report.seconds = std::chrono::duration<double>(m_clock.now() - m_started).count();
    report.notes = m_notes;
    enter(Rung::Rest);
    return report;
}

ReloadReport ReloadLadder::climb(const ReloadGoal& goal, Reloadable& site)
{
    m_started = m_clock.now();
    m_notes = {};
    ReloadReport report;
    report.beforeBytes = measure();

    enter(Rung::Relieve);
    note(Rung::Relieve, fmt::format("gave back {}", bytesToText(relieve())));

    enter(Rung::Measure);
    report.afterBytes = measure();
    note(Rung::Measure, fmt::format("{} left", bytesToText(report.afterBytes)));
    if (!isPlanned(goal.cause) && goal.reliefBytes > 0 && report.afterBytes <= goal.reliefBytes) {
        return finish(std::move(report), Outcome::Relieved);
    }

    enter(Rung::Checkpoint);
    const auto saved = site.save();
    if (!saved) {
        note(Rung::Checkpoint, toText(saved.error()));
        report.problem = saved.error();
        return finish(std::move(report), Outcome::GaveUp);
    }
    note(Rung::Checkpoint, *saved);

    enter(Rung::Reload);
    site.tearDown();
    const auto generation = m_pool.beginGeneration();
    report.outlived = m_pool.blocksBefore(generation);
    const auto& old = report.outlived;
    m_pool.clearCache();
    ::malloc_trim(0);
    report.emptyBytes = measure();
    const bool isEmpty = report.emptyBytes <= tolerated(goal.baselineEmpty);
    note(Rung::Reload, old.count > 0 ? describe(old) : fmt::format("{} without a model", bytesToText(report.emptyBytes)));
    if (const auto built = site.rebuild(); !built) {
        report.problem = built.error();
        return finish(std::move(report), Outcome::GaveUp);
    }

    enter(Rung::Verify);
    report.afterBytes = measure();
    const std::int64_t allowed = tolerated(goal.baselineLoaded);
    const bool isBack = isEmpty && report.afterBytes <= allowed;
    note(Rung::Verify, verified(report, allowed, isEmpty ? "" : m_notes[static_cast<std::size_t>(Rung::Reload)]));
    return finish(std::move(report), isBack ? Outcome::Ok : Outcome::Retained);
}

} // namespace dubito::reload
