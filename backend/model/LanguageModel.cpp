// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/LanguageModel.h"

#include "backend/base/Check.h"
#include "backend/base/SignalShield.h"
#include "backend/model/BoundParameters.h"
#include "backend/model/DecoderLayer.h"
#include "backend/model/Embedding.h"
#include "backend/model/FrozenWeights.h"
#include "backend/model/LayerParameters.h"
#include "backend/model/LossHead.h"
#include "backend/model/PackedRows.h"
#include "backend/model/RmsNorm.h"
#include "backend/model/WorkingMemory.h"

#include <algorithm>
#include <optional>
#include <type_traits>

namespace dubito::model {

template <typename Scalar>
struct LanguageModel<Scalar>::Implementation {
    Implementation(const ModelConfig& modelConfig, TensorMemory& tensorMemory, Parallel& threads,
        const ModelOptions& modelOptions)
        : config(modelConfig)
        , options(modelOptions)
        , layout(ParameterLayout::of(modelConfig))
        , memory(tensorMemory)
        , parallel(threads)
    {
    }

    Result<void> takeNarrow();
    Result<void> take(std::int64_t B, std::int64_t T, Pass pass);
    Result<void> prepare(const TokenBatch& batch, RowsOf which, Pass pass);
    LayerContext<Scalar> context()
    {
        return { config, rows, *working, parallel, lora.isOn() ? lora.scale() : 1.0, LoraDropout::of(lora.dropout) };
    }
    void forward();
    void backward(std::span<const Scalar> coefficients);
    void collect(std::int64_t B, std::span<SequenceLoss> perSequence) const;
    Matrix<Scalar> outputOf(std::size_t layer) const
    {
        return layer + 1 < working->layers.size() ? working->layers[layer + 1].input : working->output;
    }

    void bind(std::span<const Scalar> block);

