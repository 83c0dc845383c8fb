// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/StepRecorder.h"

#include "backend/base/Text.h"

#include <array>
#include <limits>
#include <utility>

namespace dubito::session {

namespace {

using metrics::Metric;

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kSources = metrics::kSourceWords.size();

void addTraining(metrics::MetricsLine& line, const StepFacts& facts)
{
    const auto& result = facts.result;
    const double seconds = facts.stepMilliseconds / 1000.0;
    line.values.insert(line.values.end(),
        { { Metric::CrossEntropy, result.crossEntropy }, { Metric::WeightedCrossEntropy, result.weightedCrossEntropy },
            { Metric::DistrustTerm, result.distrustTerm }, { Metric::PublishedTotal, result.publishedTotal },
            { Metric::LearningRate, result.learningRate }, { Metric::GradientNorm, result.gradientNorm },
            { Metric::Tokens, static_cast<double>(result.targets) },
            { Metric::TokensPerSecond, seconds > 0 ? static_cast<double>(result.targets) / seconds : kUnknown },
            { Metric::StepMilliseconds, facts.stepMilliseconds },
            { Metric::EffectiveSampleSize, result.effectiveSampleShare } });
}

void addMemory(metrics::MetricsLine& line, const StepFacts& facts)
{
    const auto& memory = facts.memory;
    const auto& sample = memory.latest;
    line.values.insert(line.values.end(),
        { { Metric::Resident, toMiB(sample.resident) }, { Metric::Anonymous, toMiB(sample.anonymous()) },
            { Metric::Active, toMiB(sample.active) }, { Metric::Cache, toMiB(sample.cache) },
            { Metric::Untracked, toMiB(sample.untracked) },
            { Metric::Available, sample.available >= 0 ? toMiB(sample.available) : kUnknown } });
    constexpr std::array kCategoryMetrics { Metric::Weights, Metric::Gradients, Metric::Optimizer, Metric::Activations,
        Metric::Data, Metric::History };
    for (std::size_t i = 0; i < kCategoryCount; ++i) {
        line.values.emplace_back(kCategoryMetrics[i], toMiB(memory.bytesByCategory[i]));
    }
}

void addLeak(metrics::MetricsLine& line, const StepFacts& facts)
{
    const auto& leak = facts.memory.leak;
    // Before the floor is known nothing can be said, and 0 would be a claim.
    const bool isKnown = leak.nothingAbove > 0 || leak.decision != memory::Decision::None;
    line.values.insert(line.values.end(),
        { { Metric::LeakNaive,
              facts.residentBefore > 0 ? toMiB(facts.memory.latest.resident - facts.residentBefore) : kUnknown },
            { Metric::LeakEstimate, isKnown ? leak.mbPerStep : kUnknown },
            { Metric::LeakLow, isKnown ? leak.low : kUnknown }, { Metric::LeakHigh, isKnown ? leak.high : kUnknown },
            { Metric::LeakFloor, isKnown ? leak.nothingAbove : kUnknown } });
}

void addShares(metrics::MetricsLine& line, const train::StepResult& result, const data::DocumentStore& documents)
{
    std::array<double, kSources> shares {};
    std::array<bool, kSources> known {};
    for (std::size_t i = 0; i < result.classShares.size(); ++i) {
        const std::size_t place = metrics::sourcePlace(documents.sourceClasses()[i]);
        shares[place] += result.classShares[i];
        known[place] = true;
    }
    for (std::size_t place = 0; place < kSources; ++place) {
        if (known[place]) {
            line.values.emplace_back(metrics::shareMetric(place), shares[place]);
        }
    }
}

void addHeldOut(metrics::MetricsLine& line, const train::HeldOutLoss& heldOut, const data::DocumentStore& validation)
{
    line.values.emplace_back(Metric::Validation, heldOut.crossEntropy);
    std::array<double, kSources> sums {};
    std::array<double, kSources> targets {};
    for (const auto& loss : heldOut.classes) {
        const auto& word = validation.sourceClasses()[static_cast<std::size_t>(loss.sourceClass)];
        const std::size_t place = metrics::sourcePlace(word);
        sums[place] += loss.crossEntropy * static_cast<double>(loss.targets);
        targets[place] += static_cast<double>(loss.targets);
    }
    for (std::size_t place = 0; place < kSources; ++place) {
        if (targets[place] > 0) {
            line.values.emplace_back(metrics::validationMetric(place), sums[place] / targets[place]);
        }
    }
}

} // namespace

StepRecorder::StepRecorder(RunBoards& boards, metrics::MetricsFile file, const data::DocumentStore& documents,
    const data::DocumentStore* validation)
    : m_boards(boards)
    , m_file(std::move(file))
    , m_documents(documents)
    , m_validation(validation)
{
}

metrics::MetricsLine StepRecorder::lineOf(const StepFacts& facts) const
{
    metrics::MetricsLine line { facts.result.step, facts.time, {} };
    line.values.reserve(metrics::kMetricCount);
    addTraining(line, facts);
    addMemory(line, facts);
    addLeak(line, facts);
    addShares(line, facts.result, m_documents);
    if (facts.heldOut && m_validation != nullptr) {
        addHeldOut(line, *facts.heldOut, *m_validation);
    }
    return line;
}

Result<void> StepRecorder::record(const StepFacts& facts)
{
    const auto line = lineOf(facts);
    m_boards.metrics.update([&](metrics::MetricBoard& board) {
        for (const auto& [metric, value] : line.values) {
            board.add(metric, { line.step, line.time, value }); // not finite, too: a curve must know where it has a gap
        }
    });
    if (auto appended = m_file.append(line); !appended) {
        return appended;
    }
    return m_file.flush();
}

} // namespace dubito::session
