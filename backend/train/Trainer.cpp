// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/train/Trainer.h"

#include "backend/base/Check.h"
#include "backend/model/Bf16Gemm.h"
#include "backend/train/GradientClip.h"
#include "backend/train/LearningRate.h"
#include "backend/train/StepOptions.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace dubito::train {

namespace {

data::SamplerOptions samplerOptions(const TrainerSetup& setup)
{
    const std::int64_t padId = setup.model.padId.value_or(0);
    return { .seed = static_cast<std::uint64_t>(setup.training.seed),
        .shuffle = setup.shuffle,
        .padId = static_cast<std::int32_t>(padId >= 0 && padId < setup.model.vocabulary ? padId : 0),
        .scale = setup.scale };
}

AdamWRules adamRules(const config::Training& training)
{
    return { .beta1 = training.beta1,
        .beta2 = training.beta2,
        .epsilon = training.epsilon,
        .weightDecay = training.weightDecay,
        .decay = training.decayNorms == config::Switch::On ? Decay::All : Decay::NotNormsAndBiases };
}

model::ModelOptions modelOptions(const TrainerSetup& setup)
{
    return stepOptions(setup.training, setup.model,
        { .B = setup.training.batchSize,
            .T = setup.training.seqLen,
            .threads = setup.parallel.threads(),
            .lora = setup.lora,
            .frozen = setup.base == nullptr ? model::FrozenStorage::Full : setup.base->storage() },
        setup.roomBytes);
}

} // namespace

Result<Trainer::FloatBlock> Trainer::FloatBlock::create(TensorMemory& memory, std::int64_t count, Category category)
{
    auto block = memory.allocate(static_cast<std::size_t>(count) * sizeof(float), category);
    if (!block) {
        return block.error();
    }
    FloatBlock made;
    made.m_block = std::move(*block);
    made.m_values = { reinterpret_cast<float*>(made.m_block.data()), static_cast<std::size_t>(count) };
    std::ranges::fill(made.m_values, 0.0F);
    return made;
}

Trainer::Trainer(const TrainerSetup& setup)
    : m_modelConfig(setup.model)
    , m_lora(setup.lora)
    , m_base(setup.base)
    , m_training(setup.training)
    , m_distrust(setup.distrust)
    , m_memory(setup.memory)
    , m_parallel(setup.parallel)
    , m_documents(setup.documents)
    , m_layout(setup.lora.isOn() ? model::ParameterLayout::ofAdapter(setup.model, setup.lora)
                                 : model::ParameterLayout::of(setup.model))
    , m_adam(m_layout, adamRules(setup.training))
    , m_batch(setup.documents, samplerOptions(setup), setup.distrust, setup.training.lossReduction)
    , m_window(setup.documents, setup.training.lossReduction)
{
    CHECK(!setup.lora.isOn() || setup.base != nullptr, "an adapter stands on the weights of a base");
    m_progress.totalSteps = setup.training.steps;
    m_progress.batchSize = setup.training.batchSize;
    m_progress.accumulate = setup.training.accumulate;
    m_progress.weightMean = setup.weightMean;
    m_progress.fingerprint = setup.fingerprint;
}

Result<Trainer> Trainer::create(const TrainerSetup& setup)
{
    if (setup.training.precision == config::Precision::Bf16) {
        if (auto fit = model::checkBf16Products(); !fit) {
            return fit.error();
        }
    }
    Trainer trainer(setup);
    if (auto taken = trainer.takeBlocks(modelOptions(setup)); !taken) {
        return taken.error();
    }
    return trainer;
}

Result<void> Trainer::takeBlocks(const model::ModelOptions& options)
{
    struct Wanted {
        FloatBlock& block;
        Category category;
    };
    for (const Wanted& wanted : { Wanted { m_parameters, Category::Weights }, Wanted { m_gradients, Category::Gradients },
             Wanted { m_firstMoments, Category::Optimizer }, Wanted { m_secondMoments, Category::Optimizer } }) {
        auto block = FloatBlock::create(m_memory, m_layout.blockSize(), wanted.category);
        if (!block) {
            return block.error();
        }
        wanted.block = std::move(*block);
    }
    auto model = m_lora.isOn()
        ? model::LanguageModel<float>::createAdapted(m_modelConfig, m_lora, *m_base, options, m_memory, m_parallel)
        : model::LanguageModel<float>::create(m_modelConfig, m_memory, m_parallel, options);
    if (!model) {
        return model.error();
    }
    m_model = std::make_unique<model::LanguageModel<float>>(std::move(*model));
    return {};
}