    ModelConfig config;
    ModelOptions options;
    ParameterLayout layout;
    TensorMemory& memory;
    Parallel& parallel;
    PackedRows rows;
    LoraConfig lora;
    BoundParameters<const Scalar> parameters;
    BoundParameters<Scalar> gradients;
    std::optional<WorkingMemory<Scalar>> working;
    Tensor<Bf16> narrow; ///< the parameters, for BF16 products
};

template <typename Scalar>
Result<void> LanguageModel<Scalar>::Implementation::takeNarrow()
{
    if (options.products == Products::Full) {
        return {};
    }
    CHECK((std::is_same_v<Scalar, float>), "BF16 products are for models of float");
    auto taken = Tensor<Bf16>::create(memory, layout.blockSize(), Category::Weights);
    if (!taken) {
        return taken.error();
    }
    narrow = std::move(*taken);
    std::ranges::fill(narrow.span(), Bf16 { 0 });
    return {};
}

template <typename Scalar>
void LanguageModel<Scalar>::Implementation::bind(std::span<const Scalar> block)
{
    parameters.bind(layout, config, block);
    if constexpr (std::is_same_v<Scalar, float>) {
        if (narrow.count() > 0) {
            parameters.attach(narrow.data());
        }
    }
}

template <typename Scalar>
Result<void> LanguageModel<Scalar>::Implementation::take(std::int64_t B, std::int64_t T, Pass pass)
{
    WorkingShape shape
        = WorkingShape { .rows = B * T, .T = T, .threads = parallel.threads(), .pass = pass, .options = options }.with(
            lora, config);
    if (working && working->shape.covers(shape)) {
        return {};
    }
    if (working) {
        shape.rows = std::max(shape.rows, working->shape.rows);
        shape.T = std::max(shape.T, working->shape.T);
        shape.pass = std::max(shape.pass, working->shape.pass);
        working.reset();
    }
    auto taken = WorkingMemory<Scalar>::create(config, shape, memory);
    if (!taken) {
        return taken.error();
    }
    working.emplace(std::move(*taken));
    rows.reserve(B, T);
    return {};
}

template <typename Scalar>
Result<void> LanguageModel<Scalar>::Implementation::prepare(const TokenBatch& batch, RowsOf which, Pass pass)
{
    if (auto length = checkLength(config, batch.T); !length) {
        return length;
    }
    if (auto room = take(batch.B, batch.T, pass); !room) {
        return room;
    }
    if (auto packed = rows.pack(batch, config.vocabulary, which); !packed) {
        return packed;
    }
    if (options.products == Products::Bf16) {
        working->narrow.clearPadding(rows.count(), rows.targetCount());
    }
    if (pass == Pass::Forward) {
        rows.dropoutKeys.clear();
    }
    return {};
}

/// From ids to the last layer's output.
template <typename Scalar>
void LanguageModel<Scalar>::Implementation::forward()
{
    parallel.forSlices(rows.count(), kGrain, [&](std::int64_t begin, std::int64_t end, int) {
        const auto out = working->layers[0].input.rowsBetween(begin, end);
        if (parameters.ends.narrowEmbedding != nullptr) {
            embeddingForward<Scalar>(out, rows.ids.data() + begin, parameters.ends.narrowEmbedding);
        } else {
            embeddingForward<Scalar>(out, rows.ids.data() + begin, parameters.ends.embedding);
        }
    });
    for (std::size_t layer = 0; layer < working->layers.size(); ++layer) {
        decoderLayerForward(context(), parameters.layers[layer], working->layers[layer], outputOf(layer));
    }
}

template <typename Scalar>
void LanguageModel<Scalar>::Implementation::backward(std::span<const Scalar> coefficients)
{
    for (std::size_t m = 0; m < rows.targetRows.size(); ++m) {
        working->coefficients[m] = coefficients[static_cast<std::size_t>(rows.targetSequences[m])];
    }
    lossHeadBackward(context(), parameters.ends, gradients.ends);
    for (std::size_t layer = working->layers.size(); layer-- > 0;) {
        // What the layers share still holds the last one's.
        if (options.recompute == Recompute::On && layer + 1 < working->layers.size()) {
            decoderLayerActivations(context(), parameters.layers[layer], working->layers[layer]);
        }
        decoderLayerBackward(
            context(), parameters.layers[layer], gradients.layers[layer], working->layers[layer]);
    }
    if (gradients.ends.embedding.data == nullptr) {
        return;
    }
    parallel.forSlices(config.hidden, kGrain, [&](std::int64_t begin, std::int64_t end, int) {
        embeddingBackward<Scalar>(gradients.ends.embedding.columnsBetween(begin, end), rows.ids.data(),
            working->stream.rowsBetween(0, rows.count()).columnsBetween(begin, end));
    });
}

/// In the order of the rows.
template <typename Scalar>
void LanguageModel<Scalar>::Implementation::collect(std::int64_t B, std::span<SequenceLoss> perSequence) const
{
    CHECK(static_cast<std::int64_t>(perSequence.size()) == B, "one loss for each sequence");
    std::ranges::fill(perSequence, SequenceLoss {});
    for (std::size_t m = 0; m < rows.targetRows.size(); ++m) {
        SequenceLoss& loss = perSequence[static_cast<std::size_t>(rows.targetSequences[m])];
        loss.crossEntropySum += working->losses[m];
        ++loss.targets;
    }
}

template <typename Scalar>
LanguageModel<Scalar>::LanguageModel(std::unique_ptr<Implementation> implementation)
    : m_implementation(std::move(implementation))
{
}

template <typename Scalar>
LanguageModel<Scalar>::LanguageModel(LanguageModel&&) noexcept = default;
template <typename Scalar>
LanguageModel<Scalar>& LanguageModel<Scalar>::operator=(LanguageModel&&) noexcept = default;
template <typename Scalar>
LanguageModel<Scalar>::~LanguageModel() = default;

template <typename Scalar>
Result<LanguageModel<Scalar>> LanguageModel<Scalar>::create(
    const ModelConfig& config, TensorMemory& memory, Parallel& parallel, const ModelOptions& options)
{
    if (auto checked = checkModelConfig(config, "model"); !checked) {
        return checked.error();
    }
    auto implementation = std::make_unique<Implementation>(config, memory, parallel, options);
    if (auto taken = implementation->takeNarrow(); !taken) {
        return taken.error();
    }
    return LanguageModel(std::move(implementation));
}

template <typename Scalar>
Result<LanguageModel<Scalar>> LanguageModel<Scalar>::createAdapted(const ModelConfig& config, const LoraConfig& lora,
    const FrozenWeights<Scalar>& base, const ModelOptions& options, TensorMemory& memory, Parallel& parallel)
{
    auto model = create(config, memory, parallel);
    if (!model) {
        return model;
    }
    Implementation& self = *model->m_implementation;
    self.options = options;
    self.lora = lora;
    self.layout = ParameterLayout::ofAdapter(config, lora);
    self.parameters.bindWeights(base.layout(), config, base.place());
    // The frozen weights are their own copy as BF16.
    if (auto taken = self.takeNarrow(); !taken) {
        return taken.error();
    }
    return model;
}

template <typename Scalar>
Result<void> LanguageModel<Scalar>::reserve(std::int64_t B, std::int64_t T)
{
    return m_implementation->take(B, T, Pass::Backward);
}

template <typename Scalar>
const ParameterLayout& LanguageModel<Scalar>::layout() const
{
    return m_implementation->layout;
}

template <typename Scalar>
const ModelConfig& LanguageModel<Scalar>::config() const
{
    return m_implementation->config;
}

template <typename Scalar>
const ModelOptions& LanguageModel<Scalar>::options() const
{
    return m_implementation->options;
}

template <typename Scalar>
std::span<Bf16> LanguageModel<Scalar>::narrowParameters()
{
    return m_implementation->narrow.span();
}

template <typename Scalar>
void LanguageModel<Scalar>::narrowAgain(std::span<const Scalar> parameters)
{
    const auto narrow = m_implementation->narrow.span();
    if constexpr (std::is_same_v<Scalar, float>) {
        constexpr std::int64_t kCacheLine = 64;
        m_implementation->parallel.forSlices(
            static_cast<std::int64_t>(narrow.size()), kCacheLine, [&](std::int64_t begin, std::int64_t end, int) {
                narrowRows({ narrow.data() + begin, 1, end - begin }, { parameters.data() + begin, 1, end - begin });
            });
    } else {
        CHECK(narrow.empty() && !parameters.empty(), "BF16 products are for models of float");
    }
}

template <typename Scalar>
Result<void> LanguageModel<Scalar>::loss(
    std::span<const Scalar> parameters, const TokenBatch& batch, std::span<SequenceLoss> perSequence)
{
    Implementation& self = *m_implementation;
    const SignalShield shield;
    if (auto ready = self.prepare(batch, RowsOf::Targets, Pass::Forward); !ready) {
        return ready;
    }
    self.bind(parameters);
    if (self.rows.targetCount() > 0) {
        self.forward();
        lossHeadForward(self.context(), self.parameters.ends);
    }
    self.collect(batch.B, perSequence);
    return {};
}

template <typename Scalar>
Result<void> LanguageModel<Scalar>::lossAndGradients(std::span<const Scalar> parameters, const TokenBatch& batch,
    std::span<const Scalar> coefficients, std::span<SequenceLoss> perSequence, std::span<Scalar> gradients)
{
    Implementation& self = *m_implementation;
    const SignalShield shield;
    CHECK(static_cast<std::int64_t>(coefficients.size()) == batch.B, "one coefficient for each sequence");
    if (auto ready = self.prepare(batch, RowsOf::Targets, Pass::Backward); !ready) {
        return ready;
    }
    self.bind(parameters);
    self.gradients.bind(self.layout, self.config, gradients);
    if (self.rows.targetCount() > 0) {
        self.forward();
        self.backward(coefficients);
    }
    self.collect(batch.B, perSequence);
    return {};
}

template <typename Scalar>
Result<void> LanguageModel<Scalar>::logits(
    std::span<const Scalar> parameters, const TokenBatch& batch, std::span<Scalar> logits)
{
    Implementation& self = *m_implementation;
    const SignalShield shield;
    const std::int64_t V = self.config.vocabulary;
    CHECK(static_cast<std::int64_t>(logits.size()) == batch.B * batch.T * V, "room for all logits");
    if (auto ready = self.prepare(batch, RowsOf::Everything, Pass::Forward); !ready) {
        return ready;
    }
    self.bind(parameters);
    self.forward();
    std::ranges::fill(logits, Scalar { 0 });
    const auto& ends = self.parameters.ends;
    const WorkingMemory<Scalar>& working = *self.working;
    rmsNormForward<Scalar>(working.headInput, working.headInverse, working.output.rowsBetween(0, self.rows.count()),
        { ends.norm, self.config.rmsEps });
    self.parallel.forSlices(V, kGrain, [&](std::int64_t begin, std::int64_t end, int) {
        for (std::size_t b = 0; b < self.rows.sequences.size(); ++b) {
            const auto [first, count] = self.rows.sequences[b];
            const Matrix<Scalar> out(logits.data() + static_cast<std::int64_t>(b) * batch.T * V, count, V);
            linearForward<Scalar>(out.columnsBetween(begin, end), working.headInput.rowsBetween(first, first + count),
                ends.headProjection().rowsBetween(begin, end), Into::Overwrite);
        }
    });
    return {};
}

template <typename Scalar>
Result<void> LanguageModel<Scalar>::hiddenStates(
    std::span<const Scalar> parameters, const TokenBatch& batch, std::span<Scalar> states)
{
    Implementation& self = *m_implementation;
    const SignalShield shield;
    const std::int64_t cells = batch.B * batch.T;
    const std::int64_t C = self.config.hidden;
    CHECK(static_cast<std::int64_t>(states.size()) == (self.config.layers + 2) * cells * C, "room for all states");
    if (auto ready = self.prepare(batch, RowsOf::Everything, Pass::Backward); !ready) {
        return ready;
    }
    self.rows.dropoutKeys.clear();
    self.bind(parameters);
    self.forward();
    std::ranges::fill(states, Scalar { 0 });
    const WorkingMemory<Scalar>& working = *self.working;
    rmsNormForward<Scalar>(working.normed, working.headInverse, working.output.rowsBetween(0, self.rows.count()),
        { self.parameters.ends.norm, self.config.rmsEps });
    for (std::int64_t k = 0; k < self.config.layers + 2; ++k) {
        const auto layer = static_cast<std::size_t>(k);
        const auto from = k < self.config.layers ? working.layers[layer].input
            : k == self.config.layers            ? working.output
                                                 : working.normed;
        for (std::size_t b = 0; b < self.rows.sequences.size(); ++b) {
            const auto [first, count] = self.rows.sequences[b];
            Scalar* const to = states.data() + (k * cells + static_cast<std::int64_t>(b) * batch.T) * C;
            for (std::int64_t t = 0; t < count; ++t) {
                std::copy_n(from.row(first + t), C, to + t * C);
            }
        }
    }
    return {};
}

template <typename Scalar>
void LanguageModel<Scalar>::releaseWorkingMemory()
{
    m_implementation->working.reset();
}

template class LanguageModel<float>;
template class LanguageModel<double>;

} // namespace dubito::model
