// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/LanguageModel.h"

#include "backend/base/Check.h"
#include "backend/base/SignalShield.h"
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

namespace dubito::model {

namespace {

constexpr std::int64_t kGrain = 16;

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
        if (!layout.isAdapter()) {
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

    EndParameters<T> ends;
    std::vector<LayerParameters<T>> layers;

private:
    T* m_block = nullptr;
};

/// The widest input of a target.
std::int64_t widestInput(const ModelConfig& config, const LoraConfig& lora)
{
    std::int64_t widest = 0;
    for (std::size_t i = 0; i < kLoraTargetCount; ++i) {
        const auto target = static_cast<LoraTarget>(i);
        widest = lora.has(target) ? std::max(widest, shapeOf(config, target)[1]) : widest;
    }
    return widest;
}

} // namespace

template <typename Scalar>
struct LanguageModel<Scalar>::Implementation {
    Implementation(const ModelConfig& modelConfig, TensorMemory& tensorMemory, Parallel& threads)
        : config(modelConfig)
        , layout(ParameterLayout::of(modelConfig))
        , memory(tensorMemory)
        , parallel(threads)
    {
    }

    Result<void> take(std::int64_t B, std::int64_t T, Pass pass);
    Result<void> prepare(const TokenBatch& batch, RowsOf which, Pass pass);
    LayerContext<Scalar> context()
    {
        return { config, rows, *working, parallel, lora.isOn() ? lora.scale() : 1.0, LoraDropout::of(lora.dropout) };
    }
    WorkingShape shapeFor(std::int64_t B, std::int64_t T, Pass pass) const;
    void forward();
    void backward(std::span<const Scalar> coefficients);
    void collect(std::int64_t B, std::span<SequenceLoss> perSequence) const;
    Matrix<Scalar> outputOf(std::size_t layer) const
    {
        return layer + 1 < working->layers.size() ? working->layers[layer + 1].input : working->output;
    }

    ModelConfig config;
    ParameterLayout layout;
    TensorMemory& memory;
    Parallel& parallel;
    PackedRows rows;
    LoraConfig lora;
    bool isBaseBf16 = false;
    BoundParameters<const Scalar> parameters;
    BoundParameters<Scalar> gradients;
    std::optional<WorkingMemory<Scalar>> working;
};

template <typename Scalar>
WorkingShape LanguageModel<Scalar>::Implementation::shapeFor(std::int64_t B, std::int64_t T, Pass pass) const
{
    WorkingShape shape { .rows = B * T, .T = T, .threads = parallel.threads(), .pass = pass };
    if (lora.isOn()) {
        shape.lowRank = lora.width();
        shape.dropped = lora.dropout > 0 ? widestInput(config, lora) : 0;
        shape.panel = isBaseBf16 ? panelSize(std::max({ config.hidden, config.intermediate, config.queryWidth() })) : 0;
    }
    return shape;
}

template <typename Scalar>
Result<void> LanguageModel<Scalar>::Implementation::take(std::int64_t B, std::int64_t T, Pass pass)
{
    WorkingShape shape = shapeFor(B, T, pass);
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
    auto packed = rows.pack(batch, config.vocabulary, which);
    if (pass == Pass::Forward) {
        rows.dropoutKeys.clear();
    }
    return packed;
}

/// From ids to the last layer's output.
template <typename Scalar>
void LanguageModel<Scalar>::Implementation::forward()
{
    parallel.forSlices(rows.count(), kGrain, [&](std::int64_t begin, std::int64_t end, int) {
        const auto out = working->layers[0].input.rowsBetween(begin, end);
        if (parameters.ends.embeddingBits != nullptr) {
            embeddingForward<Scalar>(out, rows.ids.data() + begin, parameters.ends.embeddingBits);
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
    const ModelConfig& config, TensorMemory& memory, Parallel& parallel)
{
    if (auto checked = checkModelConfig(config, "model"); !checked) {
        return checked.error();
    }
    return LanguageModel(std::make_unique<Implementation>(config, memory, parallel));
}

template <typename Scalar>
Result<LanguageModel<Scalar>> LanguageModel<Scalar>::createAdapted(const ModelConfig& config, const LoraConfig& lora,
    const FrozenWeights<Scalar>& base, TensorMemory& memory, Parallel& parallel)
{
    auto model = create(config, memory, parallel);
    if (!model) {
        return model;
    }
    Implementation& self = *model->m_implementation;
    self.lora = lora;
    self.layout = ParameterLayout::ofAdapter(config, lora);
    self.isBaseBf16 = base.storage() == FrozenStorage::Bf16;
    self.parameters.bindWeights(base.layout(), config, base.place());
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
Result<void> LanguageModel<Scalar>::loss(
    std::span<const Scalar> parameters, const TokenBatch& batch, std::span<SequenceLoss> perSequence)
{
    Implementation& self = *m_implementation;
    const SignalShield shield;
    if (auto ready = self.prepare(batch, RowsOf::Targets, Pass::Forward); !ready) {
        return ready;
    }
    self.parameters.bind(self.layout, self.config, parameters);
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
    self.parameters.bind(self.layout, self.config, parameters);
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
    self.parameters.bind(self.layout, self.config, parameters);
    self.forward();
    std::ranges::fill(logits, Scalar { 0 });
    const auto& ends = self.parameters.ends;
    const WorkingMemory<Scalar>& working = *self.working;
    rmsNormForward<Scalar>(working.headInput, working.headInverse, working.output.rowsBetween(0, self.rows.count()),
        { ends.norm, self.config.rmsEps });
    self.parallel.forSlices(V, kGrain, [&](std::int64_t begin, std::int64_t end, int thread) {
        for (std::size_t b = 0; b < self.rows.sequences.size(); ++b) {
            const auto [first, count] = self.rows.sequences[b];
            const Matrix<Scalar> out(logits.data() + static_cast<std::int64_t>(b) * batch.T * V, count, V);
            linearForward<Scalar>(out.columnsBetween(begin, end), working.headInput.rowsBetween(first, first + count),
                ends.headProjection().rowsBetween(begin, end), Into::Overwrite,
                working.panels[static_cast<std::size_t>(thread)]);
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
    self.parameters.bind(self.layout, self.config, parameters);
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
