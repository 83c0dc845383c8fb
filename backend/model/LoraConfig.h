// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Error.h"
#include "backend/model/ModelConfig.h"

#include <array>
#include <bitset>
#include <cstdint>
#include <string>
#include <string_view>

namespace dubito::model {

/// The projections of a layer that may have an adapter, in the order of Hugging Face.
enum class LoraTarget : std::uint8_t { Query, Key, Value, Output, Gate, Up, Down };

inline constexpr std::size_t kLoraTargetCount = 7;

/// The module of a target inside its layer: "self_attn.q_proj".
inline constexpr std::array<std::string_view, kLoraTargetCount> kLoraModules { "self_attn.q_proj", "self_attn.k_proj",
    "self_attn.v_proj", "self_attn.o_proj", "mlp.gate_proj", "mlp.up_proj", "mlp.down_proj" };

constexpr std::string_view moduleOf(LoraTarget target) { return kLoraModules[static_cast<std::size_t>(target)]; }

/// "q_proj": the last part of the module, as adapter_config.json lists it.
constexpr std::string_view shortNameOf(LoraTarget target)
{
    const std::string_view module = moduleOf(target);
    return module.substr(module.find('.') + 1);
}

/// A low-rank adapter on the projections of every layer (Hu et al. 2021; the conventions of PEFT):
/// y = x · Wᵀ + scale · drop(x) · Aᵀ · Bᵀ with A (rank, in) and B (out, rank). W is frozen.
struct LoraConfig {
    std::int64_t rank = 0; ///< 0: no adapter, every weight is trained
    double alpha = 0;
    double dropout = 0; ///< share of an adapter's inputs that is left out, while training alone
    bool isRankStabilised = false; ///< the scale is alpha / sqrt(rank) in place of alpha / rank
    std::bitset<kLoraTargetCount> targets {};

    bool isOn() const { return rank > 0; }
    bool has(LoraTarget target) const { return targets[static_cast<std::size_t>(target)]; }
    double scale() const;

    /// Ranks of all adapters of a layer together.
    std::int64_t width() const { return rank * static_cast<std::int64_t>(targets.count()); }

    /// Columns of the widest input of a target.
    std::int64_t widestInput(const ModelConfig& config) const;

    friend bool operator==(const LoraConfig&, const LoraConfig&) = default;
};

/// Rows and columns of the weight of a target.
std::array<std::int64_t, 2> shapeOf(const ModelConfig& config, LoraTarget target);

/// From words with spaces or commas between them ("q_proj, v_proj"), or "all-linear". Also with the path of the module
/// in front. ErrorCode::Usage names the word that is no target, and what would be one.
Result<std::bitset<kLoraTargetCount>> parseLoraTargets(std::string_view words);

/// "q_proj k_proj", in the order of the enum.
std::string toText(const std::bitset<kLoraTargetCount>& targets);

/// Whether the numbers make an adapter for this model: rank from 1 to the smallest side of a target, alpha above 0,
/// dropout in [0, 1), some target. ErrorCode::Usage.
Result<void> checkLoraConfig(const LoraConfig& lora, const ModelConfig& config);

} // namespace dubito::model