/// A is uniform within 1/sqrt(in), which is what PEFT calls kaiming; B is 0, so that the adapter adds nothing at first.
void Trainer::initialiseAdapter(std::uint64_t seed)
{
    Random random(seed);
    for (const auto& parameter : m_layout.parameters()) {
        const auto values = m_parameters.values().subspan(
            static_cast<std::size_t>(parameter.offset), static_cast<std::size_t>(parameter.count));
        if (parameter.name.ends_with(model::kLoraB)) {
            std::ranges::fill(values, 0.0F);
            continue;
        }
        const double bound = 1.0 / std::sqrt(static_cast<double>(parameter.shape[1]));
        for (float& value : values) {
            value = static_cast<float>((2 * random.uniform() - 1) * bound);
        }
    }
    m_model->narrowAgain(m_parameters.values());
    m_progress.random = random.state();
}

void Trainer::initialise(std::uint64_t seed)
{
    if (m_lora.isOn()) {
        return initialiseAdapter(seed);
    }
    Random random(seed);
    for (const auto& parameter : m_layout.parameters()) {
        const auto values = m_parameters.values().subspan(
            static_cast<std::size_t>(parameter.offset), static_cast<std::size_t>(parameter.count));
        if (parameter.isNormOrBias) {
            std::ranges::fill(values, parameter.name.ends_with(".bias") ? 0.0F : 1.0F);
            continue;
        }
        for (float& value : values) {
            value = static_cast<float>(random.normal() * m_modelConfig.initializerRange);
        }
    }
    m_model->narrowAgain(m_parameters.values());
    m_progress.random = random.state();
}

Result<void> Trainer::load(const model::WeightFiles& files)
{
    auto read = files.readAll(m_layout, m_parameters.values());
    m_model->narrowAgain(m_parameters.values());
    return read;
}

Result<void> Trainer::load(const model::AdapterFile& adapter)
{
    auto read = adapter.readAll(m_layout, m_parameters.values());
    m_model->narrowAgain(m_parameters.values());
    return read;
}

TrainStateTarget Trainer::target()
{
    return { &m_layout, m_parameters.values(), m_firstMoments.values(), m_secondMoments.values() };
}

void Trainer::restore(const TrainProgress& progress)
{
    m_model->narrowAgain(m_parameters.values());
    const std::int64_t totalSteps = m_progress.totalSteps;
    m_progress = progress;
    // A longer or shorter schedule is the user's wish; everything else goes on where it was.
    m_progress.totalSteps = totalSteps;
    m_micro = 0;
    m_window.clear();
    // The window looks back over the borders of epochs, as it would without a restart.
    const std::int64_t dealt = progress.epoch * m_documents.size() + progress.position;
    const std::int64_t seen = std::min(dealt, kWeightWindow);
    if (seen > 0) {
        m_batch.cut({ (dealt - seen) / m_documents.size(), (dealt - seen) % m_documents.size() }, seen, 1);
        m_window.add(m_batch.rows());
    }
    m_isCut = false;
}

void Trainer::prefetch()
{
    if (!m_isCut && !isDone()) {
        m_batch.cut({ m_progress.epoch, m_progress.position }, m_progress.batchSize, m_progress.accumulate);
        m_isCut = true;
        // By the step and the place in it: the same after a reload, and however the step is cut into micro-batches.
        m_dropoutSeeds.resize(m_lora.dropout > 0 ? m_batch.rows().size() : 0);
        const auto step = model::loraKey(static_cast<std::uint64_t>(m_training.seed), m_progress.step);
        for (std::size_t row = 0; row < m_dropoutSeeds.size(); ++row) {
            m_dropoutSeeds[row] = model::loraKey(step, static_cast<std::int64_t>(row));
        }
    }
}

model::TokenBatch Trainer::tokens() const
{
    auto batch = m_batch.tokens(m_micro);
    if (!m_dropoutSeeds.empty()) {
        batch.dropoutSeeds = std::span(m_dropoutSeeds)
                                 .subspan(static_cast<std::size_t>(m_micro * batch.B), static_cast<std::size_t>(batch.B));
    }
    return batch;
}

