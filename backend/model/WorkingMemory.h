// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/model/Attention.h"
#include "backend/model/Bf16.h"
#include "backend/model/LoraConfig.h"
#include "backend/model/ModelConfig.h"
#include "backend/model/ModelOptions.h"
#include "backend/model/Rope.h"
#include "backend/model/Tensor.h"

#include <cstdint>
#include <vector>

namespace dubito::model {

/// What a pass needs room for.
enum class Pass : std::uint8_t {
    Forward, ///< one layer's activations at a time
    Backward, ///< all layers' activations, and gradients
};

/// The largest micro-batch that a working memory holds.
struct WorkingShape {
    std::int64_t rows = 0; ///< N: all sequences together
    std::int64_t T = 0; ///< the longest sequence
    int threads = 1;
    Pass pass = Pass::Backward;
    ModelOptions options {};
    /// Logits are the largest tensor of a small model: never more of them at once (but a few rows at least).
    std::int64_t logitsAtOnce = std::int64_t { 32 } << 20;
    std::int64_t lowRank = 0; ///< ranks of all adapters of a layer together
    std::int64_t dropped = 0; ///< the widest input that dropout acts on; 0: there is none

    /// The same with room for adapters, when there are some.
    WorkingShape with(const LoraConfig& lora, const ModelConfig& config) const;

    /// Whether a pass that needs `other` can run in this.
    bool covers(const WorkingShape& other) const
    {
        return rows >= other.rows && T >= other.T && threads >= other.threads && pass >= other.pass
            && options == other.options;
    }

    friend bool operator==(const WorkingShape&, const WorkingShape&) = default;
};

/// What one layer keeps of the forward pass for the backward pass.
template <typename Scalar>
struct LayerActivations {
    Matrix<Scalar> input; ///< (N, C)
    Matrix<Scalar> qkv; ///< (N, width): queries and keys rotated
    Matrix<Scalar> attended; ///< (N, heads * D)
    Matrix<Scalar> middle; ///< (N, C): after attention and its residual
    Matrix<Scalar> gateUp; ///< (N, 2I); the way back overwrites it with its gradient
    Scalar* inputInverse = nullptr; ///< (N): of the two norms
    Scalar* middleInverse = nullptr; ///< (N)
    Matrix<Scalar> lowRank; ///< (N, R): of the layer's adapters; no data without
};

/// What goes into products, as BF16; no data where they run in the numbers themselves. Rows after the last one of a
/// pass are 0 up to paddedRows(), because the gradients of weights sum over them.
struct NarrowOperands {
    Matrix<Bf16> normed; ///< (N, C)
    Matrix<Bf16> attended; ///< (N, heads * D)
    Matrix<Bf16> activated; ///< (N, I)
    Matrix<Bf16> stream; ///< (N, C)
    Matrix<Bf16> dGateUp; ///< (N, 2I)
    Matrix<Bf16> dMiddle; ///< (N, C)
    Matrix<Bf16> dQkv; ///< (N, width)
    Matrix<Bf16> headInput; ///< (M, C)
    Matrix<Bf16> lowRank; ///< (N, R): of adapters
    Matrix<Bf16> dLowRank; ///< (N, R)

    /// Zeroes the padding after `rows` rows (`targets` of the head's). Once per pass.
    void clearPadding(std::int64_t rows, std::int64_t targets) const;
};

/// All memory of a pass but parameters and gradients: one block, cut once per shape and kept.
///
/// What the forward pass can compute again cheaply (the norms' outputs, the activation) is not kept; with
/// Recompute::On the layers share all activations but their input. Matrices have room
/// for WorkingShape::rows rows; a pass uses the first N.
template <typename Scalar>
struct WorkingMemory {
    WorkingShape shape;

    std::vector<LayerActivations<Scalar>> layers;
    NarrowOperands narrow;
    Matrix<Scalar> output; ///< (N, C): of the last layer
    Matrix<Scalar> normed; ///< (N, C): what goes into a product
    Matrix<Scalar> activated; ///< (N, I)
    Matrix<Scalar> stream; ///< (N, C): the gradient on its way down
    Matrix<Scalar> dMiddle; ///< (N, C)
    Matrix<Scalar> dNormed; ///< (N, C)
    Matrix<Scalar> dQkv; ///< (N, width)
    Matrix<Scalar> dAttended; ///< (N, heads * D)
    Matrix<Scalar> dLowRank; ///< (N, R)
    Matrix<Scalar> dropped; ///< (N, widest input of an adapter)
    Matrix<Scalar> normPartials; ///< (threads, C): a norm's gradient, one row per thread

    /// The head: rows that predict a target (M <= N), and the logits of one chunk of them.
    Matrix<Scalar> headInput; ///< (M, C)
    Matrix<Scalar> dHeadInput; ///< (M, C)
    Scalar* headInverse = nullptr; ///< (M)
    Scalar* coefficients = nullptr; ///< (M)
    double* losses = nullptr; ///< (M)
    double* sums = nullptr; ///< (M)
    Matrix<Scalar> logits; ///< (chunk, V), with room for the padding
    std::int64_t chunkRows = 0; ///< rows of the logits that are computed at once

    RopeTable<Scalar> rope; ///< (T, D/2)
    std::vector<AttentionScratch<Scalar>> attention; ///< one per thread

    Block block;

    /// ErrorCode::Memory when it is refused; category Activations.
    static Result<WorkingMemory> create(const ModelConfig& config, const WorkingShape& shape, TensorMemory& memory);

    /// What create() will ask for.
    static std::int64_t bytesFor(const ModelConfig& config, const WorkingShape& shape);
};

extern template struct WorkingMemory<float>;
extern template struct WorkingMemory<double>;

} // namespace dubito::model
