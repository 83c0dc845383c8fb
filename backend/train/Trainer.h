// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Error.h"
#include "backend/base/Parallel.h"
#include "backend/base/Random.h"
#include "backend/base/TensorMemory.h"
#include "backend/config/Config.h"
#include "backend/data/BatchSampler.h"
#include "backend/data/DocumentStore.h"
#include "backend/model/AdapterFile.h"
#include "backend/model/FrozenWeights.h"
#include "backend/model/LanguageModel.h"
#include "backend/model/WeightFiles.h"
#include "backend/train/AdamW.h"
#include "backend/train/EffectiveBatch.h"
#include "backend/train/StepResult.h"
#include "backend/train/TrainState.h"
#include "backend/train/WeightWindow.h"

#include <memory>
#include <vector>

namespace dubito::train {

/// What a Trainer is told; all references outlive it.
struct TrainerSetup {
    const model::ModelConfig& model;
    const data::DocumentStore& documents; ///< sealed, not empty
    config::Training training;
    config::Distrust distrust;
    config::Switch shuffle = config::Switch::On;
    data::WeightScale scale; ///< raw weights to mean 1, from the whole split
    double weightMean = 1;
    std::string fingerprint;
    TensorMemory& memory;
    Parallel& parallel;
    /// Which adapter is trained; off: every weight is.
    model::LoraConfig lora {};
    const model::FrozenWeights<float>* base = nullptr; ///< what an adapter stands on; kept across reloads
    /// What gradient_checkpointing: auto has to fit into, with everything a step holds; 0: it always fits.
    std::int64_t roomBytes = 0;
};

/// Trains one step after the other: a step machine without a thread, a clock or a file.
///
/// It owns the four blocks (parameters, gradients, both moments) and the working memory of the model. A reload destroys
/// it whole and builds a new one from the checkpoint. One thread at a time.
class Trainer {
public:
    /// What advance() did.
    enum class Progress : std::uint8_t { MicroBatch, Step };

    /// Takes the blocks. Then exactly one of initialise(), load() or restore() gives the parameters their values.
    static Result<Trainer> create(const TrainerSetup& setup);

    /// Normal with the deviation of the model's config, norms 1, biases 0; of an adapter A uniform as PEFT does and B 0.
    /// The same seed gives the same values.
    void initialise(std::uint64_t seed);

    /// From a model directory; moments are 0. The files have been checked against the layout.
    Result<void> load(const model::WeightFiles& files);

    /// From an adapter's folder; moments are 0. Requires: it was opened for this base, and setup.lora is its own.
    Result<void> load(const model::AdapterFile& adapter);

    /// Where a checkpoint is read into; restore() then says what else it held.
    TrainStateTarget target();
    void restore(const TrainProgress& progress);

    /// One micro-batch; with the last one of a step also the update. An Error leaves the parameters as they were:
    /// Memory (shrinkBatch() and go on: the step is repeated), Diverged (names the documents).
    Result<Progress> advance();

    /// Of the last finished step. Requires: one was finished.
    const StepResult& lastStep() const { return m_result; }

    /// Cuts and pads the next batches, so that the next advance() begins with the products.
    void prefetch();

    /// Fewer sequences at a time and more micro-batches, so that the effective batch stays; false when it is at 1.
    bool shrinkBatch(double factor);

    /// Forgets the micro-batches of a step that has not moved the parameters; the next advance() begins it again.
    void abandonStep();

    bool isDone() const { return m_progress.step >= m_progress.totalSteps; }
    const TrainProgress& progress() const { return m_progress; }
    void noteValidation(double crossEntropy);

    /// Between two steps only.
    TrainStateView state() const;

    model::LanguageModel<float>& model() { return *m_model; }
    std::span<const float> parameters() const { return m_parameters.values(); }

private:
    /// A block of floats from the pool.
    class FloatBlock {
    public:
        static Result<FloatBlock> create(TensorMemory& memory, std::int64_t count, Category category);
        std::span<float> values() const { return m_values; }

    private:
        Block m_block;
        std::span<float> m_values;
    };

    explicit Trainer(const TrainerSetup& setup);

    Result<void> takeBlocks(const model::ModelOptions& options);
    void initialiseAdapter(std::uint64_t seed);
    model::TokenBatch tokens() const;
    Result<void> finishStep();
    Error divergence(const std::string& what) const;

    model::ModelConfig m_modelConfig;
    model::LoraConfig m_lora;
    const model::FrozenWeights<float>* m_base;
    config::Training m_training;
    config::Distrust m_distrust;
    TensorMemory& m_memory;
    Parallel& m_parallel;
    const data::DocumentStore& m_documents;
    model::ParameterLayout m_layout;
    AdamW m_adam;
    EffectiveBatch m_batch;
    WeightWindow m_window;
    TrainProgress m_progress;
    FloatBlock m_parameters;
    FloatBlock m_gradients;
    FloatBlock m_firstMoments;
    FloatBlock m_secondMoments;
    std::unique_ptr<model::LanguageModel<float>> m_model;
    std::int64_t m_micro = 0; ///< micro-batches of this step that are done
    bool m_isCut = false; ///< m_batch holds the coming step
    std::vector<std::uint64_t> m_dropoutSeeds; ///< one per document of the coming step; empty without dropout
    StepResult m_result;
};

} // namespace dubito::train
