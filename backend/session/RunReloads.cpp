// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/RunReloads.h"

#include "backend/base/Text.h"
#include "backend/log/Log.h"
#include "backend/memory/HeapSettings.h"
#include "backend/memory/SiteWatch.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace dubito::session {

using reload::Outcome;
using reload::ReloadCause;

namespace {

constexpr std::chrono::nanoseconds kBetweenWarnings = std::chrono::minutes(1);

std::int64_t bytesOf(double gibibytes) { return static_cast<std::int64_t>(gibibytes * static_cast<double>(kGiB)); }

/// After so many steps a fresh model has taken what its steps need.
constexpr std::int64_t kSettlingSteps = 4;

/// What a reload could not free, as the window shows it.
std::vector<memory::GrowingSite> outlived(const memory::OldBlocks& old)
{
    std::vector<memory::GrowingSite> sites;
    for (const auto& row : old.largest) {
        if (sites.size() == memory::SiteWatch::kNamed) {
            break;
        }
        sites.push_back({ .site = row.site, .bytes = row.bytes, .blocks = row.count });
    }
    return sites;
}

/// The words of the seed systems, which their users look for.
constexpr std::string_view kSkipped
    = "⚠️ Warning: Skipping model reload because checkpointing is disabled\n"
      "   Enable checkpointing in config to use memory-reset reloads.";

} // namespace

RunReloads::RunReloads(const RunParts& parts, RunJournal& journal, RunKit& kit)
    : m_parts(parts)
    , m_journal(journal)
    , m_kit(kit)
    , m_ladder(parts.pool, parts.probe, parts.boards.clock,
          [this](reload::Rung rung, const auto& notes) {
              m_status.rung = rung;
              m_status.rungNotes = notes;
              publish();
          })
    , m_lastStep(kit.trainer->progress().step)
{
    registerCaches();
    configure(*kit.config);
    recallBudget();
    publish();
}

void RunReloads::configure(const config::Config& config)
{
    m_budget.setRules(config.reload);
    m_rules = { .intervalSteps = config.training.reloadIntervalSteps,
        .thresholdBytes = bytesOf(config.training.reloadMemoryThresholdGb) };
}

/// A process that was restarted for memory goes on with the budget of the one before.
void RunReloads::recallBudget()
{
    const auto wallNow = m_parts.boards.clock.wall();
    const auto events = m_parts.boards.events.newest();
    for (const Event& event : events) {
        const bool isUnplanned = event.kind == EventKind::Reload && (event.cause == "emergency" || event.cause == "threshold");
        // A clock that was set back puts what has just happened into the future.
        const auto age = std::max(wallNow - event.wall, std::chrono::system_clock::duration::zero());
        if (isUnplanned && age < std::chrono::hours(1) && event.wall - wallNow < std::chrono::hours(1)) {
            const bool isRetained = std::ranges::any_of(events, [&](const Event& other) {
                return other.kind == EventKind::Retained && other.step == event.step;
            });
            m_budget.note(clockNow() - age, event.step, isRetained ? reload::Help::DidNot : reload::Help::Helped);
            ++m_status.unplanned;
        }
    }
}

RunReloads::Answer RunReloads::afterStep(const Watched& watched)
{
    m_watched = watched;
    const std::int64_t step = m_kit.trainer->progress().step;
    const reload::ReloadFacts facts { .requested = false,
        .leakMustAct = watched.leak == memory::Decision::Act,
        .overBudget = watched.isOverBudget,
        .underPressure = false,
        .stepsSinceReload = step - m_lastStep,
        .residentBytes = watched.anonymousBytes,
        .residentBytesAfterReload = m_kit.baselineLoaded,
        .residentBytesSettled = step - m_lastStep > kSettlingSteps ? m_settledBytes : 0 };
    settleDown(step - m_lastStep);
    if (m_rules.thresholdBytes > 0 && !reload::isAttainable(facts, m_rules)) {
        sayUnattainable(facts);
    }
    const auto cause = reload::dueReload(facts, m_rules);
    if (cause == ReloadCause::None) {
        publish();
        return {};
    }
    if (!m_kit.keeper->isOn()) {
        skip(cause);
        return {};
    }
    if (!isPlanned(cause)) {
        const auto admission = m_budget.admit(clockNow(), step, urgencyOf(facts));
        if (admission.answer != reload::Admission::Answer::Yes) {
            return refuse(cause, admission);
        }
    }
    return climb(cause);
}

/// Learns what the first steps after a reload need. After one that did not help, nothing is known that growth could be told from.
void RunReloads::settleDown(std::int64_t stepsSinceReload)
{
    if (stepsSinceReload <= kSettlingSteps && m_status.lastOutcome == Outcome::Ok) {
        m_settledBytes = std::max(m_settledBytes, m_watched.anonymousBytes);
    }
}

