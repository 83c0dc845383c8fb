// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/LayerParameters.h"

#include "backend/base/Check.h"

#include <fmt/format.h>

namespace dubito::model {

namespace {

const Parameter& required(const ParameterLayout& layout, const std::string& name)
{
    const Parameter* found = layout.find(name);
    CHECK(found != nullptr, "the layout has no " + name);
    return *found;
}

template <typename T>
Projection<T> projectionOf(const ParameterLayout& layout, T* block, const std::string& name)
{
    const Parameter& weight = required(layout, name + ".weight");
    const Parameter* bias = layout.find(name + ".bias");
    return { { block + weight.offset, weight.shape[0], weight.shape[1] },
        bias == nullptr ? nullptr : block + bias->offset };
}

template <typename T>
bool follows(const Projection<T>& first, const Projection<T>& second)
{
    const Matrix<T>& weight = first.weight;
    return first.bias == nullptr && second.bias == nullptr && weight.columns == second.weight.columns
        && weight.data + weight.rows * weight.columns == second.weight.data;
}

template <typename T>
void append(ProjectionGroup<T>& group, const Projection<T>& projection)
{
    if (group.count > 0 && follows(group.parts[group.count - 1], projection)) {
        group.parts[group.count - 1].weight.rows += projection.weight.rows;
    } else {
        group.parts[group.count] = projection;
        ++group.count;
    }
}

} // namespace

template <typename T>
LayerParameters<T> layerParametersOf(const ParameterLayout& layout, T* block, std::int64_t layer)
{
    const std::string prefix = fmt::format("model.layers.{}.", layer);
    LayerParameters<T> parameters;
    parameters.inputNorm = block + required(layout, prefix + "input_layernorm.weight").offset;
    parameters.attentionNorm = block + required(layout, prefix + "post_attention_layernorm.weight").offset;
    for (const char* name : { "self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj" }) {
        append(parameters.qkv, projectionOf(layout, block, prefix + name));
    }
    for (const char* name : { "mlp.gate_proj", "mlp.up_proj" }) {
        append(parameters.gateUp, projectionOf(layout, block, prefix + name));
    }
    parameters.output = projectionOf(layout, block, prefix + "self_attn.o_proj");
    parameters.down = projectionOf(layout, block, prefix + "mlp.down_proj");
    return parameters;
}

template <typename T>
EndParameters<T> endParametersOf(const ParameterLayout& layout, T* block)
{
    const Parameter& embedding = required(layout, "model.embed_tokens.weight");
    const Parameter* head = layout.find("lm_head.weight");
    const Parameter& headOrTied = head == nullptr ? embedding : *head;
    return { { block + embedding.offset, embedding.shape[0], embedding.shape[1] },
        block + required(layout, "model.norm.weight").offset,
        { block + headOrTied.offset, headOrTied.shape[0], headOrTied.shape[1] } };
}

template LayerParameters<float> layerParametersOf(const ParameterLayout&, float*, std::int64_t);
template LayerParameters<double> layerParametersOf(const ParameterLayout&, double*, std::int64_t);
template LayerParameters<const float> layerParametersOf(const ParameterLayout&, const float*, std::int64_t);
template LayerParameters<const double> layerParametersOf(const ParameterLayout&, const double*, std::int64_t);
template EndParameters<float> endParametersOf(const ParameterLayout&, float*);
template EndParameters<double> endParametersOf(const ParameterLayout&, double*);
template EndParameters<const float> endParametersOf(const ParameterLayout&, const float*);
template EndParameters<const double> endParametersOf(const ParameterLayout&, const double*);

} // namespace dubito::model
