// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/config/FieldRows.h"

#include <array>

namespace dubito::config {

namespace {

template <auto Member>
constexpr Field memory(Field field)
{
    field.when = When::NextStep; // whoever edits a limit of memory wants it now
    return row<&Config::memory, Member>(field);
}

// The seed systems know these two by shorter names.
constexpr std::array<std::string_view, 2> kThresholdAliases { "memory_threshold_percentage",
    "training.memory_threshold_percentage" };
constexpr std::array<std::string_view, 2> kReductionAliases { "batch_size_reduction_factor",
    "training.batch_size_reduction_factor" };

constexpr std::array kOperationFields {
    memory<&Memory::budgetGb>({ .key = "memory.budget_gb",
        .help = "Strict limit for all tensors: an allocation that would pass it is refused before it happens, and the "
                "batch shrinks. 0 turns it off.",
        .type = Type::Gibibytes, .range = { 0, 16384 }, .unit = "GiB" }),
    memory<&Memory::cacheLimitGb>({ .key = "memory.cache_limit_gb",
        .help = "Freed tensor memory that is kept for reuse, at most; 0 sets no limit of its own. Lower it when the "
                "machine is shared.",
        .type = Type::Gibibytes, .range = { 0, 16384 }, .unit = "GiB" }),
    memory<&Memory::pauseAvailableGb>({ .key = "memory.pause_available_gb",
        .help = "Training pauses while the machine has less than this left, or less than 15 % of its memory, "
                "whichever is smaller. 0 never pauses.",
        .type = Type::Gibibytes, .range = { 0, 4096 }, .unit = "GiB" }),
    memory<&Memory::abortAvailableGb>({ .key = "memory.abort_available_gb",
        .help = "Training saves and ends with exit code 4 when the machine has less than this left, or less than 8 % "
                "of its memory, whichever is smaller. 0 never ends it.",
        .type = Type::Gibibytes, .range = { 0, 4096 }, .unit = "GiB" }),
    memory<&Memory::pauseTimeoutS>({ .key = "memory.pause_timeout_s",
        .help = "A pause for memory that lasts longer than this saves and ends with exit code 4.",
        .type = Type::Seconds, .range = { 1, 2592000 }, .unit = "s" }),
    memory<&Memory::thresholdPercentage>({ .key = "memory.threshold_percentage",
        .help = "When the machine's memory is used to this share for 30 seconds, the batch shrinks by "
                "memory.batch_size_reduction_factor.",
        .type = Type::Percent, .range = { 1, 100 }, .unit = "% of the machine", .aliases = kThresholdAliases }),
    memory<&Memory::batchSizeReductionFactor>({ .key = "memory.batch_size_reduction_factor",
        .help = "What a shrinking batch is multiplied by. Accumulation grows in return: the effective batch and the "
                "gradients stay the same.",
        .type = Type::Share, .range = { 0.01, 0.99 }, .aliases = kReductionAliases }),
    memory<&Memory::alertPercentage>({ .key = "memory.alert_percentage",
        .help = "Above this share of the budget (without one: of what the machine lends) memory is on alert: an event.",
        .type = Type::Percent, .range = { 1, 100 }, .unit = "% of the budget" }),
    memory<&Memory::cleanupPercentage>({ .key = "memory.cleanup_percentage",
        .help = "Above this share caches that can be rebuilt are dropped.",
        .type = Type::Percent, .range = { 1, 100 }, .unit = "% of the budget" }),
    memory<&Memory::criticalPercentage>({ .key = "memory.critical_percentage",
        .help = "Above this share memory is critical: everything that can be dropped is, and a report is written.",
        .type = Type::Percent, .range = { 1, 100 }, .unit = "% of the budget" }),
    memory<&Memory::leakWarnMb>({ .key = "memory.leak_warn_mb",
        .help = "A leak that is certain to be faster than this is a warning; training.memory_leak_threshold_mb acts.",
        .type = Type::Mebibytes, .range = { 0.0001, 1048576 }, .unit = "MiB per step" }),

    memory<&Memory::adaptiveLevels>({ .key = "memory.adaptive_levels",
        .help = "Each phase of a run (training, evaluating, checkpointing) learns what it needs; use far above it is an "
                "alert, though no limit is near.",
        .type = Type::Switch }),
    memory<&Memory::adaptiveCache>({ .key = "memory.adaptive_cache",
        .help = "Freed memory is kept up to what steps were seen to use again; memory.cache_limit_gb sets a fixed limit "
                "instead.",
        .type = Type::Switch }),
    memory<&Memory::scopes>({ .key = "memory.scopes",
        .help = "Measures evaluation, checkpoints and reloads one by one and logs what each kept and needed. Microseconds "
                "each.",
        .type = Type::Switch }),
    memory<&Memory::emergencyHandler>({ .key = "memory.emergency_handler",
        .help = "SIGUSR1 drops every cache and trims the heap, with a report; off: the signal does nothing.",
        .type = Type::Switch }),
    memory<&Memory::saveReports>({ .key = "memory.save_reports",
        .help = "Writes a memory report (JSON, reports/ in the run folder) when memory becomes critical and after an "
                "unplanned reload. A report asked for is always written.",
        .type = Type::Switch }),
    memory<&Memory::reportRetentionDays>({ .key = "memory.report_retention_days",
        .help = "Memory reports older than this are removed when a new one is written.",
        .type = Type::Number, .range = { 0, 3650 }, .unit = "days" }),
    memory<&Memory::reportLimit>({ .key = "memory.report_limit",
        .help = "Memory reports kept in a run folder, at most; the oldest go first.",
        .type = Type::Integer, .range = { 1, 10000 }, .unit = "reports" }),

    row<&Config::reload, &Reload::perHour>({ .key = "reload.per_hour",
        .help = "Unplanned reloads in one hour, at most; after them the run gives up with a report. Manual and "
                "interval reloads do not count.",
        .type = Type::Integer, .range = { 0, 1000 }, .unit = "reloads", .when = When::NextStep }),
    row<&Config::reload, &Reload::cooldownSteps>({ .key = "reload.cooldown_steps",
        .help = "Steps between two unplanned reloads, at least. An exceeded budget, pressure and runaway growth do "
                "not wait.",
        .type = Type::Steps, .range = { 0, 1e9 }, .unit = "steps", .when = When::NextStep }),
    row<&Config::reload, &Reload::whenRetained>({ .key = "reload.when_retained",
        .help = "What follows when a reload gives no memory back. auto: restart the process in a terminal, pause in "
                "the window; pause and restart: always that.",
        .type = Type::Choice }),

    row<&Config::metrics, &Metrics::maxFileMb>({ .key = "metrics.max_file_mb",
        .help = "The metrics file is rotated at this size; a step takes about half a KiB.",
        .type = Type::Mebibytes, .range = { 1, 1048576 }, .unit = "MiB" }),

    row<&Config::health, &Health::staleAfterS>({ .key = "health.stale_after_s",
        .help = "A module that was not heard of for so long is Silent. Raise it when single steps take minutes.",
        .type = Type::Seconds, .range = { 1, 86400 }, .unit = "s", .when = When::NextStep }),
    row<&Config::health, &Health::heartbeatS>({ .key = "health.heartbeat_s",
        .help = "How often a sign of life (step, memory, limits) is written into the run folder, from which an unclean end "
                "is explained at the next start.",
        .type = Type::Seconds, .range = { 0.5, 3600 }, .unit = "s", .when = When::NextStep }),
    row<&Config::health, &Health::badLinesPercentage>({ .key = "health.bad_lines_percentage",
        .help = "Above this share of refused corpus lines the module data is Degraded.",
        .type = Type::Percent, .range = { 0, 100 }, .unit = "% of the lines", .when = When::NextStep }),
};

} // namespace

std::span<const Field> operationFields() { return kOperationFields; }

} // namespace dubito::config
