// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/LayerParameters.h"

#include "backend/base/Check.h"

#include <fmt/format.h>

#include <initializer_list>

namespace dubito::model {

namespace {

const Parameter& required(const ParameterLayout& layout, const std::string& name)
{
    const Parameter* found = layout.find(name);
    CHECK(found != nullptr, "the layout has no " + name);
    return *found;
}

template <typename T>
T* smallOf(const ParameterPlace<T>& place, const Parameter& parameter)
{
    return place.block + (place.bits == nullptr ? parameter.offset : parameter.smallOffset);
}

template <typename T>
Matrix<T> matrixOf(const ParameterPlace<T>& place, const Parameter& parameter)
{
    return { place.bits == nullptr ? place.block + parameter.offset : nullptr, parameter.shape[0], parameter.shape[1] };
}

template <typename T>
Matrix<const Bf16> bitsOf(const ParameterPlace<T>& place, const Parameter& parameter)
{
    return place.bits == nullptr ? Matrix<const Bf16> {}
                                 : Matrix<const Bf16>(place.bits + parameter.offset, parameter.shape[0], parameter.shape[1]);
}

template <typename T>
Projection<T> projectionOf(const ParameterLayout& layout, const ParameterPlace<T>& place, const std::string& name)
{
    const Parameter& weight = required(layout, name + ".weight");
    const Parameter* bias = layout.find(name + ".bias");
    return { matrixOf(place, weight), bias == nullptr ? nullptr : smallOf(place, *bias), bitsOf(place, weight) };
}

template <typename T>
bool follows(const Projection<T>& first, const Projection<T>& second)
{
    const Matrix<T>& weight = first.weight;
    const std::int64_t count = weight.rows * weight.columns;
    const bool areNeighbours = first.narrow.data != nullptr ? first.narrow.data + count == second.narrow.data
                                                     : weight.data + count == second.weight.data;
    return first.bias == nullptr && second.bias == nullptr && weight.columns == second.weight.columns && areNeighbours;
}

template <typename T>
void append(ProjectionGroup<T>& group, const Projection<T>& projection)
{
    if (group.count > 0 && follows(group.parts[group.count - 1], projection)) {
        Projection<T>& whole = group.parts[group.count - 1];
        whole.weight.rows += projection.weight.rows;
        whole.narrow.rows = whole.narrow.data == nullptr ? 0 : whole.weight.rows;
    } else {
        group.parts[group.count] = projection;
        ++group.count;
    }
}

/// The pairs of some targets that the layout has; `place` says where each one's outputs and low-rank columns begin.
template <typename T>
class AdapterReader {
public:
    AdapterReader(const ParameterLayout& layout, T* block, std::int64_t layer)
        : m_layout(layout)
        , m_block(block)
        , m_prefix(fmt::format("model.layers.{}.", layer))
    {
    }

    /// `widths`: outputs of each target, in the order of the group's buffer.
    LoraGroup<T> group(std::initializer_list<LoraTarget> targets, std::initializer_list<std::int64_t> widths)
    {
        LoraGroup<T> group;
        std::int64_t column = 0;
        const auto* width = widths.begin();
        for (const LoraTarget target : targets) {
            const std::string module = m_prefix + std::string(moduleOf(target));
            if (const Parameter* a = m_layout.find(module + std::string(kLoraA))) {
                const Parameter& b = required(m_layout, module + std::string(kLoraB));
                LoraPair<T>& pair = group.parts[group.count++];
                pair = { target, { m_block + a->offset, a->shape[0], a->shape[1] },
                    { m_block + b.offset, b.shape[0], b.shape[1] }, column, m_slot };
                m_slot += a->shape[0];
            }
            column += *width++;
        }
        stack(group);
        return group;
    }

private:
    static void stack(LoraGroup<T>& group)
    {
        for (std::size_t i = 0; i < group.count; ++i) {
            const Matrix<T>& a = group.parts[i].a;
            if (i == 0) {
                group.stackedA = a;
            } else if (group.stackedA.data + group.stackedA.rows * a.columns == a.data) {
                group.stackedA.rows += a.rows;
            } else {
                group.stackedA = {};
                return;
            }
        }
    }

