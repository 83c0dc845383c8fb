// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/Parameters.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <numeric>

namespace dubito::model {

namespace {

/// 64 bytes of float: every tensor begins at a cache line.
constexpr std::int64_t kAlignment = 16;

enum class Kind { Matrix, NormOrBias };

void append(std::vector<Parameter>& parameters, std::string name, std::vector<std::int64_t> shape, Kind kind)
{
    Parameter parameter {
        .name = std::move(name), .shape = std::move(shape), .isNormOrBias = kind == Kind::NormOrBias
    };
    parameter.count
        = std::accumulate(parameter.shape.begin(), parameter.shape.end(), std::int64_t { 1 }, std::multiplies<>());
    if (!parameters.empty()) {
        const std::int64_t end = parameters.back().offset + parameters.back().count;
        parameter.offset = (end + kAlignment - 1) / kAlignment * kAlignment;
    }
    parameters.push_back(std::move(parameter));
}

enum class Bias { None, One };

void appendProjection(
    std::vector<Parameter>& parameters, const std::string& name, std::vector<std::int64_t> shape, Bias bias)
{
    const std::int64_t out = shape.front();
    append(parameters, name + ".weight", std::move(shape), Kind::Matrix);
    if (bias == Bias::One) {
        append(parameters, name + ".bias", { out }, Kind::NormOrBias);
    }
}

void appendLayer(std::vector<Parameter>& parameters, const ModelConfig& config, std::int64_t layer)
{
    const std::string prefix = fmt::format("model.layers.{}.", layer);
    const Bias qkv = config.qkvBias ? Bias::One : Bias::None;
    const Bias output = config.outputBias ? Bias::One : Bias::None;
    const Bias mlp = config.mlpBias ? Bias::One : Bias::None;
    appendProjection(parameters, prefix + "self_attn.q_proj", { config.queryWidth(), config.hidden }, qkv);
    appendProjection(parameters, prefix + "self_attn.k_proj", { config.keyWidth(), config.hidden }, qkv);
    appendProjection(parameters, prefix + "self_attn.v_proj", { config.keyWidth(), config.hidden }, qkv);
    appendProjection(parameters, prefix + "self_attn.o_proj", { config.hidden, config.queryWidth() }, output);
    appendProjection(parameters, prefix + "mlp.gate_proj", { config.intermediate, config.hidden }, mlp);
    appendProjection(parameters, prefix + "mlp.up_proj", { config.intermediate, config.hidden }, mlp);
    appendProjection(parameters, prefix + "mlp.down_proj", { config.hidden, config.intermediate }, mlp);
    append(parameters, prefix + "input_layernorm.weight", { config.hidden }, Kind::NormOrBias);
    append(parameters, prefix + "post_attention_layernorm.weight", { config.hidden }, Kind::NormOrBias);
}

struct AdapterOf {
    const ModelConfig& config;
    const LoraConfig& lora;
    std::int64_t layer;
};

/// All A of a group of targets, then all B; a target that stands in the group again is not repeated.
void appendAdapters(
    std::vector<Parameter>& parameters, const AdapterOf& adapter, const std::array<LoraTarget, 3>& group)
{
    for (const std::string_view side : { kLoraA, kLoraB }) {
        for (std::size_t i = 0; i < group.size(); ++i) {
            if (!adapter.lora.has(group[i]) || (i > 0 && group[i] == group[i - 1])) {
                continue;
            }
            const auto [out, in] = shapeOf(adapter.config, group[i]);
            const std::int64_t rank = adapter.lora.rank;
            append(parameters, fmt::format("model.layers.{}.{}{}", adapter.layer, moduleOf(group[i]), side),
                side == kLoraA ? std::vector { rank, in } : std::vector { out, rank }, Kind::Matrix);
        }
    }
}

} // namespace

ParameterLayout ParameterLayout::of(const ModelConfig& config)
{
    ParameterLayout layout;
    auto& parameters = layout.m_parameters;
    append(parameters, "model.embed_tokens.weight", { config.vocabulary, config.hidden }, Kind::Matrix);
    for (std::int64_t layer = 0; layer < config.layers; ++layer) {
        appendLayer(parameters, config, layer);
    }
    append(parameters, "model.norm.weight", { config.hidden }, Kind::NormOrBias);
    if (!config.tiedHead) {
        append(parameters, "lm_head.weight", { config.vocabulary, config.hidden }, Kind::Matrix);
    }
    layout.close();
    return layout;
}

ParameterLayout ParameterLayout::ofAdapter(const ModelConfig& config, const LoraConfig& lora)
{
    using enum LoraTarget;
    ParameterLayout layout;
    for (std::int64_t layer = 0; layer < config.layers; ++layer) {
        for (const auto group : { std::array { Query, Key, Value }, { Output, Output, Output }, { Gate, Up, Up },
                 { Down, Down, Down } }) {
            appendAdapters(layout.m_parameters, { config, lora, layer }, group);
        }
    }
    layout.close();
    return layout;
}

void ParameterLayout::close()
{
    for (Parameter& parameter : m_parameters) {
        m_count += parameter.count;
        if (parameter.isNormOrBias) {
            parameter.smallOffset = m_smallBlockSize;
            m_smallBlockSize += (parameter.count + kAlignment - 1) / kAlignment * kAlignment;
        }
    }
    const std::int64_t end = m_parameters.empty() ? 0 : m_parameters.back().offset + m_parameters.back().count;
    m_blockSize = (end + kAlignment - 1) / kAlignment * kAlignment;
}

bool ParameterLayout::isAdapter() const
{
    return !m_parameters.empty() && m_parameters.front().name.ends_with(kLoraA);
}

const Parameter* ParameterLayout::find(std::string_view name) const
{
    const auto found = std::ranges::find(m_parameters, name, &Parameter::name);
    return found == m_parameters.end() ? nullptr : &*found;
}

} // namespace dubito::model
