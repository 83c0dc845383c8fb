// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/reload/ReloadPolicy.h"

#include "backend/base/Text.h"

#include <gtest/gtest.h>

namespace dubito::reload {
namespace {

ReloadFacts after(std::int64_t steps, std::int64_t residentBytes)
{
    ReloadFacts facts;
    facts.stepsSinceReload = steps;
    facts.residentBytes = residentBytes;
    facts.residentBytesAfterReload = 10 * kGiB;
    return facts;
}

TEST(ReloadPolicy, TheThresholdIsSeenBetweenTwoIntervals)
{
    EXPECT_EQ(dueReload(after(7, 66 * kGiB), { .intervalSteps = 100, .thresholdBytes = 65 * kGiB }),
        ReloadCause::Threshold);
}

TEST(ReloadPolicy, WithBothRulesOffNothingIsEverDue)
{
    for (const std::int64_t steps : { 0, 1, 100, 1'000'000 }) {
        EXPECT_EQ(dueReload(after(steps, 100 * kGiB), {}), ReloadCause::None);
    }
}

TEST(ReloadPolicy, TheIntervalCountsFromTheLastReload)
{
    const ReloadRules rules { .intervalSteps = 100, .thresholdBytes = 0 };
    EXPECT_EQ(dueReload(after(99, kGiB), rules), ReloadCause::None);
    EXPECT_EQ(dueReload(after(100, kGiB), rules), ReloadCause::Interval);
    EXPECT_EQ(dueReload(after(101, kGiB), rules), ReloadCause::Interval) << "a step that was missed is made up for";
    EXPECT_EQ(dueReload(after(0, kGiB), rules), ReloadCause::None) << "not again at the step that has just been resumed";
}

TEST(ReloadPolicy, AnUnattainableThresholdIsNotDue)
{
    const ReloadRules rules { .intervalSteps = 0, .thresholdBytes = 65 * kGiB };
    auto facts = after(7, 66 * kGiB);
    facts.residentBytesAfterReload = 62 * kGiB;
    EXPECT_FALSE(isAttainable(facts, rules));
    EXPECT_EQ(dueReload(facts, rules), ReloadCause::None);
    facts.residentBytesAfterReload = 61 * kGiB;
    EXPECT_TRUE(isAttainable(facts, rules));
    EXPECT_EQ(dueReload(facts, rules), ReloadCause::Threshold);
}

TEST(ReloadPolicy, AManualReloadIsAlwaysDue)
{
    auto facts = after(0, 0);
    facts.requested = true;
    EXPECT_EQ(dueReload(facts, {}), ReloadCause::Manual);
    facts.leakMustAct = facts.overBudget = facts.underPressure = true;
    EXPECT_EQ(dueReload(facts, { .intervalSteps = 1, .thresholdBytes = 1 }), ReloadCause::Manual);
}

TEST(ReloadPolicy, AnEmergencyWaitsForNoInterval)
{
    for (bool ReloadFacts::*cause : { &ReloadFacts::leakMustAct, &ReloadFacts::overBudget, &ReloadFacts::underPressure }) {
        auto facts = after(1, kGiB);
        facts.*cause = true;
        EXPECT_EQ(dueReload(facts, {}), ReloadCause::Emergency);
        EXPECT_EQ(dueReload(facts, { .intervalSteps = 100, .thresholdBytes = 65 * kGiB }), ReloadCause::Emergency);
    }
}

struct Case {
    std::int64_t interval;
    std::int64_t threshold;
    std::int64_t steps;
    std::int64_t resident;
    ReloadCause cause;
};

/// The column "correct" of the table in which the seed systems' behaviour was compared with their documentation.
TEST(ReloadPolicy, IntervalAndThresholdAreWhicheverComesFirst)
{
    constexpr std::int64_t kT = 65 * kGiB;
    for (const Case& row : {
             Case { 0, 0, 100, 66 * kGiB, ReloadCause::None },
             Case { 0, kT, 1, 66 * kGiB, ReloadCause::Threshold },
             Case { 0, kT, 1, 64 * kGiB, ReloadCause::None },
             Case { 0, kT, 1, kT, ReloadCause::None },
             Case { 100, 0, 100, 66 * kGiB, ReloadCause::Interval },
             Case { 100, 0, 99, 66 * kGiB, ReloadCause::None },
             Case { 100, kT, 99, 64 * kGiB, ReloadCause::None },
             Case { 100, kT, 99, 66 * kGiB, ReloadCause::Threshold },
             Case { 100, kT, 100, 64 * kGiB, ReloadCause::Interval },
             Case { 100, kT, 100, 66 * kGiB, ReloadCause::Threshold },
         }) {
        EXPECT_EQ(dueReload(after(row.steps, row.resident),
                      { .intervalSteps = row.interval, .thresholdBytes = row.threshold }),
            row.cause)
            << "I = " << row.interval << ", T = " << row.threshold << ", steps " << row.steps << ", resident "
            << row.resident;
    }
}

TEST(ReloadPolicy, GrowthFromClearlyBelowTheThresholdPastItIsRunaway)
{
    const ReloadRules rules { .intervalSteps = 0, .thresholdBytes = 65 * kGiB };
    auto facts = after(20, 66 * kGiB);
    EXPECT_FALSE(isRunaway(facts, rules)) << "nothing is known of the first steps";
    facts.residentBytesSettled = 20 * kGiB;
    EXPECT_TRUE(isRunaway(facts, rules));
    facts.residentBytesSettled = 64 * kGiB;
    EXPECT_FALSE(isRunaway(facts, rules)) << "a step needs nearly as much: no reload keeps such a threshold";
    facts.residentBytesSettled = 20 * kGiB;
    facts.residentBytes = 64 * kGiB;
    EXPECT_FALSE(isRunaway(facts, rules)) << "not past it yet";
    EXPECT_FALSE(isRunaway(facts, {})) << "without a threshold there is none to pass";
}

} // namespace
} // namespace dubito::reload
