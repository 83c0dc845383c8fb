// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/memory/Advice.h"

#include "backend/base/Text.h"

#include <algorithm>
#include <array>
#include <functional>
#include <string_view>

#include <fmt/format.h>

namespace dubito::memory {
namespace {

constexpr std::int64_t kLargeOperation = 100 * kMiB;
constexpr std::int64_t kLargeUntracked = 256 * kMiB;
constexpr double kStalled = 10;

double shareOf(std::int64_t part, std::int64_t whole)
{
    return whole > 0 ? static_cast<double>(part) / static_cast<double>(whole) : 0;
}

std::int64_t bytesOf(const AdviceFacts& facts, Category category) { return facts.memory.bytesByCategory[toIndex(category)]; }

bool isHigh(const AdviceFacts& facts) { return facts.memory.level >= Level::Alert; }

bool isLeaking(const AdviceFacts& facts)
{
    return facts.memory.leak.decision != Decision::None && !facts.memory.drill.active;
}

struct Row {
    std::string_view rule;
    Level grade;
    bool (*applies)(const AdviceFacts& facts);
    std::string (*text)(const AdviceFacts& facts);
};

constexpr std::array kRows {
    Row { "pressure", Level::Critical,
        [](const AdviceFacts& facts) { return facts.memory.pressure >= Pressure::Pause; },
        [](const AdviceFacts& facts) {
            return fmt::format("Other programs leave the machine {}: end one of them, or lower memory.pause_available_gb "
                               "if that is enough.",
                bytesToText(facts.memory.latest.available));
        } },
    Row { "leak without checkpoints", Level::Critical,
        [](const AdviceFacts& facts) {
            return isLeaking(facts) && facts.config.training.checkpointing == config::Switch::Off;
        },
        [](const AdviceFacts&) {
            return std::string("A leak is suspected and cannot be cured by a reload, because training.checkpointing is off: "
                               "turn it on.");
        } },
    Row { "leak", Level::Cleanup, isLeaking,
        [](const AdviceFacts& facts) {
            const auto& leak = facts.memory.leak;
            return fmt::format("{} grows by {:.2f} MB/step{}. A reload gives back what belongs to the model; what stays needs "
                               "a fresh process: run it under dubito supervise.",
                leak.blameWord.empty() ? "Memory" : leak.blameWord, leak.mbPerStep,
                facts.topSite.empty() ? "" : fmt::format("; most is held by {}", facts.topSite));
        } },
    Row { "critical", Level::Critical, [](const AdviceFacts& facts) { return facts.memory.level == Level::Critical; },
        [](const AdviceFacts& facts) {
            return fmt::format("Memory is critical at {}: halve training.batch_size and double training.accumulate (the "
                               "gradients stay the same), or shorten training.seq_len.",
                bytesToText(facts.memory.latest.anonymous()));
        } },
    Row { "activations", Level::Alert,
        [](const AdviceFacts& facts) {
            return isHigh(facts) && shareOf(bytesOf(facts, Category::Activations), facts.memory.latest.active) > 0.5;
        },
        [](const AdviceFacts& facts) {
            return fmt::format("Activations are {:.0f} % of the tensors ({}): a smaller training.batch_size with more "
                               "training.accumulate takes the least away.",
                100 * shareOf(bytesOf(facts, Category::Activations), facts.memory.latest.active),
                bytesToText(bytesOf(facts, Category::Activations)));
        } },
    Row { "optimizer", Level::Alert,
        [](const AdviceFacts& facts) {
            const auto bytes = bytesOf(facts, Category::Optimizer) + bytesOf(facts, Category::Gradients);
            return isHigh(facts) && shareOf(bytes, facts.memory.latest.active) > 0.6;
        },
        [](const AdviceFacts& facts) {
            return fmt::format("Gradients and optimizer state take {}: an adapter (--lora-rank) trains with a fraction of them.",
                bytesToText(bytesOf(facts, Category::Optimizer) + bytesOf(facts, Category::Gradients)));
        } },
    Row { "cache", Level::Alert,
        [](const AdviceFacts& facts) {
            return isHigh(facts) && shareOf(facts.memory.latest.cache, facts.memory.latest.active) > 0.5;
        },
        [](const AdviceFacts& facts) {
            return fmt::format("{} of freed memory are kept for reuse: set memory.cache_limit_gb lower, or clear them now "
                               "(SIGUSR1).",
                bytesToText(facts.memory.latest.cache));
        } },
    Row { "untracked", Level::Alert,
        [](const AdviceFacts& facts) {
            return isHigh(facts) && facts.memory.latest.untracked > kLargeUntracked
                && shareOf(facts.memory.latest.untracked, facts.memory.latest.anonymous()) > 0.25;
        },
        [](const AdviceFacts& facts) {
            return fmt::format("{} belong to no tensor and no cache that is counted: no reload gives them back.",
                bytesToText(facts.memory.latest.untracked));
        } },
    Row { "budget", Level::Alert,
        [](const AdviceFacts& facts) { return isHigh(facts) && facts.config.memory.budgetGb == 0; },
        [](const AdviceFacts& facts) {
            return fmt::format("Set memory.budget_gb, to {:.1f} perhaps: an allocation beyond it is refused and the batch "
                               "shrinks, before the system kills the process.",
                toGiB(facts.memory.limits.critical));
        } },
    Row { "stalled", Level::Alert, [](const AdviceFacts& facts) { return facts.stalledPercentage > kStalled; },
        [](const AdviceFacts& facts) {
            return fmt::format("All work stood still for {:.0f} % of the last ten seconds, waiting for memory: the machine "
                               "swaps.",
                facts.stalledPercentage);
        } },
    Row { "operation", Level::Normal,
        [](const AdviceFacts& facts) {
            return facts.largestOperation
                && std::max(facts.largestOperation->poolDelta, facts.largestOperation->residentDelta) > kLargeOperation;
        },
        [](const AdviceFacts& facts) {
            return fmt::format("{} kept more than {}: {}.", facts.largestOperation->name, bytesToText(kLargeOperation),
                facts.largestOperation->toText());
        } },
    Row { "drill", Level::Normal, [](const AdviceFacts& facts) { return facts.memory.drill.active; },
        [](const AdviceFacts& facts) {
            return fmt::format("A leak drill holds {} on purpose.", bytesToText(facts.memory.drill.heldBytes));
        } },
};

} // namespace

std::vector<Advice> adviceFor(const AdviceFacts& facts)
{
    std::vector<Advice> advice;
    for (const Row& row : kRows) {
        if (row.applies(facts)) {
            advice.push_back({ .rule = std::string(row.rule), .grade = row.grade, .text = row.text(facts) });
        }
    }
    std::ranges::stable_sort(advice, std::greater {}, &Advice::grade);
    if (advice.size() > kMostAdvice) {
        advice.resize(kMostAdvice);
    }
    return advice;
}

} // namespace dubito::memory
