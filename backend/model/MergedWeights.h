// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Error.h"
#include "backend/model/AdapterFile.h"
#include "backend/model/LoraConfig.h"
#include "backend/model/Parameters.h"
#include "backend/model/WeightFiles.h"

#include <span>

namespace dubito::model {

/// An adapter's numbers: a view, the caller keeps the block.
struct AdapterView {
    const LoraConfig& lora;
    const ParameterLayout& layout; ///< ParameterLayout::ofAdapter()
    std::span<const float> block;
};

/// W + scale · B · A, in place, when the adapter has this weight for a target; nothing otherwise. Summed in double.
void addAdapter(const Parameter& parameter, const AdapterView& adapter, std::span<float> values);

/// The parameters of a base with an adapter merged in, in one block of ParameterLayout::of(). Requires: both were checked
/// against the same config. ErrorCode::Model when a number is NaN or infinite.
Result<void> readMerged(
    const WeightFiles& base, const AdapterFile& adapter, const ModelConfig& config, std::span<float> block);

} // namespace dubito::model
