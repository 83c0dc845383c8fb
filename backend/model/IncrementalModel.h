// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Error.h"
#include "backend/base/Parallel.h"
#include "backend/base/TensorMemory.h"
#include "backend/model/KeyValueCache.h"
#include "backend/model/LayerParameters.h"
#include "backend/model/Lora.h"
#include "backend/model/ModelConfig.h"
#include "backend/model/Rope.h"
#include "backend/model/Tensor.h"

#include <cstdint>
#include <span>
#include <vector>

namespace dubito::model {

/// The numbers that a text is read with, as they are kept; views, their owners outlive the reader.
struct ReadingWeights {
    ParameterPlace<const float> place; ///< of ParameterLayout::of(): floats, or matrices as BF16
    const LoraConfig* lora = nullptr; ///< nullptr: no adapter
    const float* adapter = nullptr; ///< a block of ParameterLayout::ofAdapter()
};

/// Reads a text token by token and says what may come next: the same numbers as LanguageModel, without reading again
/// what it has read.
///
/// One sequence. BF16 weights are decoded piece by piece, an adapter is added to the products and never merged: nothing is
/// held twice. Memory is taken at create() and never later. Products have a fixed order for a given number of threads. One caller at a time.
class IncrementalModel {
public:
    /// Room for `context` positions. ErrorCode::Memory when it is refused, ErrorCode::Model when the model's attention
    /// cannot see so far. Requires: context > 0, the weights fit their layouts.
    static Result<IncrementalModel> create(const ModelConfig& config, const ReadingWeights& weights,
        std::int64_t context, TensorMemory& memory, Parallel& parallel);

    /// Reads on, and leaves in `logits` (V) what may follow the last of `ids`. Requires: 0 < ids.size() <= room(), ids in
    /// [0, V).
    void read(std::span<const std::int32_t> ids, std::span<float> logits);

    std::int64_t length() const { return m_cache.length(); }
    std::int64_t room() const { return m_cache.capacity() - m_cache.length(); }

    /// Forgets everything from `length` on.
    void rewind(std::int64_t length) { m_cache.rewind(length); }

    const ModelConfig& config() const { return m_config; }

private:
    /// Rows that are read at once: a long prompt goes through in pieces, so that the room below stays small.
    static constexpr std::int64_t kRows = 64;

    IncrementalModel(const ModelConfig& config, KeyValueCache cache, Parallel& parallel);

    Result<void> takeRoom(const ReadingWeights& weights, TensorMemory& memory);
    void bind(const ReadingWeights& weights);
    void readRows(std::span<const std::int32_t> ids);
    void readLayer(std::int64_t layer, std::int64_t rows);
    void attend(std::int64_t layer, std::int64_t rows);
    void project(Matrix<float> out, Matrix<const float> in, std::span<const Projection<const float>> projections, Into into);
    void adapt(Matrix<float> out, Matrix<const float> in, const LoraGroup<const float>& group);
    void predict(std::int64_t row, std::span<float> logits);

    ModelConfig m_config;
    KeyValueCache m_cache;
    Parallel& m_parallel;
    EndParameters<const float> m_ends;
    std::vector<LayerParameters<const float>> m_layers;

    Tensor<float> m_room; ///< all of what follows
    Matrix<float> m_stream; ///< (kRows, C)
    Matrix<float> m_normed; ///< (kRows, C)
    Matrix<float> m_qkv; ///< (kRows, width)
    Matrix<float> m_attended; ///< (kRows, heads * D)
    Matrix<float> m_gateUp; ///< (kRows, 2I)
    Matrix<float> m_activated; ///< (kRows, I)
    float* m_inverse = nullptr; ///< (kRows)
    std::vector<Matrix<float>> m_scores; ///< (kRows, context) for each thread
    LoraRows<float> m_lora; ///< its low-rank rows: (kRows, R)
    RopeTable<float> m_rope; ///< (context, D/2)
    std::vector<std::int32_t> m_positions; ///< kRows
};

} // namespace dubito::model