Result<Trainer::Progress> Trainer::advance()
{
    CHECK(!isDone(), "a finished run was asked for one more step");
    prefetch();
    const auto done = m_model->lossAndGradients(m_parameters.values(), tokens(),
        m_batch.coefficients(m_micro), m_batch.losses(m_micro), m_gradients.values());
    if (!done) {
        abandonStep();
        return done.error();
    }
    if (++m_micro < m_batch.microBatches()) {
        return Progress::MicroBatch;
    }
    if (auto finished = finishStep(); !finished) {
        abandonStep();
        return finished.error();
    }
    return Progress::Step;
}

Result<void> Trainer::finishStep()
{
    StepResult& result = m_result;
    result.crossEntropy = m_batch.crossEntropy();
    result.weightedCrossEntropy = m_batch.weightedCrossEntropy();
    result.gradientNorm = globalNorm(m_gradients.values(), m_parallel);
    result.documents.resize(m_batch.rows().size());
    std::ranges::transform(m_batch.rows(), result.documents.begin(), &EffectiveBatch::Row::document);
    if (!std::isfinite(result.crossEntropy) || !std::isfinite(result.weightedCrossEntropy)) {
        return divergence("the loss is not finite");
    }
    if (!std::isfinite(result.gradientNorm)) {
        return divergence("the gradient is not finite");
    }

    result.learningRate = learningRate(m_progress.step,
        { .peak = m_training.learningRate,
            .warmupSteps = m_training.warmupSteps,
            .totalSteps = m_progress.totalSteps });
    m_adam.step({ m_parameters.values(), m_gradients.values(), m_firstMoments.values(), m_secondMoments.values(),
                    m_model->narrowParameters() },
        m_progress.step + 1, result.learningRate, clipFactor(result.gradientNorm, m_training.clip), m_parallel);

    const auto next = m_batch.next();
    ++m_progress.step;
    m_progress.epoch = next.epoch;
    m_progress.position = next.position;
    m_progress.tokensSeen += m_batch.targets();
    m_window.add(m_batch.rows());

    result.step = m_progress.step;
    result.targets = m_batch.targets();
    result.distrustTerm = m_batch.meanDistrustTerm();
    result.publishedTotal = result.crossEntropy + m_distrust.lambda * result.distrustTerm;
    result.effectiveSampleShare = m_window.effectiveSampleShare();
    m_window.classShares(result.classShares);
    m_micro = 0;
    m_isCut = false;
    return {};
}

Error Trainer::divergence(const std::string& what) const
{
    constexpr std::size_t kNamed = 8;
    std::string names;
    for (std::size_t i = 0; i < std::min(kNamed, m_result.documents.size()); ++i) {
        names += (i > 0 ? ", " : "") + std::string(m_documents.info(m_result.documents[i]).id);
    }
    if (m_result.documents.size() > kNamed) {
        names += fmt::format(" and {} more", m_result.documents.size() - kNamed);
    }
    return { ErrorCode::Diverged, fmt::format("{}; the documents of this step are {}", what, names),
        fmt::format("step {}", m_progress.step + 1) };
}

void Trainer::abandonStep()
{
    std::ranges::fill(m_gradients.values(), 0.0F);
    m_micro = 0;
    m_isCut = false;
}

bool Trainer::shrinkBatch(double factor)
{
    if (m_progress.batchSize <= 1) {
        return false;
    }
    const std::int64_t effective = m_progress.batchSize * m_progress.accumulate;
    auto rows = std::clamp<std::int64_t>(
        static_cast<std::int64_t>(static_cast<double>(m_progress.batchSize) * factor), 1, m_progress.batchSize - 1);
    while (effective % rows != 0) {
        --rows;
    }
    m_progress.batchSize = rows;
    m_progress.accumulate = effective / rows;
    m_model->releaseWorkingMemory();
    abandonStep();
    return true;
}

void Trainer::noteValidation(double crossEntropy)
{
    if (crossEntropy < m_progress.bestValidation) {
        m_progress.bestValidation = crossEntropy;
        m_progress.bestStep = m_progress.step;
    }
}

TrainStateView Trainer::state() const
{
    CHECK(m_micro == 0, "the state was asked for in the middle of a step");
    return { &m_layout, m_parameters.values(), m_firstMoments.values(), m_secondMoments.values(), m_progress };
}

} // namespace dubito::train
