// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/Guardian.h"

#include "backend/base/Text.h"
#include "backend/log/Log.h"
#include "backend/memory/Advice.h"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace dubito::session {

namespace {

constexpr std::int64_t kStepsPerPressureReading = 16;

std::int64_t gibibytes(double value) { return static_cast<std::int64_t>(value * static_cast<double>(kGiB)); }

memory::LeakLevels leakLevels(const config::Config& config)
{
    return { .warnMbPerStep = config.memory.leakWarnMb, .actMbPerStep = config.training.memoryLeakThresholdMb };
}

/// "activations grow by 4.00 MB/step (3.80 … 4.20)"
std::string describe(const memory::LeakVerdict& leak)
{
    const std::string who = leak.blameWord.empty() ? "memory" : leak.blameWord;
    return fmt::format("{} grow{} by {:.2f} MB/step ({:.2f} … {:.2f})", who, who.ends_with('s') ? "" : "s",
        leak.mbPerStep, leak.low, leak.high);
}

/// "; most by backend/model/Attention.cpp:88 (activations), 1.0 blocks/step"
std::string describeSites(const memory::LeakVerdict& leak)
{
    if (leak.sites.empty() || !leak.blame) {
        return {};
    }
    const auto& first = leak.sites.front();
    return fmt::format("; most by {}, {:.1f} blocks/step", first.site, first.blocksPerStep);
}

} // namespace

Guardian::Guardian(
    RunBoards& boards, memory::TensorPool& pool, memory::MemoryProbe& probe, const config::Config& config)
    : m_boards(boards)
    , m_pool(pool)
    , m_probe(probe)
    , m_config(config.memory)
    , m_machine(probe.machine())
    , m_judge(leakLevels(config))
    , m_levels(memory::LevelThresholds {})
    , m_pressure(memory::PressureRules {})
    , m_drill(pool, static_cast<std::uint64_t>(config.training.seed))
    , m_scopes(pool, probe, boards.clock)
{
    configure(config);
}

void Guardian::configure(const config::Config& config)
{
    m_whole = config;
    m_config = config.memory;
    m_judge.setLevels(leakLevels(config));
    const auto base = memory::levelBase(m_config, m_machine);
    const auto thresholds = memory::thresholdsOf(m_config, base);
    const auto pressure = memory::pressureRules(m_config, m_machine);
    m_levels.setThresholds(thresholds);
    m_pressure.setRules(pressure);
    if (m_config.cacheLimitGb > 0 || m_config.adaptiveCache == config::Switch::Off) {
        m_cacheTuner.restart();
        m_status.cacheLimit = gibibytes(m_config.cacheLimitGb);
        m_status.cacheNote.clear();
    }
    setPoolLimits();
    m_status.limits = { .budget = gibibytes(m_config.budgetGb),
        .reloadThreshold = gibibytes(config.training.reloadMemoryThresholdGb),
        .alert = thresholds.alert,
        .cleanup = thresholds.cleanup,
        .critical = thresholds.critical,
        .pauseAvailable = pressure.pauseBelow,
        .abortAvailable = pressure.abortBelow,
        .machine = std::max<std::int64_t>(0, m_machine.total) };
}

bool Guardian::isBudgetKept() const
{
    const std::int64_t budget = m_status.limits.budget;
    return budget > 0 && m_fresh < budget / 20 * 19;
}

void Guardian::sample(std::int64_t step, std::chrono::milliseconds time)
{
    const auto process = m_probe.process();
    m_machine = m_probe.machine();
    const auto pool = m_pool.counters();
    std::int64_t tallied = 0;
    for (std::size_t i = 0; i < kCategoryCount; ++i) {
        const std::int64_t bytes = m_boards.tally.bytes(static_cast<Category>(i));
        m_status.bytesByCategory[i] = pool.bytes[i] + bytes;
        tallied += bytes;
    }
    auto& latest = m_status.latest;
    latest.step = step;
    latest.time = time;
    latest.resident = process.resident;
    latest.fileBacked = std::max<std::int64_t>(0, process.fileBacked);
    latest.active = pool.active;
    latest.cache = pool.cache;
    latest.untracked = latest.anonymous() - pool.mapped - tallied;
    latest.available = m_machine.left();
    const auto size = m_machine.size();
    latest.limit = isBudgetKept() ? m_status.limits.budget : std::max<std::int64_t>(0, size);
    m_status.peakResident = std::max(m_status.peakResident, latest.resident);
    m_status.peakActive = std::max(m_status.peakActive, pool.peak);
}

