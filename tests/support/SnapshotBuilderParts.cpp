// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/SnapshotBuilder.h"

#include "backend/base/Text.h"
#include "backend/metrics/Metric.h"

#include <algorithm>
#include <cmath>
#include <random>

namespace dubito::tests {

using session::EventKind;

namespace {

constexpr std::array<const char*, 6> kSources { "government", "lab_notebook", "archive", "oral_history", "measurement",
    "correspondence" };

/// 640 documents around the middles of their classes, as in the run of the mock-ups.
std::shared_ptr<const session::CorpusOverview> recordedCorpus()
{
    struct Class {
        const char* word;
        double ofDocuments, ofGradient, authority, entropy;
    };
    constexpr std::array<Class, 6> kClasses { { { "lab_notebook", 0.15, 0.38, 0.12, 6.5 }, { "archive", 0.12, 0.23, 0.17, 5.8 },
        { "oral_history", 0.11, 0.16, 0.24, 5.2 }, { "measurement", 0.04, 0.08, 0.22, 5.7 }, { "correspondence", 0.04, 0.04, 0.28, 4.8 },
        { "government", 0.54, 0.11, 0.89, 1.1 } } };
    auto corpus = std::make_shared<session::CorpusOverview>();
    corpus->documents = 7895;
    corpus->skippedLines = 14;
    corpus->firstSkipped = { "train.jsonl:6120: not a JSON object", "train.jsonl:6188: no text" };
    corpus->effectiveSampleShare = 0.52;
    corpus->essWarning = 0.2;
    corpus->weightMean = 4.59;
    for (const double weight : { 0.1, 0.25, 0.5, 1.0, 2.0, 4.0 }) {
        corpus->levels.push_back({ weight, std::log(weight * corpus->weightMean) / 0.388651 });
    }
    std::mt19937 engine(5);
    const auto spread = [&] { return static_cast<double>(engine()) / static_cast<double>(std::mt19937::max()) - 0.5; };
    for (const Class& each : kClasses) {
        const std::size_t place = metrics::sourcePlace(each.word);
        corpus->sources.push_back({ place, each.ofDocuments, each.ofGradient });
        for (int i = 0; i < static_cast<int>(each.ofDocuments * 640); ++i) {
            session::DocumentDot dot { static_cast<std::int64_t>(corpus->dots.size()) * 12, std::to_string(4711 - i), place, 0, 0, 0 };
            dot.authority = std::clamp(each.authority + (spread() + spread()) * 0.14, 0.0, 0.99);
            dot.entropy = std::max(0.0, each.entropy + (spread() + spread()) * 1.4);
            dot.weight = std::exp(0.388651 * (std::log(1 - dot.authority + 1e-8) + dot.entropy)) / 4.59;
            corpus->dots.push_back(std::move(dot));
        }
    }
    return corpus;
}

} // namespace

SnapshotBuilder& SnapshotBuilder::state(train::RunState state)
{
    m_snapshot.run.state = state;
    ++m_snapshot.revision;
    return *this;
}

SnapshotBuilder& SnapshotBuilder::loss(const std::vector<double>& crossEntropy)
{
    return series(metrics::Metric::CrossEntropy, crossEntropy);
}

SnapshotBuilder& SnapshotBuilder::series(
    metrics::Metric metric, const std::vector<double>& values, std::int64_t everySteps)
{
    metrics::Series made;
    made.metric = metric;
    const std::size_t width = (values.size() + metrics::kMaxBuckets - 1) / metrics::kMaxBuckets;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const std::int64_t step = static_cast<std::int64_t>(i + 1) * everySteps;
        if (i % std::max<std::size_t>(width, 1) == 0) {
            made.buckets.push_back({ step, step, timeOf(step), timeOf(step), values[i], values[i], 0, 0, 0 });
        }
        auto& bucket = made.buckets.back();
        bucket.lastStep = step;
        bucket.lastTime = timeOf(step);
        if (!std::isfinite(values[i])) {
            ++bucket.nonFinite;
            continue;
        }
        bucket.minimum = bucket.samples == 0 ? values[i] : std::min(bucket.minimum, values[i]);
        bucket.maximum = bucket.samples == 0 ? values[i] : std::max(bucket.maximum, values[i]);
        bucket.sum += values[i];
        ++bucket.samples;
    }
    const std::size_t first = values.size() > metrics::kMaxLatest ? values.size() - metrics::kMaxLatest : 0;
    for (std::size_t i = first; i < values.size(); ++i) {
        const std::int64_t step = static_cast<std::int64_t>(i + 1) * everySteps;
        made.latest.push_back({ step, timeOf(step), values[i] });
    }
    std::erase_if(m_snapshot.series, [metric](const metrics::Series& one) { return one.metric == metric; });
    m_snapshot.series.push_back(std::move(made));
    ++m_snapshot.revision;
    return *this;
}

SnapshotBuilder& SnapshotBuilder::event(EventKind kind, std::int64_t step, std::string text, std::string cause,
    std::vector<std::pair<std::string, double>> numbers)
{
    session::Event event;
    event.id = m_snapshot.events.empty() ? 1 : m_snapshot.events.back().id + 1;
    event.step = step;
    event.time = timeOf(step);
    event.wall = std::chrono::system_clock::time_point(std::chrono::seconds(1795205640)) + event.time;
    event.kind = kind;
    event.cause = std::move(cause);
    event.text = std::move(text);
    event.numbers = std::move(numbers);
    m_snapshot.events.push_back(std::move(event));
    ++m_snapshot.revision;
    return *this;
}

