// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/memory/Advice.h"

#include "backend/base/Text.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

namespace dubito::memory {
namespace {

/// A comfortable run: 4 GiB, nothing to say about it.
struct Scene {
    Scene()
    {
        memory.latest.resident = 4 * kGiB;
        memory.latest.active = 3 * kGiB;
        memory.latest.available = 12 * kGiB;
        config.memory.budgetGb = 8;
    }
    std::vector<Advice> advice() const
    {
        return adviceFor({ .memory = memory,
            .config = config,
            .stalledPercentage = stalled,
            .topSite = "Attention.cpp:88",
            .largestOperation = operation });
    }
    std::string rules() const
    {
        std::string words;
        for (const Advice& row : advice()) {
            words += (words.empty() ? "" : ", ") + row.rule;
            EXPECT_GT(row.text.size(), 20U);
        }
        return words;
    }

    MemoryStatus memory;
    config::Config config;
    double stalled = 0;
    std::optional<ScopeReport> operation;
};

TEST(Advice, WhileAllIsWellThereIsNone) { EXPECT_EQ(Scene().rules(), ""); }

TEST(Advice, EveryRuleHasACaseThatCallsForIt)
{
    const std::vector<std::pair<std::string, std::function<void(Scene&)>>> cases {
        { "pressure", [](Scene& s) { s.memory.pressure = Pressure::Pause; } },
        { "leak", [](Scene& s) { s.memory.leak.decision = Decision::Warn; } },
        { "leak without checkpoints, leak",
            [](Scene& s) {
                s.memory.leak.decision = Decision::Act;
                s.config.training.checkpointing = config::Switch::Off;
            } },
        { "critical", [](Scene& s) { s.memory.level = Level::Critical; } },
        { "activations",
            [](Scene& s) {
                s.memory.level = Level::Alert;
                s.memory.bytesByCategory[toIndex(Category::Activations)] = 2 * kGiB;
            } },
        { "optimizer",
            [](Scene& s) {
                s.memory.level = Level::Alert;
                s.memory.bytesByCategory[toIndex(Category::Optimizer)] = 2 * kGiB;
            } },
        { "cache",
            [](Scene& s) {
                s.memory.level = Level::Alert;
                s.memory.latest.cache = 2 * kGiB;
            } },
        { "untracked",
            [](Scene& s) {
                s.memory.level = Level::Alert;
                s.memory.latest.untracked = 2 * kGiB;
            } },
        { "budget",
            [](Scene& s) {
                s.memory.level = Level::Alert;
                s.config.memory.budgetGb = 0;
            } },
        { "stalled", [](Scene& s) { s.stalled = 30; } },
        { "operation", [](Scene& s) { s.operation = ScopeReport { .name = "evaluation", .poolDelta = 200 * kMiB }; } },
        { "drill",
            [](Scene& s) {
                s.memory.drill.active = true;
                s.memory.leak.decision = Decision::Act;
            } },
    };
    for (const auto& [rules, change] : cases) {
        Scene scene;
        change(scene);
        EXPECT_EQ(scene.rules(), rules);
    }
}

TEST(Advice, TheMostUrgentComesFirstAndThereAreAtMostEight)
{
    Scene scene;
    scene.memory.level = Level::Critical;
    scene.memory.pressure = Pressure::Abort;
    scene.memory.leak.decision = Decision::Act;
    scene.config.memory.budgetGb = 0;
    scene.config.training.checkpointing = config::Switch::Off;
    scene.memory.latest.cache = scene.memory.latest.untracked = 3 * kGiB;
    scene.memory.bytesByCategory.fill(2 * kGiB);
    scene.stalled = 50;
    scene.operation = ScopeReport { .name = "evaluation", .poolDelta = 200 * kMiB };
    const auto advice = scene.advice();
    EXPECT_EQ(advice.size(), kMostAdvice);
    EXPECT_TRUE(std::ranges::is_sorted(advice, std::greater {}, &Advice::grade));
}

} // namespace
} // namespace dubito::memory
