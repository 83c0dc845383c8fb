// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/config/ConfigRules.h"

#include "tests/backend/config/ConfigSamples.h"

#include <gtest/gtest.h>

namespace dubito::config {
namespace {

using Settings = std::vector<std::pair<std::string_view, std::string_view>>;

std::vector<Problem> brokenWith(const Settings& settings)
{
    Config config;
    for (const auto& [key, text] : settings) {
        const auto set = setFromText(config, key, text);
        EXPECT_TRUE(set) << key;
    }
    return brokenRules(config);
}

std::string keyOf(const std::vector<Problem>& problems)
{
    return problems.size() == 1 ? std::string(problems[0].key) : std::to_string(problems.size()) + " problems";
}

TEST(ConfigRules, TheDefaultsBreakNone) { EXPECT_TRUE(brokenRules(Config {}).empty()); }

TEST(ConfigRules, EachRuleNamesItsKey)
{
    EXPECT_EQ(keyOf(brokenWith({ { "memory.pause_available_gb", "5" } })), "memory.abort_available_gb");
    EXPECT_EQ(keyOf(brokenWith({ { "memory.alert_percentage", "80" } })), "memory.alert_percentage");
    EXPECT_EQ(keyOf(brokenWith({ { "memory.critical_percentage", "80" } })), "memory.cleanup_percentage");
    EXPECT_EQ(keyOf(brokenWith({ { "memory.leak_warn_mb", "2" } })), "memory.leak_warn_mb");
    EXPECT_EQ(keyOf(brokenWith({ { "training.warmup_steps", "601" } })), "training.warmup_steps");
    EXPECT_EQ(keyOf(brokenWith({ { "training.early_stop_patience", "3" }, { "training.evaluation_interval", "0" } })),
        "training.early_stop_patience");
    EXPECT_EQ(keyOf(brokenWith({ { "memory.budget_gb", "4" }, { "memory.cache_limit_gb", "5" } })),
        "memory.cache_limit_gb");
}

TEST(ConfigRules, WhatIsTurnedOffBreaksNone)
{
    EXPECT_TRUE(brokenWith({ { "memory.pause_available_gb", "0" }, { "memory.abort_available_gb", "0" } }).empty());
    EXPECT_TRUE(brokenWith({ { "memory.cache_limit_gb", "5" } }).empty());
    EXPECT_TRUE(brokenWith({ { "training.warmup_steps", "600" } }).empty());
}

TEST(ConfigRules, TheSentenceSaysValueReasonAndTheOtherKey)
{
    const auto problems = brokenWith({ { "memory.pause_available_gb", "5" } });
    ASSERT_EQ(problems.size(), 1U);
    EXPECT_EQ(problems[0].message,
        "memory.abort_available_gb is 10 GiB; it must be below memory.pause_available_gb: the run pauses first and is "
        "given up later (0 turns it off)");
}

TEST(ConfigRules, OneFieldOfTheCorpusCannotBeTwoThings)
{
    const auto problems = brokenWith({ { "data.fields.text", "body" }, { "data.fields.title", "body" } });
    ASSERT_EQ(keyOf(problems), "data.fields.title");
    EXPECT_EQ(problems[0].message,
        "data.fields.title and data.fields.text both name \"body\"; a field of the corpus can be one thing");
}

TEST(ConfigRules, AllBrokenRulesAreReported)
{
    EXPECT_EQ(brokenWith({ { "memory.pause_available_gb", "5" }, { "training.warmup_steps", "900" } }).size(), 2U);
}

} // namespace
} // namespace dubito::config
