// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/config/ConfigFlags.h"

#include "backend/base/Text.h"

#include <fmt/format.h>

#include <array>

namespace dubito::config {

namespace {

constexpr std::array kFlags {
    ConfigFlag { "--model", "model.path", "DIR" },
    ConfigFlag { "--base", "model.base", "DIR" },
    ConfigFlag { "--data", "data.path", "FILE|DIR" },
    ConfigFlag { "--validation", "data.validation", "FILE" },
    ConfigFlag { "--output", "training.output", "DIR" },
    ConfigFlag { "--metrics", "training.metrics", "FILE" },
    ConfigFlag { "--steps", "training.steps", "N" },
    ConfigFlag { "--batch-size", "training.batch_size", "N" },
    ConfigFlag { "--seq-len", "training.seq_len", "N" },
    ConfigFlag { "--accumulate", "training.accumulate", "N" },
    ConfigFlag { "--learning-rate", "training.learning_rate", "X" },
    ConfigFlag { "--warmup-steps", "training.warmup_steps", "N" },
    ConfigFlag { "--weighting", "distrust.weighting", "MODE" },
    ConfigFlag { "--seed", "training.seed", "N" },
    ConfigFlag { "--threads", "training.threads", "N" },
    ConfigFlag { "--lora-rank", "training.lora_rank", "N" },
    ConfigFlag { "--precision", "training.precision", "f32|bf16" },
    ConfigFlag { "--gradient-checkpointing", "training.gradient_checkpointing", "off|on|auto" },
    ConfigFlag { "--checkpoint-interval", "training.checkpoint_interval", "N" },
    ConfigFlag { "--reload-interval", "training.reload_interval_steps", "N" },
    ConfigFlag { "--reload-threshold", "training.reload_memory_threshold_gb", "GB" },
};

} // namespace

std::span<const ConfigFlag> configFlags() { return kFlags; }

Result<Assignment> parseAssignment(std::string_view text)
{
    const auto equals = text.find('=');
    const auto key = trimmed(text.substr(0, equals));
    if (equals == std::string_view::npos || key.empty()) {
        return Error { ErrorCode::Usage,
            fmt::format("{} is no assignment; write --set section.key=value, as in --set memory.budget_gb=12",
                dubito::quoted(text)),
            "--set" };
    }
    return Assignment { .key = std::string(key),
        .text = std::string(text.substr(equals + 1)),
        .flag = fmt::format("--set {}", escaped(key)) };
}

} // namespace dubito::config