    const ParameterLayout& m_layout;
    T* m_block;
    std::string m_prefix;
    std::int64_t m_slot = 0;
};

void attach(Projection<const float>& projection, const float* block, const Bf16* narrow)
{
    const Matrix<const float>& weight = projection.weight;
    projection.narrow = { narrow + (weight.data - block), weight.rows, weight.columns, weight.stride };
}

} // namespace

template <typename T>
LayerParameters<T> layerParametersOf(const ParameterLayout& layout, const ParameterPlace<T>& place, std::int64_t layer)
{
    const std::string prefix = fmt::format("model.layers.{}.", layer);
    LayerParameters<T> parameters;
    parameters.inputNorm = smallOf(place, required(layout, prefix + "input_layernorm.weight"));
    parameters.attentionNorm = smallOf(place, required(layout, prefix + "post_attention_layernorm.weight"));
    for (const char* name : { "self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj" }) {
        append(parameters.qkv, projectionOf(layout, place, prefix + name));
    }
    for (const char* name : { "mlp.gate_proj", "mlp.up_proj" }) {
        append(parameters.gateUp, projectionOf(layout, place, prefix + name));
    }
    parameters.output = projectionOf(layout, place, prefix + "self_attn.o_proj");
    parameters.down = projectionOf(layout, place, prefix + "mlp.down_proj");
    return parameters;
}

template <typename T>
EndParameters<T> endParametersOf(const ParameterLayout& layout, const ParameterPlace<T>& place)
{
    const Parameter& embedding = required(layout, "model.embed_tokens.weight");
    const Parameter* head = layout.find("lm_head.weight");
    const Parameter& headOrTied = head == nullptr ? embedding : *head;
    return { matrixOf(place, embedding), smallOf(place, required(layout, "model.norm.weight")),
        matrixOf(place, headOrTied), bitsOf(place, headOrTied), bitsOf(place, embedding).data };
}

template <typename T>
LayerAdapters<T> layerAdaptersOf(
    const ParameterLayout& layout, const ModelConfig& config, T* block, std::int64_t layer)
{
    using enum LoraTarget;
    AdapterReader<T> reader(layout, block, layer);
    LayerAdapters<T> adapters;
    adapters.layer = layer;
    adapters.qkv = reader.group({ Query, Key, Value }, { config.queryWidth(), config.keyWidth(), config.keyWidth() });
    adapters.output = reader.group({ Output }, { config.hidden });
    adapters.gateUp = reader.group({ Gate, Up }, { config.intermediate, config.intermediate });
    adapters.down = reader.group({ Down }, { config.hidden });
    return adapters;
}

template <typename T>
Reach reachOf(const LayerAdapters<T>& adapters)
{
    return adapters.qkv.count > 0  ? Reach::QueryKeyValue
        : adapters.output.count > 0 ? Reach::Output
        : adapters.gateUp.count > 0 ? Reach::GateUp
                                    : Reach::Down;
}

void attachNarrow(LayerParameters<const float>& parameters, const float* block, const Bf16* narrow)
{
    for (ProjectionGroup<const float>* group : { &parameters.qkv, &parameters.gateUp }) {
        for (std::size_t part = 0; part < group->count; ++part) {
            attach(group->parts[part], block, narrow);
        }
    }
    attach(parameters.output, block, narrow);
    attach(parameters.down, block, narrow);
}

void attachNarrow(LayerAdapters<const float>& adapters, const float* block, const Bf16* narrow)
{
    const auto copyOf = [&](const Matrix<const float>& matrix) {
        return Matrix<const Bf16>(narrow + (matrix.data - block), matrix.rows, matrix.columns, matrix.stride);
    };
    for (LoraGroup<const float>* group : { &adapters.qkv, &adapters.output, &adapters.gateUp, &adapters.down }) {
        for (std::size_t part = 0; part < group->count; ++part) {
            LoraPair<const float>& pair = group->parts[part];
            pair.narrowA = copyOf(pair.a);
            pair.narrowB = copyOf(pair.b);
        }
        if (group->stackedA.data != nullptr) {
            group->narrowStackedA = copyOf(group->stackedA);
        }
    }
}

void attachNarrow(EndParameters<const float>& parameters, const float* block, const Bf16* narrow)
{
    Projection<const float> head = parameters.headProjection();
    attach(head, block, narrow);
    parameters.narrowHead = head.narrow;
}

template LayerParameters<float> layerParametersOf(const ParameterLayout&, const ParameterPlace<float>&, std::int64_t);
template LayerParameters<double> layerParametersOf(const ParameterLayout&, const ParameterPlace<double>&, std::int64_t);
template LayerParameters<const float> layerParametersOf(const ParameterLayout&, const ParameterPlace<const float>&, std::int64_t);
template LayerParameters<const double> layerParametersOf(const ParameterLayout&, const ParameterPlace<const double>&, std::int64_t);
template EndParameters<float> endParametersOf(const ParameterLayout&, const ParameterPlace<float>&);
template EndParameters<double> endParametersOf(const ParameterLayout&, const ParameterPlace<double>&);
template EndParameters<const float> endParametersOf(const ParameterLayout&, const ParameterPlace<const float>&);
template EndParameters<const double> endParametersOf(const ParameterLayout&, const ParameterPlace<const double>&);

template LayerAdapters<float> layerAdaptersOf(const ParameterLayout&, const ModelConfig&, float*, std::int64_t);
template LayerAdapters<double> layerAdaptersOf(const ParameterLayout&, const ModelConfig&, double*, std::int64_t);
template LayerAdapters<const float> layerAdaptersOf(
    const ParameterLayout&, const ModelConfig&, const float*, std::int64_t);
template LayerAdapters<const double> layerAdaptersOf(
    const ParameterLayout&, const ModelConfig&, const double*, std::int64_t);
template Reach reachOf(const LayerAdapters<float>&);
template Reach reachOf(const LayerAdapters<double>&);
template Reach reachOf(const LayerAdapters<const float>&);
template Reach reachOf(const LayerAdapters<const double>&);

} // namespace dubito::model