reload::Urgency RunReloads::urgencyOf(const reload::ReloadFacts& facts) const
{
    const bool isUrgent = m_watched.isOverBudget || m_watched.level == memory::Level::Critical || reload::isRunaway(facts, m_rules);
    return isUrgent ? reload::Urgency::Urgent : reload::Urgency::Usual;
}

RunReloads::Answer RunReloads::now()
{
    if (!m_kit.keeper->isOn()) {
        m_lastWarning.reset();
        skip(ReloadCause::Manual);
        return {};
    }
    return climb(ReloadCause::Manual);
}

std::int64_t RunReloads::reliefBytes(ReloadCause cause) const
{
    // A relief is enough when it comes clearly below the threshold, or back to where a fresh model would be.
    const std::int64_t fresh = reload::ReloadLadder::tolerated(m_kit.baselineLoaded);
    return cause == ReloadCause::Threshold ? std::max(fresh, m_rules.thresholdBytes / 10 * 9) : fresh;
}

RunReloads::Answer RunReloads::climb(ReloadCause cause)
{
    const auto stateBefore = m_parts.boards.run.read([](const train::RunStatus& status) { return status.state; });
    m_journal.enter(train::RunState::Reloading, fmt::format("reloads ({})", reload::toWord(cause)));
    m_status.lastCause = cause;
    const memory::MemoryScope scope(m_kit.guardian->scopes(), "reload");
    const auto report = m_ladder.climb({ .cause = cause,
                                           .baselineEmpty = m_kit.baselineEmpty,
                                           .baselineLoaded = m_kit.baselineLoaded,
                                           .reliefBytes = reliefBytes(cause) },
        *this);
    auto answer = settle(cause, report);
    if (!reload::isPlanned(cause)) {
        reportByRule("reload");
    }
    if (answer.after != After::Failed) {
        m_journal.enter(stateBefore, "");
    }
    return answer;
}

RunReloads::Answer RunReloads::settle(ReloadCause cause, const reload::ReloadReport& report)
{
    const std::int64_t step = m_journal.step();
    m_lastStep = step;
    m_settledBytes = 0;
    m_kit.guardian->restart();
    const bool hasHelped = report.outcome == Outcome::Ok || report.outcome == Outcome::Relieved;
    if (reload::isPlanned(cause)) {
        ++m_status.planned;
    } else {
        m_budget.note(clockNow(), step, hasHelped ? reload::Help::Helped : reload::Help::DidNot);
        ++m_status.unplanned;
    }
    m_status.lastOutcome = report.outcome;
    m_status.lastStep = step;
    m_status.beforeBytes = report.beforeBytes;
    m_status.afterBytes = report.afterBytes;
    m_status.recoveredBytes = report.recoveredBytes();
    m_status.seconds = report.seconds;
    m_status.rungNotes = report.notes;
    m_status.outlived = outlived(report.outlived);
    publish();

    const std::vector<std::pair<std::string, double>> numbers { { "before_mb", toMiB(report.beforeBytes) },
        { "after_mb", toMiB(report.afterBytes) }, { "seconds", report.seconds } };
    const std::string cost = fmt::format("{} → {} in {:.1f} s", bytesToText(report.beforeBytes),
        bytesToText(report.afterBytes), report.seconds);
    const std::string word(reload::toWord(cause));
    switch (report.outcome) {
    case Outcome::Relieved:
        m_journal.add(EventKind::Relieve, word, "clearing the caches was enough: " + cost, numbers);
        return {};
    case Outcome::GaveUp:
        m_journal.add(EventKind::GiveUp, word, "the reload failed: " + toText(*report.problem), numbers);
        if (!m_kit.trainer) {
            return { After::Failed, report.problem };
        }
        // Nothing forced a planned reload: a disk that is full for a moment must not end the run.
        return { reload::isPlanned(cause) ? After::GoOn : After::GaveUp, report.problem };
    case Outcome::Retained:
        m_journal.add(EventKind::Reload, word, "reloaded, no step lost: " + cost, numbers);
        m_journal.add(EventKind::Retained, word, "the memory did not come back: " + report.notes[5], numbers);
        return { reload::isPlanned(cause) ? After::GoOn : After::Retained, std::nullopt };
    default:
        m_journal.add(EventKind::Reload, word,
            fmt::format("gave back {}, no step lost: {}", bytesToText(report.recoveredBytes()), cost), numbers);
        return {};
    }
}

RunReloads::Answer RunReloads::refuse(ReloadCause cause, const reload::Admission& admission)
{
    publish();
    if (admission.answer == reload::Admission::Answer::Later) {
        return {};
    }
    const std::string text = fmt::format("a reload is due ({}), but {}", reload::toWord(cause), admission.reason);
    m_status.lastCause = cause;
    m_status.lastOutcome = Outcome::GaveUp;
    publish();
    m_journal.add(EventKind::GiveUp, std::string(reload::toWord(cause)), text,
        { { "before_mb", toMiB(m_watched.anonymousBytes) } });
    return { After::GaveUp, Error { ErrorCode::Memory, text, fmt::format("step {}", m_journal.step()) } };
}

