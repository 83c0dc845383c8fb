// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/reload/ReloadBudget.h"

#include <gtest/gtest.h>

namespace dubito::reload {
namespace {

using namespace std::chrono_literals;
using Answer = Admission::Answer;

ReloadBudget budgetOf(std::int64_t perHour, std::int64_t cooldownSteps)
{
    ReloadBudget budget;
    config::Reload rules;
    rules.perHour = perHour;
    rules.cooldownSteps = cooldownSteps;
    budget.setRules(rules);
    return budget;
}

TEST(ReloadBudget, TheFirstReloadIsAllowedAtOnce)
{
    const auto budget = budgetOf(3, 200);
    EXPECT_EQ(budget.admit(1s, 0, Urgency::Usual).answer, Answer::Yes);
    EXPECT_EQ(budget.left(1s), 3);
    EXPECT_EQ(budget.cooldownLeft(0), 0);
    EXPECT_EQ(budget.backOffLeft(1s), 0s);
}

TEST(ReloadBudget, TheCoolDownCountsStepsAndSaysHowMany)
{
    auto budget = budgetOf(3, 200);
    budget.note(0s, 1000, Help::DidNot);
    const auto early = budget.admit(10min, 1199, Urgency::Usual);
    EXPECT_EQ(early.answer, Answer::Later);
    EXPECT_EQ(early.reason, "the cool-down has 1 steps left");
    EXPECT_EQ(budget.admit(10min, 1200, Urgency::Usual).answer, Answer::Yes);
}

TEST(ReloadBudget, TheBackOffDoublesWithEachReloadOfTheHourThatDidNotHelp)
{
    auto budget = budgetOf(10, 0);
    budget.note(0s, 0, Help::DidNot);
    EXPECT_EQ(budget.backOffLeft(0s), 15s);
    EXPECT_EQ(budget.admit(14s, 0, Urgency::Usual).answer, Answer::Later);
    EXPECT_EQ(budget.admit(15s, 0, Urgency::Usual).answer, Answer::Yes);
    budget.note(15s, 0, Help::DidNot);
    EXPECT_EQ(budget.backOffLeft(15s), 30s);
    budget.note(1min, 0, Help::DidNot);
    EXPECT_EQ(budget.backOffLeft(1min), 60s);
    EXPECT_EQ(budget.admit(1min, 0, Urgency::Usual).reason, "the back-off has 60 s left");
}

TEST(ReloadBudget, AReloadThatHelpedCountsAndLeavesNoBackOff)
{
    auto budget = budgetOf(3, 0);
    budget.note(0s, 0, Help::Helped);
    EXPECT_EQ(budget.backOffLeft(0s), 0s);
    EXPECT_EQ(budget.admit(1s, 1, Urgency::Usual).answer, Answer::Yes);
    budget.note(1s, 1, Help::DidNot);
    budget.note(2s, 2, Help::Helped);
    EXPECT_EQ(budget.backOffLeft(2s), 14s) << "of the one that did not help, not doubled by the others";
    EXPECT_EQ(budget.left(2s), 0);
    EXPECT_EQ(budget.admit(20s, 3, Urgency::Urgent).answer, Answer::GiveUp) << "helped or not, it was one of three";
}

TEST(ReloadBudget, WhatIsUrgentWaitsForNothingButTheBudget)
{
    auto budget = budgetOf(2, 200);
    budget.note(0s, 0, Help::DidNot);
    EXPECT_EQ(budget.admit(1s, 1, Urgency::Usual).answer, Answer::Later);
    EXPECT_EQ(budget.admit(1s, 1, Urgency::Urgent).answer, Answer::Yes);
    budget.note(1s, 1, Help::DidNot);
    EXPECT_EQ(budget.admit(2s, 2, Urgency::Urgent).answer, Answer::GiveUp);
}

TEST(ReloadBudget, ASpentHourGivesUpAndTheNextHourBeginsAnew)
{
    auto budget = budgetOf(3, 0);
    for (const auto time : { 0min, 10min, 20min }) {
        budget.note(time, 0, Help::DidNot);
    }
    const auto spent = budget.admit(59min, 0, Urgency::Usual);
    EXPECT_EQ(spent.answer, Answer::GiveUp);
    EXPECT_EQ(spent.reason, "3 unplanned reloads in the last hour did not help for long");
    EXPECT_EQ(budget.left(59min), 0);
    EXPECT_EQ(budget.left(60min), 1) << "the window slides";
    EXPECT_EQ(budget.admit(60min, 0, Urgency::Usual).answer, Answer::Yes);
    EXPECT_EQ(budget.left(24h), 3);
    EXPECT_EQ(budget.backOffLeft(24h), 0s);
}

TEST(ReloadBudget, NoneAnHourIsSaidAsSuch)
{
    const auto none = budgetOf(0, 0).admit(1s, 0, Urgency::Urgent);
    EXPECT_EQ(none.answer, Answer::GiveUp);
    EXPECT_EQ(none.reason, "unplanned reloads are switched off (reload.per_hour is 0)");
}

TEST(ReloadBudget, EveryNumberThatCanBeSetIsCountedTo)
{
    auto budget = budgetOf(1000, 0);
    for (int i = 0; i < 1000; ++i) {
        EXPECT_EQ(budget.left(1min), 1000 - i);
        budget.note(1min, 0, Help::DidNot);
    }
    EXPECT_EQ(budget.admit(2min, 0, Urgency::Urgent).answer, Answer::GiveUp);
    budget.note(2min, 0, Help::DidNot);
    EXPECT_EQ(budget.left(2min), 0);
    EXPECT_LE(budget.backOffLeft(2min), 65min) << "the doubling has an end";
}

TEST(ReloadBudget, ARunThatGoesOnFromAnEarlierStepWaitsNoLongerThanTheCoolDown)
{
    auto budget = budgetOf(3, 200);
    budget.note(0s, 5000, Help::DidNot);
    EXPECT_EQ(budget.cooldownLeft(4000), 200) << "the reload at step 5,000 was of the process before";
}

TEST(ReloadBudget, OtherRulesKeepWhatWasCounted)
{
    auto budget = budgetOf(3, 200);
    budget.note(0s, 0, Help::DidNot);
    config::Reload rules;
    rules.perHour = 1;
    rules.cooldownSteps = 0;
    budget.setRules(rules);
    EXPECT_EQ(budget.admit(1min, 1, Urgency::Usual).answer, Answer::GiveUp);
}

} // namespace
} // namespace dubito::reload