Watched Guardian::look(std::int64_t step, std::chrono::milliseconds time, double stepsToCheckpoint)
{
    const auto started = m_boards.clock.now();
    m_drill.step();
    logOperations();
    sample(step, time);
    if (m_looks++ % kStepsPerPressureReading == 0) {
        m_stalled = m_probe.stalledPercentage();
    }
    const memory::LeakVerdict before = std::exchange(m_status.leak, {});
    m_status.leak = m_judge.judge(m_status.latest, m_status.bytesByCategory,
        { .limitMb = toMiB(m_status.latest.limit),
            .stepsToCheckpoint = stepsToCheckpoint,
            .stalledPercentage = m_stalled });
    nameSites(before);
    const auto change = m_levels.update(m_status.latest.anonymous(), m_boards.clock.now());
    m_status.level = m_levels.level();
    m_status.pressure = m_pressure.update(m_machine, m_boards.clock.now());
    m_status.drill = m_drill.status();
    announce(before, time);
    if (change) {
        announceLevel(*change, time);
    }
    lookAtHabits(memory::Phase::Training, m_status.latest.anonymous(), time);
    tuneCache();
    if (change || m_status.leak.decision != before.decision || m_looks % kStepsPerPressureReading == 1) {
        advise();
    }
    beat();
    m_boards.memory.update([&](memory::MemoryStatus& status) { status = m_status; });
    const double spent = std::chrono::duration<double, std::micro>(m_boards.clock.now() - started).count();
    m_status.judgeMicroseconds += (spent - m_status.judgeMicroseconds) / static_cast<double>(std::min<std::int64_t>(m_looks, 100));
    return { .leak = m_status.leak.decision,
        .level = m_status.level,
        .change = change.value_or(memory::LevelChange {}),
        .pressure = m_status.pressure,
        .pressureReason = m_pressure.reason(),
        .anonymousBytes = m_status.latest.anonymous(),
        .isOverBudget = isBudgetKept() && m_status.latest.anonymous() > m_status.limits.budget };
}

memory::Pressure Guardian::lookAtMachine()
{
    m_machine = m_probe.machine();
    m_status.pressure = m_pressure.update(m_machine, m_boards.clock.now());
    m_status.latest.available = m_machine.left();
    m_boards.memory.update([&](memory::MemoryStatus& status) { status = m_status; });
    return m_status.pressure;
}

void Guardian::restart()
{
    m_judge.restart();
    m_sites.restart();
    m_phases.restart();
    m_cacheTuner.restart();
}

/// Who has grown is told when an alarm begins or becomes graver, and then as often as the machine is looked at.
void Guardian::nameSites(const memory::LeakVerdict& before)
{
    auto& leak = m_status.leak;
    const std::int64_t step = m_status.latest.step;
    if (leak.decision == memory::Decision::None) {
        if (m_sites.isDue(step)) {
            m_sites.remember(step, m_pool.sites());
        }
        return;
    }
    const bool isTold = leak.decision <= before.decision && step % kStepsPerPressureReading != 0;
    leak.sites = isTold ? before.sites : m_sites.grown(step, m_pool.sites());
}

void Guardian::lookAtHabits(memory::Phase phase, std::int64_t used, std::chrono::milliseconds time)
{
    m_status.phase = phase;
    if (m_config.adaptiveLevels == config::Switch::Off) {
        return;
    }
    const auto unusual = m_phases.look(phase, used);
    m_status.phases = m_phases.uses();
    if (!unusual) {
        return;
    }
    Event event;
    event.kind = EventKind::Alert;
    event.step = m_status.latest.step;
    event.time = time;
    event.cause = "unusual";
    event.text = *unusual;
    event.numbers = { { "used_mb", toMiB(used) } };
    log::warn(Module::Memory, event.text);
    m_boards.events.add(std::move(event));
}

void Guardian::lookAtPhase(memory::Phase phase, std::chrono::milliseconds time)
{
    lookAtHabits(phase, m_probe.process().anonymous(), time);
    m_boards.memory.update([&](memory::MemoryStatus& status) { status = m_status; });
}

void Guardian::tuneCache()
{
    if (m_config.adaptiveCache == config::Switch::Off || m_config.cacheLimitGb > 0) {
        return;
    }
    if (const auto choice = m_cacheTuner.look(m_pool.counters())) {
        m_status.cacheLimit = choice->limitBytes;
        m_status.cacheNote = choice->note;
        log::info(Module::Memory, "keeps freed memory up to " + choice->note);
        setPoolLimits();
    }
}

