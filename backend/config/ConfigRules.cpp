// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/config/ConfigRules.h"

#include "backend/base/Check.h"
#include "backend/base/Text.h"
#include "backend/config/ConfigFields.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace dubito::config {

namespace {

struct Rule {
    std::string_view key;
    bool (*holds)(const Config& config);
    std::string_view sentence; ///< what the key must be, and why
};

constexpr std::array kRules {
    Rule { "memory.abort_available_gb",
        [](const Config& c) {
            return c.memory.abortAvailableGb == 0 || c.memory.abortAvailableGb < c.memory.pauseAvailableGb;
        },
        "must be below memory.pause_available_gb: the run pauses first and is given up later (0 turns it off)" },
    Rule { "memory.alert_percentage",
        [](const Config& c) { return c.memory.alertPercentage < c.memory.cleanupPercentage; },
        "must be below memory.cleanup_percentage" },
    Rule { "memory.cleanup_percentage",
        [](const Config& c) { return c.memory.cleanupPercentage < c.memory.criticalPercentage; },
        "must be below memory.critical_percentage" },
    Rule { "memory.leak_warn_mb",
        [](const Config& c) { return c.memory.leakWarnMb <= c.training.memoryLeakThresholdMb; },
        "must not be above training.memory_leak_threshold_mb: a leak is warned of before it is acted on" },
    Rule { "memory.cache_limit_gb",
        [](const Config& c) { return c.memory.budgetGb == 0 || c.memory.cacheLimitGb <= c.memory.budgetGb; },
        "must not be above memory.budget_gb: the cache is part of the budget" },
    Rule { "training.warmup_steps", [](const Config& c) { return c.training.warmupSteps <= c.training.steps; },
        "must not be above training.steps: the learning rate would never reach its peak" },
    Rule { "training.early_stop_patience",
        [](const Config& c) { return c.training.earlyStopPatience == 0 || c.training.evaluationInterval > 0; },
        "counts evaluations, so training.evaluation_interval must not be 0" },
};

std::string sentenceOf(const Rule& rule, const Config& config)
{
    const Field* field = findField(rule.key);
    CHECK(field != nullptr, "a rule names a key that is not in the table");
    return fmt::format("{} is {}; it {}", rule.key, toTextWithUnit(*field, field->get(config)), rule.sentence);
}

/// Two names of the user's corpus for two things cannot be the same.
void findSharedCorpusFields(const Config& config, std::vector<Problem>& problems)
{
    constexpr std::string_view kPrefix = "data.fields.";
    std::vector<const Field*> named;
    for (const Field& field : fields()) {
        if (!field.key.starts_with(kPrefix) || toText(field.get(config)).empty()) {
            continue;
        }
        const auto same = std::ranges::find_if(
            named, [&](const Field* other) { return other->get(config) == field.get(config); });
        if (same != named.end()) {
            problems.push_back({ field.key,
                fmt::format("{} and {} both name {}; a field of the corpus can be one thing", field.key, (*same)->key,
                    dubito::quoted(toText(field.get(config)))) });
        }
        named.push_back(&field);
    }
}

} // namespace

std::vector<Problem> brokenRules(const Config& config)
{
    std::vector<Problem> problems;
    for (const Rule& rule : kRules) {
        if (!rule.holds(config)) {
            problems.push_back({ rule.key, sentenceOf(rule, config) });
        }
    }
    findSharedCorpusFields(config, problems);
    return problems;
}

} // namespace dubito::config