SnapshotBuilder& SnapshotBuilder::health(Module module, health::HealthState state, std::string reason)
{
    auto& row = m_snapshot.health[toIndex(module)];
    row.state = state;
    row.reason = std::move(reason);
    ++m_snapshot.revision;
    return *this;
}

SnapshotBuilder& SnapshotBuilder::log(log::LogLevel level, Module module, std::string text)
{
    const std::uint64_t id = m_snapshot.log.empty() ? 1 : m_snapshot.log.back().id + 1;
    const auto time = std::chrono::system_clock::time_point(
        std::chrono::seconds(1795205640 + static_cast<std::int64_t>(id)));
    m_snapshot.log.push_back({ id, time, level, module, std::move(text) });
    ++m_snapshot.revision;
    return *this;
}

SnapshotBuilder& SnapshotBuilder::documents(std::int64_t count)
{
    m_snapshot.documents = {};
    m_snapshot.corpus = recordedCorpus();
    m_snapshot.documents.matching = count;
    for (std::int64_t i = 0; i < std::min<std::int64_t>(count, 64); ++i) {
        const double authority = 0.11 + 0.84 * static_cast<double>(i % 8 == 0);
        session::ScoredDocument document;
        document.index = i;
        document.id = std::to_string(4711 - i);
        document.title = i % 8 == 0 ? "School activity guidance" : "Experimental Researches in Electricity";
        document.sourceType = kSources[static_cast<std::size_t>(i) % kSources.size()];
        document.text = "2016. Physical activity in primary schools. According to CDC, experts agree that daily activity "
                        "improves attention in class, and studies show a small gain in reading scores.";
        document.authority = authority;
        document.entropy = i % 8 == 0 ? 0.88 : 6.42;
        document.weight = i % 8 == 0 ? 0.10 : 2.52;
        document.labelled = i % 3 == 0;
        document.year = i % 8 == 0 ? "2016" : "1839";
        document.place = "train.jsonl:" + document.id;
        document.doubt = std::log(1 - authority) + document.entropy;
        document.rawWeight = std::exp(0.388651 * document.doubt);
        document.reasons = { { "base", "", -1, -1, 0.30, 1.50 }, { "age", "2016", 0, 4, 0.15, 0 },
            { "institution", "CDC", 0, 0, 0.30, -0.45 }, { "consensus", "experts agree", 0, 0, 0.10, -0.40 } };
        for (auto& reason : document.reasons) {
            reason.begin = reason.evidence.empty() ? -1 : static_cast<std::int64_t>(document.text.find(reason.evidence));
            reason.end = reason.begin + static_cast<std::int64_t>(reason.evidence.size());
        }
        m_snapshot.documents.documents.push_back(std::move(document));
    }
    ++m_snapshot.revision;
    return *this;
}

SnapshotBuilder& SnapshotBuilder::leak(memory::LeakVerdict verdict)
{
    m_snapshot.memory.leak = std::move(verdict);
    ++m_snapshot.revision;
    return *this;
}

SnapshotBuilder& SnapshotBuilder::drill(std::string who, double mbPerStep)
{
    m_snapshot.memory.drill = { true, std::move(who), mbPerStep, memory::DrillShape::Constant, 96 * kMiB };
    ++m_snapshot.revision;
    return *this;
}

SnapshotBuilder& SnapshotBuilder::config(const config::Config& config)
{
    m_snapshot.config.inForce = std::make_shared<const config::Config>(config);
    ++m_snapshot.config.revision;
    ++m_snapshot.revision;
    return *this;
}

void SnapshotBuilder::addRecordedEvents(std::int64_t steps)
{
    event(EventKind::Start, 0, "training starts with 7,895 documents");
    for (std::int64_t step = 250; step <= std::min<std::int64_t>(steps, 5000); step += 250) {
        event(EventKind::Checkpoint, step, "checkpoint-" + std::to_string(step) + ", 1.1 s", "interval", { { "seconds", 1.1 } });
        if (step == 1750 && steps >= 1840) {
            event(EventKind::Warn, 1752, "untracked 2.9 MB/step", "leak", { { "mb_per_step", 2.9 } });
            event(EventKind::Act, 1840, "untracked 3.6 MB/step", "leak",
                { { "mb_per_step", 3.6 }, { "low", 2.57 }, { "high", 4.63 } });
            event(EventKind::Reload, 1840, "gave back 412 MiB, 9.2 s", "emergency",
                { { "before_mb", 5724 }, { "after_mb", 5312 }, { "seconds", 9.2 } });
        }
        if (step == 2250 && steps >= 2410) {
            event(EventKind::Pause, 2410, "4.6 of 4.7 GiB free", "pressure", { { "available_mb", 4710 } });
            event(EventKind::Resume, 2410, "6.1 GiB free again", "pressure", { { "seconds", 221 } });
        }
    }
}

session::Snapshot SnapshotBuilder::build() const { return m_snapshot; }

} // namespace dubito::tests