void RunReloads::skip(ReloadCause cause)
{
    m_status.lastCause = cause;
    m_status.lastOutcome = Outcome::Skipped;
    publish();
    if (m_lastWarning && clockNow() - *m_lastWarning < kBetweenWarnings) {
        return;
    }
    m_lastWarning = clockNow();
    std::fprintf(stderr, "%.*s\n", static_cast<int>(kSkipped.size()), kSkipped.data());
    m_journal.add(EventKind::Alert, std::string(reload::toWord(cause)),
        "a reload was due and skipped, because checkpointing is disabled (training.checkpointing)");
}

void RunReloads::sayUnattainable(const reload::ReloadFacts& facts)
{
    if (m_lastUnattainable && clockNow() - *m_lastUnattainable < std::chrono::hours(1)) {
        return;
    }
    m_lastUnattainable = clockNow();
    m_journal.add(EventKind::Alert, "threshold",
        fmt::format("the reload threshold of {} cannot be reached: a fresh model needs {} already; it is not used "
                    "(training.reload_memory_threshold_gb)",
            bytesToText(m_rules.thresholdBytes), bytesToText(facts.residentBytesAfterReload)));
}

void RunReloads::registerCaches()
{
    m_caches.add({ .name = "freed tensor memory",
        .priority = 0,
        .bytes = [this] { return m_parts.pool.cache(); },
        .drop = [this] { return m_parts.pool.clearCache(); } });
}

void RunReloads::cleanUp(const std::string& cause, std::int64_t wanted)
{
    memory::CleanUpReport done { .before = m_ladder.measure(), .after = 0, .dropped = m_caches.reclaim(wanted).names };
    memory::trimHeap();
    done.after = m_ladder.measure();
    done.dropped.emplace_back("free pages of the heap");
    m_journal.add(EventKind::Relieve, cause,
        fmt::format("cleared {}: gave back {}, {} → {}", fmt::join(done.dropped, " and "),
            bytesToText(std::max<std::int64_t>(0, done.before - done.after)), bytesToText(done.before),
            bytesToText(done.after)),
        { { "before_mb", toMiB(done.before) }, { "after_mb", toMiB(done.after) } });
    reportByRule(cause, std::move(done));
}

void RunReloads::reportByRule(const std::string& cause, std::optional<memory::CleanUpReport> cleanUp)
{
    if (m_kit.config->memory.saveReports == config::Switch::On) {
        saveReport(cause, std::move(cleanUp));
    }
}

void RunReloads::saveReport(const std::string& cause, std::optional<memory::CleanUpReport> cleanUp)
{
    auto report = m_kit.guardian->report(cause);
    report.runName = m_kit.folder->name();
    report.cleanUp = std::move(cleanUp);
    const auto& memory = m_kit.config->memory;
    const auto saved = memory::saveReport(m_kit.folder->path() / "reports", report,
        { .retentionDays = memory.reportRetentionDays, .limit = memory.reportLimit });
    m_journal.add(EventKind::Alert, "report",
        saved ? fmt::format("memory report: {}", saved->string())
              : "no memory report was written: " + toText(saved.error()));
}

void RunReloads::publish()
{
    const std::int64_t step = m_journal.step();
    m_status.left = m_budget.left(clockNow());
    m_status.cooldownSteps = m_budget.cooldownLeft(step);
    m_status.nextAllowed = std::chrono::duration_cast<std::chrono::milliseconds>(m_budget.backOffLeft(clockNow()));
    m_parts.boards.reload.update([&](reload::ReloadStatus& status) { status = m_status; });
    m_parts.boards.health.beat(Module::Reload, fmt::format("{} of {} left this hour", m_status.left, m_kit.config->reload.perHour));
}

Result<std::string> RunReloads::save()
{
    const auto saved = m_kit.keeper->saveAndWait(m_kit.trainer->state(), SaveCause::Reload);
    if (!saved) {
        return saved.error();
    }
    m_saved = *saved;
    return saved->filename().string();
}

void RunReloads::tearDown()
{
    m_kit.trainer.reset();
    m_kit.guardian->dropDrillBlocks();
}

Result<void> RunReloads::rebuild()
{
    auto trainer = buildTrainer(m_kit, m_parts.pool);
    if (!trainer) {
        return trainer.error();
    }
    if (auto restored = restoreTrainer(**trainer, m_saved, *m_kit.prepared); !restored) {
        return restored;
    }
    if ((*trainer)->progress().step != m_journal.step()) {
        return Error { ErrorCode::Internal, "the checkpoint is of another step than the model was", m_saved.string() };
    }
    m_kit.trainer = std::move(*trainer);
    return {};
}

} // namespace dubito::session
