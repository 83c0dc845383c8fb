// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/reload/ReloadLadder.h"

#include "backend/base/Check.h"
#include "backend/base/Text.h"
#include "backend/log/Log.h"

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
        least = std::min(least, m_probe.process().anonymous());
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

void ReloadLadder::note(Rung rung, std::string text) { m_notes[static_cast<std::size_t>(rung)] = std::move(text); }

ReloadLadder::Finding ReloadLadder::relieveFirst(Climb& climb)
{
    note(Rung::Relieve, fmt::format("gave back {}", bytesToText(relieve())));
    climb.report.afterBytes = measure();
    return Finding::Done;
}

ReloadLadder::Finding ReloadLadder::measureRelief(Climb& climb)
{
    climb.report.afterBytes = measure();
    note(Rung::Measure, fmt::format("{} left", bytesToText(climb.report.afterBytes)));
    const bool isEnough = climb.goal.reliefBytes > 0 && climb.report.afterBytes <= climb.goal.reliefBytes;
    return isEnough && !isPlanned(climb.goal.cause) ? Finding::Enough : Finding::Done;
}

ReloadLadder::Finding ReloadLadder::saveState(Climb& climb)
{
    const auto saved = climb.site.save();
    if (!saved) {
        note(Rung::Checkpoint, toText(saved.error()));
        climb.report.problem = saved.error();
        return Finding::Failed;
    }
    note(Rung::Checkpoint, *saved);
    return Finding::Done;
}

ReloadLadder::Finding ReloadLadder::replaceModel(Climb& climb)
{
    ReloadReport& report = climb.report;
    climb.site.tearDown();
    report.outlived = m_pool.blocksBefore(m_pool.beginGeneration());
    m_pool.clearCache();
    ::malloc_trim(0);
    report.emptyBytes = measure();
    climb.isEmpty = report.emptyBytes <= tolerated(climb.goal.baselineEmpty);
    note(Rung::Reload,
        report.outlived.count > 0 ? describe(report.outlived)
                                  : fmt::format("{} without a model", bytesToText(report.emptyBytes)));
    if (const auto built = climb.site.rebuild(); !built) {
        report.problem = built.error();
        return Finding::Failed;
    }
    return Finding::Done;
}

ReloadLadder::Finding ReloadLadder::verify(Climb& climb)
{
    ReloadReport& report = climb.report;
    report.afterBytes = measure();
    const std::int64_t allowed = tolerated(climb.goal.baselineLoaded);
    note(Rung::Verify, verified(report, allowed, climb.isEmpty ? "" : m_notes[static_cast<std::size_t>(Rung::Reload)]));
    return climb.isEmpty && report.afterBytes <= allowed ? Finding::Done : Finding::Failed;
}

/// Every edge of the ladder: where one goes from a rung with what was found there, and how it ends when it ends.
struct ReloadLadder::Edge {
    Rung from;
    Finding finding;
    Rung to;
    Outcome outcome; ///< None: the climb goes on
};

const ReloadLadder::Edge& ReloadLadder::edgeOf(Rung from, Finding finding)
{
    static constexpr std::array kEdges {
        Edge { Rung::Relieve, Finding::Done, Rung::Measure, Outcome::None },
        Edge { Rung::Measure, Finding::Enough, Rung::Rest, Outcome::Relieved },
        Edge { Rung::Measure, Finding::Done, Rung::Checkpoint, Outcome::None },
        Edge { Rung::Checkpoint, Finding::Done, Rung::Reload, Outcome::None },
        Edge { Rung::Checkpoint, Finding::Failed, Rung::Rest, Outcome::GaveUp },
        Edge { Rung::Reload, Finding::Done, Rung::Verify, Outcome::None },
        Edge { Rung::Reload, Finding::Failed, Rung::Rest, Outcome::GaveUp },
        Edge { Rung::Verify, Finding::Done, Rung::Rest, Outcome::Ok },
        Edge { Rung::Verify, Finding::Failed, Rung::Rest, Outcome::Retained },
    };
    const auto* const edge = std::ranges::find_if(
        kEdges, [&](const Edge& one) { return one.from == from && one.finding == finding; });
    CHECK(edge != kEdges.end(), fmt::format("the reload ladder has no edge from {} with this finding", toWord(from)));
    return *edge;
}

ReloadReport ReloadLadder::climb(const ReloadGoal& goal, Reloadable& site)
{
    using Work = Finding (ReloadLadder::*)(Climb&);
    static constexpr std::array<Work, 6> kWork { nullptr, &ReloadLadder::relieveFirst, &ReloadLadder::measureRelief,
        &ReloadLadder::saveState, &ReloadLadder::replaceModel, &ReloadLadder::verify };
    const auto started = m_clock.now();
    m_notes = {};
    Climb climb { .goal = goal, .site = site, .report = {} };
    climb.report.beforeBytes = measure();
    climb.report.afterBytes = climb.report.beforeBytes;
    for (Rung rung = Rung::Relieve; rung != Rung::Rest;) {
        m_onRung(rung, m_notes);
        const auto entered = m_clock.now();
        const std::int64_t before = climb.report.afterBytes;
        const Edge& edge = edgeOf(rung, (this->*kWork[static_cast<std::size_t>(rung)])(climb));
        logEdge(edge, climb, before, std::chrono::duration<double>(m_clock.now() - entered).count());
        climb.report.outcome = edge.outcome;
        rung = edge.to;
    }
    climb.report.seconds = std::chrono::duration<double>(m_clock.now() - started).count();
    climb.report.notes = m_notes;
    m_onRung(Rung::Rest, m_notes);
    return std::move(climb.report);
}

void ReloadLadder::logEdge(const Edge& edge, const Climb& climb, std::int64_t before, double seconds) const
{
    const std::int64_t now = edge.from == Rung::Reload ? climb.report.emptyBytes : climb.report.afterBytes;
    const std::string end = edge.outcome == Outcome::None ? "" : fmt::format(": {}", toWord(edge.outcome));
    log::info(Module::Reload,
        fmt::format("{} reload: {} → {}{}; {}; {} → {}, {:.1f} MiB recovered, {:.3f} s", toWord(climb.goal.cause),
            toWord(edge.from), toWord(edge.to), end, m_notes[static_cast<std::size_t>(edge.from)], bytesToText(before),
            bytesToText(now), toMiB(before - now), seconds));
}

} // namespace dubito::reload
