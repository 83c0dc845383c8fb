// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/model/Linear.h"
#include "backend/model/Lora.h"
#include "backend/model/Parameters.h"

#include <array>
#include <cstdint>
#include <span>
#include <string>

namespace dubito::model {

/// How far down the way back through a layer goes: up to the last part below which nothing is trained. In the order of
/// the way back.
enum class Reach : std::uint8_t { Down, GateUp, Output, QueryKeyValue, Input };

/// The adapters of one layer, or their gradients.
template <typename T>
struct LayerAdapters {
    std::int64_t layer = 0;
    LoraGroup<T> qkv;
    LoraGroup<T> output;
    LoraGroup<T> gateUp;
    LoraGroup<T> down;
};

/// The parameters of one layer, or their gradients, as views into a block of ParameterLayout.
template <typename T>
struct LayerParameters {
    T* inputNorm = nullptr; ///< (C)
    ProjectionGroup<T> qkv; ///< (heads * D + 2 * kvHeads * D, C)
    Projection<T> output; ///< (C, heads * D)
    T* attentionNorm = nullptr; ///< (C), after attention
    ProjectionGroup<T> gateUp; ///< (2I, C)
    Projection<T> down; ///< (C, I)
    LayerAdapters<T> adapters {}; ///< none, unless the layer has some
    Reach reach = Reach::Input; ///< of gradients
};

/// Where the numbers of a layout are: in one block; or matrices as BF16 bits in a block of that layout, and norms and
/// biases in a small block of their own.
template <typename T>
struct ParameterPlace {
    T* block = nullptr; ///< of blockSize(); with `bits` of smallBlockSize()
    const Bf16* bits = nullptr;
};

/// The parameters that belong to no layer.
template <typename T>
struct EndParameters {
    Matrix<T> embedding; ///< (V, C)
    T* norm = nullptr; ///< (C)
    Matrix<T> head; ///< (V, C): the embedding, when tied
    Matrix<const Bf16> narrowHead {}; ///< the head as BF16, for BF16 products or in place of its data
    const Bf16* narrowEmbedding = nullptr; ///< in place of the embedding's data

    Projection<T> headProjection() const { return { head, nullptr, narrowHead }; }
};

/// Views of a block. Names are looked up here: keep what comes back for as long as the block stays.
template <typename T>
LayerParameters<T> layerParametersOf(const ParameterLayout& layout, const ParameterPlace<T>& place, std::int64_t layer);

template <typename T>
EndParameters<T> endParametersOf(const ParameterLayout& layout, const ParameterPlace<T>& place);

template <typename T>
LayerParameters<T> layerParametersOf(const ParameterLayout& layout, T* block, std::int64_t layer)
{
    return layerParametersOf(layout, ParameterPlace<T> { block }, layer);
}

template <typename T>
EndParameters<T> endParametersOf(const ParameterLayout& layout, T* block)
{
    return endParametersOf(layout, ParameterPlace<T> { block });
}

/// Of a block of ParameterLayout::ofAdapter().
template <typename T>
LayerAdapters<T> layerAdaptersOf(
    const ParameterLayout& layout, const ModelConfig& config, T* block, std::int64_t layer);

/// How far the way back must go when only these are trained. `Input` when a layer below has adapters too.
template <typename T>
Reach reachOf(const LayerAdapters<T>& adapters);

/// Gives every weight its copy in `narrow`, a block of the same layout.
void attachNarrow(LayerParameters<const float>& parameters, const float* block, const Bf16* narrow);
void attachNarrow(EndParameters<const float>& parameters, const float* block, const Bf16* narrow);
void attachNarrow(LayerAdapters<const float>& adapters, const float* block, const Bf16* narrow);

} // namespace dubito::model
