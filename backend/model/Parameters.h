// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/model/LoraConfig.h"
#include "backend/model/ModelConfig.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dubito::model {

/// How the two matrices of an adapter end their names.
inline constexpr std::string_view kLoraA = ".lora_A.weight";
inline constexpr std::string_view kLoraB = ".lora_B.weight";

/// One trained tensor and its place in the one contiguous block that holds all of them.
struct Parameter {
    std::string name; ///< as Hugging Face spells it: model.layers.0.self_attn.q_proj.weight
    std::vector<std::int64_t> shape; ///< row-major; (out, in) for a projection
    std::int64_t offset = 0; ///< first element in the block
    std::int64_t count = 0;
    std::int64_t smallOffset = 0; ///< of a norm or bias: its place where matrices are kept elsewhere
    bool isNormOrBias = false; ///< for the optional rule of no weight decay on norms and biases
};

/// Names, shapes and places of all parameters of a configuration, in Hugging Face order.
///
/// Weights, gradients and both moments are four blocks of `count()` floats with this one layout, so that the optimizer
/// is a single pass. Offsets are multiples of 16 elements (64 bytes); the padding between tensors is always 0.
class ParameterLayout {
public:
    static ParameterLayout of(const ModelConfig& config);

    /// What an adapter trains: of every layer the A (rank, in) of its targets and their B (out, rank), named
    /// model.layers.0.self_attn.q_proj.lora_A.weight. The A of projections of one input follow each other.
    static ParameterLayout ofAdapter(const ModelConfig& config, const LoraConfig& lora);

    std::span<const Parameter> parameters() const { return m_parameters; }

    /// Elements of a block, padding included.
    std::int64_t blockSize() const { return m_blockSize; }

    /// Elements of a block of norms and biases alone, padding included.
    std::int64_t smallBlockSize() const { return m_smallBlockSize; }

    /// Whether these are the parameters of an adapter.
    bool isAdapter() const;

    /// Elements that are parameters.
    std::int64_t count() const { return m_count; }

    /// nullptr when there is none of that name.
    const Parameter* find(std::string_view name) const;

private:
    void close();

    std::vector<Parameter> m_parameters;
    std::int64_t m_blockSize = 0;
    std::int64_t m_smallBlockSize = 0;
    std::int64_t m_count = 0;
};

} // namespace dubito::model
