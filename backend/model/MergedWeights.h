// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/model/LoraConfig.h"
#include "backend/model/Parameters.h"

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

} // namespace dubito::model
