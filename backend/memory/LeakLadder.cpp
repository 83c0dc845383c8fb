// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/memory/LeakLadder.h"

#include "backend/memory/PairSlopes.h"

#include <algorithm>
#include <cmath>
#include <span>

namespace dubito::memory {
namespace {

/// Fewer minima than this say nothing.
constexpr std::size_t kFewest = 12;

/// A leak climbs this many times the largest benign decline.
constexpr double kOutclimb = 1.5;

/// The slope of each half, as a share of the whole: steps and caches that fill fail one of them.
constexpr double kHalfShare = 0.7;

/// So many evaluations in a row; before something is done about it, up to two more where the stream is loud.
constexpr int kHold = 4;
constexpr int kMostExtraHold = 2;
constexpr double kLoudMb = 25;
constexpr double kLongBlocks = 8; ///< times the shortest

/// What is known of declines fades by this in four steps: half of it in about 900.
constexpr double kFade = 0.997;
constexpr double kFadeSteps = 4;

/// An act wants the bound above half the level, and the slope above 1 / 1.1 of it.
constexpr double kActShare = 0.5;
constexpr double kActSlope = 0.55;

/// The same level for a floor that has climbed far above its past.
constexpr double kActFloorShare = 0.91;

/// A stream is loud whose floor has wandered so far. There the shortest windows only warn, and on the others a slope must
/// reach this share of the level when the largest benign decline is taken off the climb: teeth on top of a cache that
/// fills look like a leak for a hundred steps.
constexpr double kLoudFloorMb = 30;
constexpr double kLoudBlocks = 4; ///< times the shortest
constexpr double kOwnGrowth = 0.65;

/// Soon after a start twice the assumed decline must be out-climbed; the eighth power of what is left of it fades at once.
double early(double prior)
{
    const double square = prior * prior;
    const double fourth = square * square;
    return fourth * fourth;
}

/// An interval is never narrower than this share of the slope, and is widened by this share of the declines seen.
constexpr double kLeastWidth = 0.002;
constexpr double kWanderedShare = 0.75;

/// What counts as a portion of a leak, as a share of the least rise.
constexpr double kPortion = 0.125;

/// Blocks shorter than four steps come too often to look at all of them: where the newest four bring nothing new, every
/// fourth is enough to learn what benign slopes are like.
constexpr double kSpared = 4;
constexpr int kMostSkipped = 4;

bool isNewlyHigh(std::span<const double> values)
{
    const auto recent = values.end() - kMostSkipped;
    return *std::max_element(recent, values.end()) > *std::max_element(values.begin(), recent);
}

/// A slope that was seen before it has an interval: within a factor of two.
LeakEstimate roughly(double mbPerStep)
{
    return { .mbPerStep = mbPerStep, .low = 0.5 * mbPerStep, .high = 2 * mbPerStep, .lowerBound = 0.5 * mbPerStep };
}

/// Benign growth that looks like a leak lasts longer where benign declines are deep; long windows outlast it anyway.
int actHold(double drawdownMb, bool isShort)
{
    return kHold + (isShort ? std::min(kMostExtraHold, static_cast<int>(drawdownMb / kLoudMb)) : 0);
}

} // namespace

LadderRules LadderRules::forResident(double warnMbPerStep, double actMbPerStep)
{
    return { .warnMbPerStep = warnMbPerStep, .actMbPerStep = actMbPerStep };
}

LadderRules LadderRules::forExact(double warnMbPerStep, double actMbPerStep)
{
    return { .firstBlock = 1,
        .riseMb = 1,
        .warnFloorMb = 1,
        .actFloorMb = 4,
        .warnMbPerStep = warnMbPerStep,
        .actMbPerStep = actMbPerStep,
        .floorClimbMb = 0,
        .fastClimbs = 4 };
}

LeakLadder::LeakLadder(const LadderRules& rules)
    : m_rules(rules)
    , m_fast(rules.firstBlock, rules.fastClimbs)
    , m_floor(rules.firstBlock, rules.floorClimbMb)
    , m_stairs(kPortion * rules.riseMb)
    , m_grace(rules.graceSteps)
{
    for (std::size_t scale = 0; scale < kScales; ++scale) {
        m_fades[scale] = std::pow(kFade, static_cast<double>(rules.firstBlock << scale) / kFadeSteps);
    }
}

void LeakLadder::add(double mb)
{
    if (m_grace > 0) {
        --m_grace;
        return;
    }
    m_stairs.add(mb);
    m_minimum = m_inBlock == 0 ? mb : std::min(m_minimum, mb);
    m_maximum = m_inBlock == 0 ? mb : std::max(m_maximum, mb);
    if (++m_inBlock < m_rules.firstBlock) {
        return;
    }
    m_inBlock = 0;
    const Scale& third = m_scales[2];
    m_floor.add(m_minimum);
    const bool isLoud = m_rules.floorClimbMb > 0 && m_floor.wanderedBefore().value_or(kLoudFloorMb) >= kLoudFloorMb;
    m_loudness = isLoud ? Loudness::Loud : Loudness::Quiet;
    m_fast.add(m_minimum, m_maximum, third.count > 0 ? third.minima.front() : m_minimum, m_loudness);
    addBlock(0, m_minimum);
}

bool LeakLadder::Scale::warns() const { return warnRow >= kHold; }

bool LeakLadder::Scale::acts() const { return actRow >= actNeeds; }

bool LeakLadder::warns() const
{
    return m_fast.score() > m_rules.warnMbPerStep || m_stairs.score() > m_rules.warnMbPerStep
        || m_floor.score() > kActFloorShare * m_rules.actMbPerStep
        || std::ranges::any_of(m_scales, [](const Scale& scale) { return scale.warns(); });
}

bool LeakLadder::acts() const
{
    return m_fast.score() > kActShare * m_rules.actMbPerStep || m_floor.score() > kActFloorShare * m_rules.actMbPerStep
        || std::ranges::any_of(m_scales, [](const Scale& scale) { return scale.acts(); });
}

LeakEstimate LeakLadder::estimate() const
{
    const Scale* longest = nullptr;
    const Scale* steady = nullptr;
    for (const Scale& scale : m_scales) {
        if (scale.count >= kFewest) {
            longest = &scale;
            steady = scale.isSteady ? &scale : steady;
        }
    }
    const Scale* chosen = steady != nullptr ? steady : longest;
    return chosen != nullptr ? chosen->slope : LeakEstimate {};
}

LeakEstimate LeakLadder::evidence() const
{
    const Scale* warning = nullptr;
    const Scale* acting = nullptr;
    for (const Scale& scale : m_scales) {
        warning = scale.warns() ? &scale : warning;
        acting = scale.acts() ? &scale : acting;
    }
    const Scale* firing = acting != nullptr ? acting : warning;
    const LeakEstimate slow = firing != nullptr ? firing->slope : estimate();
    const double fast = std::max(m_fast.score(), m_floor.score());
    if (fast > 0 && (firing == nullptr || fast > 2 * slow.mbPerStep)) {
        return roughly(fast);
    }
    const double stairs = m_stairs.score();
    return firing == nullptr && stairs > m_rules.warnMbPerStep ? roughly(stairs) : slow;
}

double LeakLadder::recentRise() const
{
    const Scale& shortest = m_scales.front();
    if (shortest.count < kFewest) {
        return 0;
    }
    const auto steps = static_cast<double>((shortest.count - 1) * static_cast<std::size_t>(m_rules.firstBlock));
    return (shortest.minima[shortest.count - 1] - shortest.minima.front()) / steps;
}

double LeakLadder::nothingAbove() const
{
    double smallest = 0;
    for (const Scale& scale : m_scales) {
        if (scale.count >= kFewest && (smallest == 0 || scale.visible < smallest)) {
            smallest = scale.visible;
        }
    }
    return smallest;
}

void LeakLadder::restart()
{
    m_grace = m_rules.graceSteps;
    m_inBlock = 0;
    m_fast.restart();
    m_floor.restart();
    m_stairs.restart();
    for (Scale& scale : m_scales) {
        Scale fresh;
        fresh.noiseSlope = scale.noiseSlope;
        fresh.drawdown = scale.drawdown;
        fresh.prior = scale.prior;
        scale = fresh;
    }
}

void LeakLadder::setLevels(double warnMbPerStep, double actMbPerStep)
{
    m_rules.warnMbPerStep = warnMbPerStep;
    m_rules.actMbPerStep = actMbPerStep;
}

void LeakLadder::addBlock(std::size_t index, double minimum)
{
    Scale& scale = m_scales[index];
    if (scale.count == kBlocks) {
        std::shift_left(scale.minima.begin(), scale.minima.end(), 1);
        --scale.count;
    }
    scale.alike = scale.count > 0 && scale.minima[scale.count - 1] == minimum ? scale.alike + 1 : 1;
    scale.minima[scale.count++] = minimum;
    judge(index);
    if (index + 1 == kScales) {
        return;
    }
    if (scale.hasPending) {
        addBlock(index + 1, std::min(scale.pending, minimum));
    }
    scale.pending = minimum;
    scale.hasPending = !scale.hasPending;
}

void LeakLadder::judge(std::size_t index)
{
    Scale& scale = m_scales[index];
    const auto blockSteps = static_cast<double>(m_rules.firstBlock << index);
    scale.prior *= m_fades[index];
    scale.noiseSlope *= m_fades[index];
    scale.drawdown *= m_fades[index];
    if (scale.count < kFewest) {
        return;
    }
    const std::span<const double> values(scale.minima.data(), scale.count);
    const bool isLevel = scale.alike >= scale.count;
    if (!isLevel) {
        scale.drawdown = std::max(scale.drawdown, deepestFall(values));
        if (blockSteps < kSpared && !isNewlyHigh(values) && ++scale.skipped < kMostSkipped) {
            scale.warnRow = 0;
            scale.actRow = 0;
            return;
        }
    }
    scale.skipped = 0;
    const bool isLongest = index + 1 == kScales || m_scales[index + 1].count < kFewest;
    const PairSlopes line = isLevel ? PairSlopes {} : pairSlopes(values, isLongest ? Interval::Always : Interval::WhenCertain);
    const double slope = line.slope / blockSteps;
    scale.noiseSlope = std::max(scale.noiseSlope, -slope);
    const double window = static_cast<double>(scale.count - 1) * blockSteps;
    const double unsure = scale.noiseSlope + kWanderedShare * scale.drawdown / window + kLeastWidth * std::abs(slope);
    scale.slope = { .mbPerStep = slope,
        .low = line.low / blockSteps - unsure,
        .high = line.high / blockSteps + unsure,
        .lowerBound = line.certain / blockSteps };
    decide(scale, line, blockSteps);
}

void LeakLadder::decide(Scale& scale, const PairSlopes& line, double blockSteps) const
{
    const double window = static_cast<double>(scale.count - 1) * blockSteps;
    const auto needed = [&](double floorMb) {
        return std::max(m_rules.riseMb, kOutclimb * std::max(scale.drawdown, floorMb * scale.prior)) / window;
    };
    const double slope = scale.slope.mbPerStep;
    const double bound = scale.slope.lowerBound;
    const bool isEven = std::min(line.firstHalf, line.secondHalf) >= kHalfShare * line.slope;
    scale.isSteady = isEven && bound > 0;
    scale.visible = std::max({ scale.noiseSlope, needed(m_rules.warnFloorMb), m_rules.warnMbPerStep + slope - bound });

    const bool climbs = isEven && slope > scale.noiseSlope;
    const bool warnsNow = climbs && bound > m_rules.warnMbPerStep && slope >= needed(m_rules.warnFloorMb);
    const bool actsNow = climbs && std::min(bound, kActSlope * slope) > kActShare * m_rules.actMbPerStep
        && slope >= needed(m_rules.actFloorMb * (1 + early(scale.prior)))
        && line.secondHalf >= kHalfShare * line.firstHalf;
    const double shortest = static_cast<double>(m_rules.firstBlock);
    const bool isOwnGrowth = m_loudness == Loudness::Quiet
        || (blockSteps >= kLoudBlocks * shortest
            && slope - scale.drawdown / window >= kOwnGrowth * m_rules.actMbPerStep);
    scale.warnRow = warnsNow ? scale.warnRow + 1 : 0;
    scale.actNeeds = actHold(scale.drawdown, blockSteps < kLongBlocks * shortest);
    scale.actRow = actsNow && isOwnGrowth ? scale.actRow + 1 : 0;
}

} // namespace dubito::memory
