// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Error.h"
#include "backend/base/Parallel.h"
#include "backend/base/TensorMemory.h"
#include "backend/model/Bf16.h"
#include "backend/model/ModelConfig.h"
#include "backend/model/ModelOptions.h"
#include "backend/model/Parameters.h"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace dubito::model {

/// Token ids of a micro-batch, right-padded, as the model reads them. A view: the caller keeps the arrays.
struct TokenBatch {
    std::int64_t B = 0; ///< sequences
    std::int64_t T = 0; ///< positions of each, padding included
    std::span<const std::int32_t> ids; ///< (B, T)
    std::span<const std::int64_t> lengths; ///< (B): real positions, the rest is padding
    /// (B, T) or empty. 1 where the id at this position counts as a target (it is predicted from the position before);
    /// empty: every real position but the first.
    std::span<const std::uint8_t> targets;
    /// (B) or empty: what the dropout of adapters draws from, another number for each document of each step; empty:
    /// nothing is dropped. loss(), logits() and hiddenStates() never drop.
    std::span<const std::uint64_t> dropoutSeeds {};
};

/// What a pass over a micro-batch found, per sequence.
struct SequenceLoss {
    double crossEntropySum = 0; ///< over its real targets, natural logarithm
    std::int64_t targets = 0;
};

template <typename Scalar>
class FrozenWeights;

/// A Llama-family decoder: logits, loss and gradients of micro-batches.
///
/// Scalar is float (training) or double (gradient tests). Parameters and gradients are blocks with the layout of
/// ParameterLayout and belong to the caller; activations come from the TensorMemory given to create() and are kept
/// for the next call of the same shape, so that a step takes no memory after the first. Products and sums have a fixed
/// order for a given number of threads: same bits. One caller at a time.
template <typename Scalar>
class LanguageModel {
public:
    /// Takes working memory for micro-batches of at most B x T lazily, at the first call; with Products::Bf16 (float
    /// only) the BF16 copy of the parameters now. Whether the processor is fit for that is checkBf16Products()'s.
    static Result<LanguageModel> create(
        const ModelConfig& config, TensorMemory& memory, Parallel& parallel, const ModelOptions& options = {});

    /// A model of which an adapter alone is trained: layout(), parameters and gradients are those of
    /// ParameterLayout::ofAdapter(). `base` outlives it. Requires: checkLoraConfig() succeeded.
    static Result<LanguageModel> createAdapted(const ModelConfig& config, const LoraConfig& lora,
        const FrozenWeights<Scalar>& base, const ModelOptions& options, TensorMemory& memory, Parallel& parallel);

    LanguageModel(LanguageModel&&) noexcept;
    LanguageModel& operator=(LanguageModel&&) noexcept;
    ~LanguageModel();

    /// Takes the working memory for training on B sequences of T at most now, instead of at the first such call.
    Result<void> reserve(std::int64_t B, std::int64_t T);

    /// Of what is trained: all parameters, or those of the adapter.
    const ParameterLayout& layout() const;
    const ModelConfig& config() const;

    const ModelOptions& options() const;

    /// With Products::Bf16 the copy of the parameters that products read, in their layout; else empty. Who changes the
    /// parameters writes it in the same pass, or calls narrowAgain().
    std::span<Bf16> narrowParameters();
    void narrowAgain(std::span<const Scalar> parameters);

    /// Loss of every sequence, no gradient. ErrorCode::Memory when working memory is refused.
    Result<void> loss(
        std::span<const Scalar> parameters, const TokenBatch& batch, std::span<SequenceLoss> perSequence);

    /// The same, and ADDS d(sum_i coefficient_i * crossEntropySum_i)/d(parameters) into `gradients`.
    ///
    /// `coefficients` (B): for the token mean w_i / (targets of the effective batch), for the sample mean
    /// w_i / (targets_i * sequences of the effective batch). On an error `gradients` is unchanged.
    Result<void> lossAndGradients(std::span<const Scalar> parameters, const TokenBatch& batch,
        std::span<const Scalar> coefficients, std::span<SequenceLoss> perSequence, std::span<Scalar> gradients);

    /// logits (B, T, V). For evaluation of vectors and for generation; training never holds them whole.
    Result<void> logits(std::span<const Scalar> parameters, const TokenBatch& batch, std::span<Scalar> logits);

    /// What flows between the layers, (layers + 2, B, T, C): after the embedding, after each layer, after the final norm.
    /// 0 at padded positions. For evaluation of vectors.
    Result<void> hiddenStates(std::span<const Scalar> parameters, const TokenBatch& batch, std::span<Scalar> states);

    /// Gives the working memory back (to the pool's cache); the next call takes it again.
    void releaseWorkingMemory();

private:
    struct Implementation;
    explicit LanguageModel(std::unique_ptr<Implementation> implementation);
    std::unique_ptr<Implementation> m_implementation;
};

extern template class LanguageModel<float>;
extern template class LanguageModel<double>;

} // namespace dubito::model
