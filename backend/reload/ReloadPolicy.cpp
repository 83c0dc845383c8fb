// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/reload/ReloadPolicy.h"

#include <algorithm>
#include <array>

namespace dubito::reload {

namespace {

/// What is below this is clearly below the threshold.
std::int64_t clearlyBelow(const ReloadRules& rules) { return rules.thresholdBytes / 20 * 19; }

} // namespace

bool isAttainable(const ReloadFacts& now, const ReloadRules& rules)
{
    return now.residentBytesAfterReload < clearlyBelow(rules);
}

bool isRunaway(const ReloadFacts& now, const ReloadRules& rules)
{
    return rules.thresholdBytes > 0 && now.residentBytes > rules.thresholdBytes && now.residentBytesSettled > 0
        && now.residentBytesSettled < clearlyBelow(rules);
}

namespace {

struct Row {
    ReloadCause cause;
    bool (*applies)(const ReloadFacts& now, const ReloadRules& rules);
};

/// The most urgent first: the first row that applies is the answer.
constexpr std::array kRows {
    Row { ReloadCause::Manual, [](const ReloadFacts& now, const ReloadRules&) { return now.requested; } },
    Row { ReloadCause::Emergency,
        [](const ReloadFacts& now, const ReloadRules&) {
            return now.leakMustAct || now.overBudget || now.underPressure;
        } },
    Row { ReloadCause::Threshold,
        [](const ReloadFacts& now, const ReloadRules& rules) {
            return rules.thresholdBytes > 0 && now.residentBytes > rules.thresholdBytes && isAttainable(now, rules);
        } },
    Row { ReloadCause::Interval,
        [](const ReloadFacts& now, const ReloadRules& rules) {
            return rules.intervalSteps > 0 && now.stepsSinceReload >= rules.intervalSteps;
        } },
};

} // namespace

ReloadCause dueReload(const ReloadFacts& now, const ReloadRules& rules)
{
    const auto row = std::ranges::find_if(kRows, [&](const Row& candidate) { return candidate.applies(now, rules); });
    return row == kRows.end() ? ReloadCause::None : row->cause;
}

} // namespace dubito::reload