void Guardian::setPoolLimits()
{
    m_pool.setLimits({ .budgetBytes = gibibytes(m_config.budgetGb), .cacheBytes = m_status.cacheLimit });
    m_judge.declareCacheBudget(m_status.cacheLimit);
}

void Guardian::advise()
{
    const auto sites = m_pool.sites();
    const auto top = std::ranges::max_element(sites, {}, &memory::SiteUse::liveBytes);
    std::optional<memory::ScopeReport> largest;
    for (const memory::ScopeReport& report : m_scopes.reports().toVector()) {
        if (!largest || report.residentDelta > largest->residentDelta) {
            largest = report;
        }
    }
    m_status.advice = memory::adviceFor({ .memory = m_status,
        .config = m_whole,
        .stalledPercentage = m_stalled,
        .topSite = top == sites.end() || top->liveBytes == 0 ? "" : top->toText(),
        .largestOperation = largest });
}

void Guardian::logOperations()
{
    for (const memory::ScopeReport& report : m_scopes.takeNew()) {
        report.isLarge() ? log::warn(Module::Memory, report.toText()) : log::info(Module::Memory, report.toText());
    }
}

memory::MemoryReport Guardian::report(std::string cause) const
{
    memory::MemoryReport report;
    report.cause = std::move(cause);
    report.step = m_status.latest.step;
    report.wall = m_boards.clock.wall();
    report.status = m_status;
    report.pool = m_pool.counters();
    report.sites = m_pool.sites();
    report.operations = m_scopes.reports().toVector();
    return report;
}

void Guardian::announce(const memory::LeakVerdict& before, std::chrono::milliseconds time)
{
    const auto& leak = m_status.leak;
    if (leak.decision <= before.decision || leak.decision == memory::Decision::None) {
        return;
    }
    Event event;
    event.kind = leak.decision == memory::Decision::Act ? EventKind::Act : EventKind::Warn;
    event.step = m_status.latest.step;
    event.time = time;
    event.cause = leak.blameWord;
    event.text = describe(leak) + (leak.reason.empty() ? "" : "; " + leak.reason) + describeSites(leak);
    event.numbers = { { "mb_per_step", leak.mbPerStep }, { "low", leak.low }, { "high", leak.high },
        { "rss_mb", toMiB(m_status.latest.resident) } };
    log::warn(Module::Memory, event.text);
    m_boards.events.add(std::move(event));
}

void Guardian::announceLevel(const memory::LevelChange& change, std::chrono::milliseconds time)
{
    constexpr std::array<std::string_view, 4> kWords { "normal", "alert", "cleanup", "critical" };
    const auto word = kWords[static_cast<std::size_t>(change.to)];
    Event event;
    event.kind = EventKind::Alert;
    event.step = m_status.latest.step;
    event.time = time;
    event.cause = word;
    event.text = fmt::format("memory use is {} at {}: {}", change.isRise() ? "up" : "down",
        bytesToText(change.usedBytes), word);
    event.numbers = { { "used_mb", toMiB(change.usedBytes) } };
    log::info(Module::Memory, event.text);
    m_boards.events.add(std::move(event));
}

void Guardian::beat()
{
    const auto& leak = m_status.leak;
    auto& health = m_boards.health;
    if (m_status.drill.active) {
        health.degrade(Module::Memory, fmt::format("leak drill: {}", m_status.drill.who));
    } else if (leak.decision != memory::Decision::None) {
        health.degrade(Module::Memory, describe(leak));
    } else if (m_status.level >= memory::Level::Cleanup) {
        health.degrade(Module::Memory, fmt::format("{} in use", bytesToText(m_status.latest.anonymous())));
    } else {
        health.beat(Module::Memory,
            leak.nothingAbove > 0 ? fmt::format("no leak above {:.2f}", leak.nothingAbove) : "too early to say");
    }
    health.setSize(Module::Memory, m_status.latest.active + m_status.latest.cache, 0);
}

Result<void> Guardian::startDrill(const memory::Drill& drill) { return m_drill.start(drill); }
void Guardian::stopDrill() { m_drill.stop(); }

void Guardian::dropDrillBlocks()
{
    if (m_drill.status().active && m_drill.status().who != "untracked") {
        m_drill.dropHeld();
    }
}

} // namespace dubito::session
