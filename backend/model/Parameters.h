// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/model/ModelConfig.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dubito::model {

/// One trained tensor and its place in the one contiguous block that holds all of them.
struct Parameter {
    std::string name; ///< as Hugging Face spells it: model.layers.0.self_attn.q_proj.weight
    std::vector<std::int64_t> shape; ///< row-major; (out, in) for a projection
    std::int64_t offset = 0; ///< first element in the block
    std::int64_t count = 0;
    bool isNormOrBias = false; ///< for the optional rule of no weight decay on norms and biases
};

/// Names, shapes and places of all parameters of a configuration, in Hugging Face order.
///
/// Weights, gradients and both moments are four blocks of `count()` floats with this one layout, so that the optimizer
/// is a single pass. Offsets are multiples of 16 elements (64 bytes); the padding between tensors is always 0.
class ParameterLayout {
public:
    static ParameterLayout of(const ModelConfig& config);

    std::span<const Parameter> parameters() const { return m_parameters; }

    /// Elements of a block, padding included.
    std::int64_t blockSize() const { return m_blockSize; }

    /// Elements that are parameters.
    std::int64_t count() const { return m_count; }

    /// nullptr when there is none of that name.
    const Parameter* find(std::string_view name) const;

private:
    std::vector<Parameter> m_parameters;
    std::int64_t m_blockSize = 0;
    std::int64_t m_count = 0;
};

} // namespace dubito::model
