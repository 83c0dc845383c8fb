// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/SnapshotBuilder.h"

#include "backend/base/Text.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

namespace dubito::tests {

using health::HealthState;
using metrics::Metric;
using session::EventKind;
using train::RunState;

namespace {

constexpr std::int64_t kGiBs(double gib) { return static_cast<std::int64_t>(gib * static_cast<double>(kGiB)); }

/// Noise that is the same everywhere: the distributions of the standard library are not.
class Noise {
public:
    explicit Noise(std::uint32_t seed) : m_engine(seed) { }
    double operator()()
    {
        double sum = 0;
        for (int i = 0; i < 4; ++i) {
            sum += static_cast<double>(m_engine()) / static_cast<double>(std::mt19937::max()) - 0.5;
        }
        return sum;
    }

private:
    std::mt19937 m_engine;
};

bool leaksAt(std::int64_t step) { return step >= 1752 && step < 1840; }

double leakedGiB(std::int64_t step) { return leaksAt(step) ? static_cast<double>(step - 1752) * 3.6 / 1024 : 0.0; }

const std::array<std::pair<HealthState, const char*>, kModuleCount>& recordedReasons()
{
    static const std::array<std::pair<HealthState, const char*>, kModuleCount> kReasons { {
        { HealthState::Healthy, "4,812 lines, 0 lost" },
        { HealthState::Healthy, "revision 7, no problem" },
        { HealthState::Degraded, "14 of 7,909 lines skipped" },
        { HealthState::Idle, "all documents encoded" },
        { HealthState::Healthy, "7,895 documents scored" },
        { HealthState::Healthy, "monotone, ESS 52 %" },
        { HealthState::Healthy, "135 M parameters, 1.0 GiB" },
        { HealthState::Healthy, "step 3,120" },
        { HealthState::Healthy, "no leak above 0.02" },
        { HealthState::Healthy, "2 of 3 left this hour" },
        { HealthState::Healthy, "41 series, 38 % full" },
        { HealthState::Healthy, "13 rows" },
        { HealthState::Healthy, "0 commands waiting" },
    } };
    return kReasons;
}

} // namespace

memory::LeakVerdict noLeak(double nothingAbove)
{
    memory::LeakVerdict verdict;
    verdict.mbPerStep = -0.001;
    verdict.low = -0.01;
    verdict.high = 0.01;
    verdict.nothingAbove = nothingAbove;
    verdict.reason = "slope 0.00, needs 0.91";
    verdict.growth = { { "activations", 0, 0, 0 }, { "untracked", 0.003, -0.01, 0.01 } };
    return verdict;
}

memory::LeakVerdict leakOf(Category who, double mbPerStep)
{
    memory::LeakVerdict verdict;
    verdict.decision = memory::Decision::Act;
    verdict.mbPerStep = mbPerStep;
    verdict.low = mbPerStep * 0.95;
    verdict.high = mbPerStep * 1.05;
    verdict.nothingAbove = 0.02;
    verdict.blame = who;
    verdict.blameWord = toWord(who);
    verdict.reason = "slope 4.00, needs 0.91; lower bound 3.8, needs 0.50";
    for (const auto word : kCategoryWords) {
        const double grows = word == toWord(who) ? mbPerStep : 0.0;
        verdict.growth.push_back({ std::string(word), grows, grows * 0.95, grows * 1.05 });
    }
    verdict.growth.push_back({ "untracked", 0.03, -0.02, 0.08 });
    verdict.sites = { { "backend/model/Attention.cpp:88 (activations)", 96 * kMiB, 24, mbPerStep, 1 } };
    verdict.toLimit = { 696, 663, 733 };
    return verdict;
}

SnapshotBuilder::SnapshotBuilder()
{
    m_snapshot.revision = 1;
    m_snapshot.config.inForce = std::make_shared<const config::Config>();
    m_snapshot.memory.limits.machine = kGiBs(31.2);
    m_snapshot.memory.limits.pauseAvailable = kGiBs(4.68);
    m_snapshot.memory.limits.abortAvailable = kGiBs(2.5);
    m_snapshot.memory.latest.available = kGiBs(18.4);
    m_snapshot.memory.latest.resident = kGiBs(0.09);
    for (std::size_t i = 0; i < kModuleCount; ++i) {
        m_snapshot.health.push_back(
            { static_cast<Module>(i), HealthState::Idle, "nothing runs", std::chrono::milliseconds(-1), 0, 0 });
    }
}

std::chrono::milliseconds SnapshotBuilder::timeOf(std::int64_t step) const
{
    const std::int64_t paused = step > 2410 ? 221'000 : 0;
    return std::chrono::milliseconds(step * 1770 + paused);
}

SnapshotBuilder& SnapshotBuilder::running(std::int64_t step, std::int64_t totalSteps)
{
    auto& run = m_snapshot.run;
    run.state = RunState::Running;
    run.activity = "trains";
    run.step = step;
    run.totalSteps = totalSteps;
    run.tokensSeen = step * 4000;
    run.tokensPerSecond = 2310;
    run.elapsed = timeOf(step);
    run.remaining = timeOf(totalSteps) - timeOf(step);
    run.runName = "run 2026-11-20 20:14";
    run.runFolder = "runs/2026-11-20-2014-sample";
    run.modelName = "llama-135m, full fine-tune, monotone";
    run.lastCheckpointStep = step / 250 * 250;
    run.lastCheckpoint = run.runFolder + "/checkpoint-" + std::to_string(run.lastCheckpointStep);
    auto& memory = m_snapshot.memory;
    memory.latest = { step, timeOf(step), kGiBs(5.18), kGiBs(0.26), kGiBs(4.41), kGiBs(0.3), kGiBs(0.21), kGiBs(18.4),
        kGiBs(8) };
    memory.peakResident = kGiBs(5.61);
    memory.peakActive = kGiBs(4.41);
    memory.leak = noLeak();
    memory.bytesByCategory = { kGiBs(0.5), kGiBs(0.5), kGiBs(1.0), kGiBs(2.24), kGiBs(0.12), kGiBs(0.05) };
    memory.limits.budget = kGiBs(8);
    memory.limits.reloadThreshold = kGiBs(6.8);
    memory.limits.alert = kGiBs(5.6);
    memory.limits.cleanup = kGiBs(6.4);
    memory.limits.critical = kGiBs(7.2);
    memory.judgeMicroseconds = 3.1;
    m_snapshot.reload.left = 3;
    for (std::size_t i = 0; i < kModuleCount; ++i) {
        const auto& [state, reason] = recordedReasons()[i];
        const auto age = state == HealthState::Idle ? std::chrono::milliseconds(-1)
                                                    : std::chrono::milliseconds(static_cast<int>(i % 3) * 1000);
        m_snapshot.health[i] = { static_cast<Module>(i), state, reason, age, kMiB, 0.38 };
    }
    ++m_snapshot.revision;
    return *this;
}

SnapshotBuilder& SnapshotBuilder::recorded(std::int64_t step, std::int64_t totalSteps)
{
    running(step, totalSteps);
    addRecordedMemory(step);
    addRecordedLearning(step);
    addRecordedEvents(step);
    m_snapshot.reload.lastCause = reload::ReloadCause::Emergency;
    m_snapshot.reload.lastOutcome = reload::Outcome::Ok;
    m_snapshot.reload.lastStep = 1840;
    m_snapshot.reload.beforeBytes = kGiBs(5.59);
    m_snapshot.reload.afterBytes = kGiBs(5.19);
    m_snapshot.reload.recoveredBytes = 412 * kMiB;
    m_snapshot.reload.seconds = 9.2;
    m_snapshot.reload.unplanned = 1;
    m_snapshot.reload.left = 2;
    log(log::LogLevel::Info, Module::Train, "step 3,100: ce 2.71, 2,310 tokens per second");
    log(log::LogLevel::Warning, Module::Data, "train.jsonl:6120: not a JSON object; the line is skipped");
    log(log::LogLevel::Info, Module::Session, "checkpoint-3000 written in 1.1 s");
    documents(64);
    m_snapshot.validationBySource = { { "lab notebook", 2.61 }, { "archive", 2.74 }, { "government", 3.02 } };
    return *this;
}

SnapshotBuilder& SnapshotBuilder::leaking()
{
    recorded(3404);
    state(RunState::Reloading);
    m_snapshot.run.activity = "reloads the model";
    leak(leakOf(Category::Activations, 4.0));
    drill("activations", 4.0);
    health(Module::Memory, HealthState::Degraded, "leak drill: activations");
    event(EventKind::Alert, 3380, "drill started by the user");
    event(EventKind::Warn, 3391, "activations 3.9 MB/step", "leak");
    event(EventKind::Act, 3404, "activations 4.0 MB/step", "leak",
        { { "mb_per_step", 4.0 }, { "low", 3.8 }, { "high", 4.2 }, { "limit_mb_per_step", 1.0 }, { "before_mb", 5407 } });
    event(EventKind::Relieve, 3404, "gave back 0 of 96 MiB", "leak", { { "seconds", 0.2 } });
    event(EventKind::Checkpoint, 3404, "checkpoint-3404, 1.1 s", "leak", { { "seconds", 1.1 } });
    event(EventKind::Reload, 3404, "running, 2.8 s so far", "leak");
    m_snapshot.reload.rung = reload::Rung::Reload;
    m_snapshot.reload.lastCause = reload::ReloadCause::Emergency;
    m_snapshot.reload.lastOutcome = reload::Outcome::None;
    m_snapshot.reload.rungNotes = { "", "0 of 96 MiB back, 0.2 s", "activations hold 96 MiB", "checkpoint-3404, 1.1 s",
        "2.8 s of about 9 s", "RSS must fall to 5.19 GiB" };
    m_snapshot.reload.left = 1;
    m_snapshot.reload.cooldownSteps = 200;
    return *this;
}

SnapshotBuilder& SnapshotBuilder::failed()
{
    recorded(4021);
    state(RunState::Failed);
    m_snapshot.run.remaining = std::chrono::milliseconds(-1);
    m_snapshot.run.problem = Error { ErrorCode::Diverged,
        "the loss is not a number; the batch held documents 4711, 17, 202 and 5. Go on from checkpoint-4000 with a "
        "smaller learning rate.",
        "step 4021" };
    event(EventKind::Fail, 4021, "the loss is not a number", "diverged");
    health(Module::Train, HealthState::Failed, "the loss is not a number at step 4,021");
    return *this;
}

SnapshotBuilder& SnapshotBuilder::huge()
{
    recorded(5'000'000'000, 9'000'000'000'000);
    const std::string endless(4000, 'W');
    m_snapshot.run.modelName = endless;
    m_snapshot.run.runName = endless;
    m_snapshot.run.note = endless;
    m_snapshot.memory.latest.resident = std::int64_t { 1 } << 60;
    m_snapshot.memory.latest.available = -1;
    m_snapshot.memory.leak.mbPerStep = std::numeric_limits<double>::infinity();
    m_snapshot.memory.leak.blameWord = endless;
    for (auto& row : m_snapshot.health) {
        row.reason = "<b>" + endless;
        row.sinceBeat = std::chrono::hours(24 * 365 * 40);
    }
    while (m_snapshot.events.size() < 512) {
        event(EventKind::Warn, 1, "<img src=x>" + endless, endless, { { endless, std::nan("") } });
    }
    while (m_snapshot.log.size() < 256) {
        log(log::LogLevel::Error, Module::Data, endless + "\n\t\x01");
    }
    for (auto& one : m_snapshot.series) {
        one.latest.push_back({ m_snapshot.run.step, m_snapshot.run.elapsed, std::numeric_limits<double>::infinity() });
        one.latest.push_back({ m_snapshot.run.step + 1, m_snapshot.run.elapsed, std::nan("") });
        one.latest.push_back({ m_snapshot.run.step + 2, m_snapshot.run.elapsed, 1e300 });
    }
    for (auto& document : m_snapshot.documents.documents) {
        document.title = endless;
        document.weight = std::numeric_limits<double>::infinity();
        document.reasons.assign(32, { endless, endless, 1, 1 << 30, 1e300, std::nan("") });
    }
    return *this;
}

void SnapshotBuilder::addRecordedMemory(std::int64_t steps)
{
    const std::int64_t every = std::max<std::int64_t>(1, steps / 4000);
    std::vector<double> resident, anonymous, active, cache, untracked, available, naive, estimate, low, high;
    Noise noise(7);
    for (std::int64_t step = every; step <= steps; step += every) {
        const double warm = 1 - std::exp(-static_cast<double>(step) / 40);
        const double now = 3.4 + 1.78 * warm + leakedGiB(step) + noise() * 0.01;
        resident.push_back(now * 1024);
        anonymous.push_back((now - 0.26 * warm) * 1024);
        active.push_back((3.2 + 1.21 * warm) * 1024);
        cache.push_back((0.28 + noise() * 0.01) * 1024);
        untracked.push_back((0.21 + leakedGiB(step)) * 1024);
        available.push_back((18.4 - leakedGiB(step)) * 1024);
        naive.push_back((leaksAt(step) ? 3.6 : 0.0) + noise() * 1.2);
        const double seen = leaksAt(step) && step > 1760 ? 3.6 : 0.0;
        const double width = seen > 0 ? 0.6 : 2.0 / std::sqrt(static_cast<double>(step));
        estimate.push_back(seen + noise() * 0.01);
        low.push_back(seen - width);
        high.push_back(seen + width);
    }
    series(Metric::Resident, resident, every).series(Metric::Anonymous, anonymous, every);
    series(Metric::Active, active, every).series(Metric::Cache, cache, every).series(Metric::Untracked, untracked, every);
    series(Metric::Available, available, every).series(Metric::LeakNaive, naive, every);
    series(Metric::LeakEstimate, estimate, every).series(Metric::LeakLow, low, every).series(Metric::LeakHigh, high, every);
    const std::array<std::pair<Metric, double>, 6> flat { { { Metric::Weights, 512 }, { Metric::Gradients, 512 },
        { Metric::Optimizer, 1024 }, { Metric::Activations, 2294 }, { Metric::Data, 123 }, { Metric::History, 51 } } };
    for (const auto& [metric, mb] : flat) {
        series(metric, std::vector<double>(resident.size(), mb), every);
    }
}

void SnapshotBuilder::addRecordedLearning(std::int64_t steps)
{
    const std::int64_t every = std::max<std::int64_t>(1, steps / 4000);
    std::vector<double> ce, weighted, total, term, speed, milliseconds, ess, rate, norm;
    Noise noise(11);
    for (std::int64_t step = every; step <= steps; step += every) {
        const double falls = 2.84 + 1.4 * std::exp(-static_cast<double>(step) / 550) - static_cast<double>(std::min<std::int64_t>(step, 5000)) * 4e-5;
        ce.push_back(falls + noise() * 0.12);
        weighted.push_back(falls + 0.14 + noise() * 0.08);
        term.push_back(14 + noise());
        total.push_back(ce.back() + term.back());
        const bool slow = step % 250 < every || std::abs(step - 1840) < 4 || std::abs(step - 2412) < 3;
        speed.push_back(slow ? 1500 : 2310 + noise() * 60);
        milliseconds.push_back(4'090'000.0 / speed.back());
        ess.push_back(0.52 + noise() * 0.02);
        rate.push_back(2e-4 * (0.5 + 0.5 * std::cos(static_cast<double>(step) * 3.14159 / 5000)));
        norm.push_back(0.9 + std::abs(noise()) * 0.3);
    }
    series(Metric::CrossEntropy, ce, every).series(Metric::WeightedCrossEntropy, weighted, every);
    series(Metric::DistrustTerm, term, every).series(Metric::PublishedTotal, total, every);
    series(Metric::TokensPerSecond, speed, every).series(Metric::StepMilliseconds, milliseconds, every);
    series(Metric::EffectiveSampleSize, ess, every).series(Metric::LearningRate, rate, every);
    series(Metric::GradientNorm, norm, every);
    std::vector<double> validation;
    const std::int64_t between = std::max<std::int64_t>(250, steps / 16);
    for (std::int64_t step = between; step <= steps; step += between) {
        validation.push_back(2.8 + 1.1 * std::exp(-static_cast<double>(step) / 550));
    }
    series(Metric::Validation, validation, between);
    const std::array<std::pair<Metric, double>, 6> shares { { { Metric::ShareLabNotebook, 0.38 },
        { Metric::ShareArchive, 0.23 }, { Metric::ShareOralHistory, 0.16 }, { Metric::ShareGovernment, 0.10 },
        { Metric::ShareMeasurement, 0.09 }, { Metric::ShareCorrespondence, 0.04 } } };
    for (const auto& [metric, share] : shares) {
        std::vector<double> values;
        for (std::size_t i = 0; i < ce.size(); ++i) {
            values.push_back(share + 0.01 * std::sin(static_cast<double>(i) / 200.0 + share * 20));
        }
        series(metric, values, every);
    }
}

} // namespace dubito::tests
