// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/memory/LeakJudge.h"

#include "backend/base/Text.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <utility>

#include <fmt/format.h>

namespace dubito::memory {
namespace {

constexpr std::size_t kCache = static_cast<std::size_t>(Stream::Cache);
constexpr std::size_t kUntracked = static_cast<std::size_t>(Stream::Untracked);
constexpr std::size_t kResident = static_cast<std::size_t>(Stream::Resident);

/// The largest share of the growth must be this large to be called the culprit.
constexpr double kBlameShare = 0.5;

/// What an act by a slope needs, as shares of the level; runaway growth needs the smaller one and has no interval yet.
constexpr double kNeededSlope = 0.91;
constexpr double kNeededBound = 0.5;

bool isExact(std::size_t stream) { return stream < kCategoryCount; }

} // namespace

std::string_view streamWord(std::size_t stream)
{
    switch (stream) {
    case kCache:
        return "cache";
    case kUntracked:
        return "untracked";
    case kResident:
        return "rss";
    default:
        return kCategoryWords[stream];
    }
}

LeakJudge::LeakJudge(const LeakLevels& levels) : m_levels(levels)
{
    for (std::size_t stream = 0; stream < kStreamCount; ++stream) {
        m_ladders.emplace_back(isExact(stream) ? LadderRules::forExact(levels.warnMbPerStep, levels.actMbPerStep)
                                               : LadderRules::forResident(levels.warnMbPerStep, levels.actMbPerStep));
    }
}

LeakVerdict LeakJudge::judge(const MemorySample& sample,
    const std::array<std::int64_t, kCategoryCount>& bytesByCategory, const LimitFacts& facts)
{
    std::array<double, kStreamCount> mb {};
    std::ranges::transform(bytesByCategory, mb.begin(), toMiB);
    mb[kCache] = std::max(toMiB(sample.cache), m_cacheBudgetMb);
    mb[kUntracked] = toMiB(sample.untracked);
    mb[kResident] = toMiB(sample.anonymous());
    m_warns = false;
    m_acts = false;
    for (std::size_t stream = 0; stream < kStreamCount; ++stream) {
        LeakLadder& ladder = m_ladders[stream];
        ladder.add(mb[stream]);
        m_warns = m_warns || ladder.warns();
        m_acts = m_acts || ladder.acts();
    }
    m_limit.add(mb[kResident], m_warns);

    const std::size_t deciding = decidingStream();
    const LeakEstimate growth = m_ladders[deciding].evidence();
    const std::string_view urgent = m_limit.urgent(growth, facts);
    m_acts = m_acts || !urgent.empty();
    const Decision decision = m_acts ? Decision::Act : m_warns ? Decision::Warn : Decision::None;
    if (decision != m_decision) {
        m_decision = decision;
        m_sinceStep = decision == Decision::None ? -1 : sample.step;
    }
    const Estimates all = estimates();
    LeakVerdict verdict { .decision = decision,
        .mbPerStep = growth.mbPerStep,
        .low = growth.low,
        .high = growth.high,
        .nothingAbove = m_ladders[kResident].nothingAbove(),
        .blame = std::nullopt,
        .blameWord = {},
        .reason = {},
        .growth = growths(),
        .sites = {},
        .toLimit = m_limit.forecast(all[kResident], facts.limitMb),
        .sinceStep = m_sinceStep };
    verdict.unexplained = unexplained(all);
    if (decision != Decision::None) {
        verdict.reason = reasonOf(deciding, urgent);
        addBlame(verdict);
    }
    return verdict;
}

void LeakJudge::declareCacheBudget(std::int64_t bytes)
{
    if (std::exchange(m_cacheBudgetMb, toMiB(bytes)) != toMiB(bytes)) {
        m_ladders[kCache].restart();
    }
}

void LeakJudge::restart()
{
    std::ranges::for_each(m_ladders, &LeakLadder::restart);
    m_limit.restart();
    m_warns = false;
    m_acts = false;
    m_decision = Decision::None;
    m_sinceStep = -1;
}

void LeakJudge::setLevels(const LeakLevels& levels)
{
    m_levels = levels;
    for (LeakLadder& ladder : m_ladders) {
        ladder.setLevels(levels.warnMbPerStep, levels.actMbPerStep);
    }
}

LeakJudge::Estimates LeakJudge::estimates() const
{
    Estimates all;
    std::ranges::transform(m_ladders, all.begin(), &LeakLadder::estimate);
    return all;
}

std::vector<Growth> LeakJudge::growths() const
{
    const std::array<double, kStreamCount> certain = certainGrowth();
    const double total = std::accumulate(certain.begin(), certain.end(), 0.0);
    std::vector<Growth> all;
    all.reserve(kStreamCount);
    for (std::size_t stream = 0; stream < kStreamCount; ++stream) {
        // Runaway growth is known before any slope is: what a stream is blamed for is what it is said to grow by.
        const LeakEstimate growth = m_ladders[stream].evidence();
        all.push_back({ .who = std::string(streamWord(stream)),
            .mbPerStep = growth.mbPerStep,
            .low = growth.low,
            .high = growth.high,
            .share = total > 0 ? certain[stream] / total : 0 });
    }
    return all;
}

/// The whole must be the sum of its parts, as far as their intervals can tell.
double LeakJudge::unexplained(const Estimates& estimates)
{
    const LeakEstimate& whole = estimates[kResident];
    double rest = whole.mbPerStep;
    double allowed = 0.5 * (whole.high - whole.low);
    for (std::size_t stream = 0; stream < kResident; ++stream) {
        const LeakEstimate& part = estimates[stream];
        rest -= part.mbPerStep;
        allowed += 0.5 * (part.high - part.low);
    }
    return std::max(std::abs(rest) - allowed, 0.0);
}

/// The stream with the gravest alarm and, among equals, the most certain growth; exact ones before the resident set,
/// which only repeats them less sharply. Without an alarm it is the resident set.
std::size_t LeakJudge::decidingStream() const
{
    std::size_t deciding = kResident;
    int gravest = m_ladders[kResident].acts() ? 2 : m_ladders[kResident].warns() ? 1 : 0;
    double surest = 0;
    for (std::size_t stream = 0; stream < kResident; ++stream) {
        const LeakLadder& ladder = m_ladders[stream];
        const int grave = ladder.acts() ? 2 : ladder.warns() ? 1 : 0;
        if (grave == 0 || grave < gravest) {
            continue;
        }
        const double bound = ladder.evidence().lowerBound;
        if (grave > gravest || bound > surest) {
            deciding = stream;
            gravest = grave;
            surest = bound;
        }
    }
    return deciding;
}

void LeakJudge::addBlame(LeakVerdict& verdict) const
{
    std::array<double, kStreamCount> growth = certainGrowth();
    double total = std::accumulate(growth.begin(), growth.end(), 0.0);
    if (total <= 0) {
        // Runaway growth of the whole may be seen before any part has a slope.
        growth = recentGrowth();
        total = std::accumulate(growth.begin(), growth.end(), 0.0);
    }
    const auto culprit = static_cast<std::size_t>(std::ranges::max_element(growth) - growth.begin());
    if (total <= 0 || growth[culprit] < kBlameShare * total) {
        return;
    }
    verdict.blameWord = streamWord(culprit);
    if (isExact(culprit)) {
        verdict.blame = static_cast<Category>(culprit);
    }
}

/// The parts that surely grow. The resident set is their sum and no part.
std::array<double, kStreamCount> LeakJudge::certainGrowth() const
{
    std::array<double, kStreamCount> growth {};
    for (std::size_t stream = 0; stream < kResident; ++stream) {
        const LeakEstimate estimate = m_ladders[stream].evidence();
        growth[stream] = estimate.lowerBound > 0 ? std::max(estimate.mbPerStep, 0.0) : 0.0;
    }
    return growth;
}

std::array<double, kStreamCount> LeakJudge::recentGrowth() const
{
    std::array<double, kStreamCount> growth {};
    for (std::size_t stream = 0; stream < kResident; ++stream) {
        growth[stream] = std::max(m_ladders[stream].recentRise(), 0.0);
    }
    return growth;
}

std::string LeakJudge::reasonOf(std::size_t stream, std::string_view urgent) const
{
    const LeakEstimate growth = m_ladders[stream].evidence();
    if (!urgent.empty()) {
        return fmt::format("{}; {} grows by {:.2f} MB/step", urgent, streamWord(stream), growth.mbPerStep);
    }
    const double neededSlope = kNeededSlope * m_levels.actMbPerStep;
    const double neededBound = kNeededBound * m_levels.actMbPerStep;
    if (m_acts && (growth.mbPerStep < neededSlope || growth.lowerBound < neededBound)) {
        return fmt::format("{}: climbs by {:.2f} MB/step, block above block and far above all before, needs {:.2f}",
            streamWord(stream), growth.mbPerStep, neededBound);
    }
    if (m_acts) {
        return fmt::format("{}: slope {:.2f}, needs {:.2f}; lower bound {:.2f}, needs {:.2f}", streamWord(stream),
            growth.mbPerStep, neededSlope, growth.lowerBound, neededBound);
    }
    return fmt::format("{}: slope {:.2f}; lower bound {:.3f}, needs {:.3f}", streamWord(stream), growth.mbPerStep,
        growth.lowerBound, m_levels.warnMbPerStep);
}

} // namespace dubito::memory
