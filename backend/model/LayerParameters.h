// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/model/Linear.h"
#include "backend/model/Parameters.h"

#include <array>
#include <cstdint>
#include <span>
#include <string>

namespace dubito::model {

/// One to three projections of the same input, whose outputs stand side by side in one buffer.
///
/// Where their weights follow each other in the block without a gap and have no bias they are one projection: one large
/// product instead of three small ones.
template <typename T>
struct ProjectionGroup {
    std::array<Projection<T>, 3> parts;
    std::size_t count = 0;

    std::span<const Projection<T>> projections() const { return { parts.data(), count }; }
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
};

/// The parameters that belong to no layer.
template <typename T>
struct EndParameters {
    Matrix<T> embedding; ///< (V, C)
    T* norm = nullptr; ///< (C)
    Matrix<T> head; ///< (V, C): the embedding, when tied
};

/// Views of a block. Names are looked up here: keep what comes back for as long as the block stays.
template <typename T>
LayerParameters<T> layerParametersOf(const ParameterLayout& layout, T* block, std::int64_t layer);

template <typename T>
EndParameters<T> endParametersOf(const ParameterLayout& layout, T* block);

} // namespace dubito::model
