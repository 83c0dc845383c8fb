// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Check.h"
#include "backend/model/LayerParameters.h"
#include "backend/model/ModelConfig.h"

#include <cstdint>
#include <span>
#include <type_traits>
#include <vector>

namespace dubito::model {

/// Views of a block of parameters, made again only when the block is another.
template <typename T>
class BoundParameters {
public:
    /// A block of adapters leaves the weights where they are.
    void bind(const ParameterLayout& layout, const ModelConfig& config, std::span<T> block)
    {
        CHECK(static_cast<std::int64_t>(block.size()) == layout.blockSize(), "a block of another size than its layout");
        if (m_block == block.data()) {
            return;
        }
        m_block = block.data();
        m_isAdapter = layout.isAdapter();
        if (!m_isAdapter) {
            bindWeights(layout, config, { m_block });
            return;
        }
        layers.resize(static_cast<std::size_t>(config.layers));
        for (std::size_t layer = 0; layer < layers.size(); ++layer) {
            layers[layer].adapters = layerAdaptersOf(layout, config, m_block, static_cast<std::int64_t>(layer));
            layers[layer].reach = layer > 0 ? Reach::Input : reachOf(layers[layer].adapters);
        }
    }

    void bindWeights(const ParameterLayout& layout, const ModelConfig& config, const ParameterPlace<T>& place)
    {
        ends = endParametersOf(layout, place);
        layers.clear();
        for (std::int64_t layer = 0; layer < config.layers; ++layer) {
            layers.push_back(layerParametersOf(layout, place, layer));
        }
    }

    /// After bind(): every matrix of the block gets its copy.
    void attach(const Bf16* narrow)
        requires std::is_same_v<T, const float>
    {
        if (!m_isAdapter) {
            attachNarrow(ends, m_block, narrow);
        }
        for (auto& layer : layers) {
            if (m_isAdapter) {
                attachNarrow(layer.adapters, m_block, narrow);
            } else {
                attachNarrow(layer, m_block, narrow);
            }
        }
    }

    EndParameters<T> ends;
    std::vector<LayerParameters<T>> layers;

private:
    T* m_block = nullptr;
    bool m_isAdapter = false;
};

} // namespace dubito::model
