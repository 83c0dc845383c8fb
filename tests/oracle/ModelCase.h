// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Parallel.h"
#include "backend/memory/TensorPool.h"
#include "backend/model/FrozenWeights.h"
#include "backend/model/LanguageModel.h"
#include "tests/oracle/Oracle.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace dubito::oracle {

/// A micro-batch with its arrays.
struct OwnedBatch {
    std::int64_t B = 0;
    std::int64_t T = 0;
    std::vector<std::int32_t> ids;
    std::vector<std::int64_t> lengths;

    model::TokenBatch view() const { return { B, T, ids, lengths, {} }; }

    /// From [B][T] ids and [B] lengths.
    static OwnedBatch of(const nlohmann::json& ids, const nlohmann::json& lengths);
    static OwnedBatch ofOne(const std::vector<std::int32_t>& ids);

    /// One sequence without its padding.
    OwnedBatch sequence(std::size_t index) const;
};

/// Whether a batch goes through the model at once, or one sequence after the other into the same gradients.
enum class Batching : std::uint8_t { Whole, Accumulated };

/// One of the ways in which the program computes the same numbers.
struct ComputePath {
    int threads = 2;
    model::Recompute recompute = model::Recompute::Off;
    Batching batching = Batching::Whole;
};

/// All of them: every case of losses, gradients and trajectories is held to its limits on each.
std::vector<ComputePath> computePaths();
std::string toText(const ComputePath& path);

/// A checkpoint of the oracle, loaded: weights in float and all that a pass needs. Failures throw.
class LoadedModel {
public:
    explicit LoadedModel(const std::filesystem::path& directory, const ComputePath& path = {});

    /// With an adapter: layout() and weights() are the adapter's, and the model's own weights are frozen.
    LoadedModel(const std::filesystem::path& directory, const std::filesystem::path& adapter, const ComputePath& path = {});

    model::LanguageModel<float>& model() { return m_model; }
    const model::ParameterLayout& layout() const { return m_model.layout(); }
    const model::ModelConfig& config() const { return m_model.config(); }
    std::span<const float> weights() const { return m_weights; }
    std::span<float> weights() { return m_weights; }
    const model::FrozenWeights<float>& base() const { return *m_base; }
    const model::LoraConfig& lora() const { return m_lora; }

    std::vector<float> logits(const OwnedBatch& batch);
    std::vector<model::SequenceLoss> losses(const OwnedBatch& batch);

    /// Losses of parameters of layout() at the batch; adds to the gradients. On the path of the constructor.
    std::vector<model::SequenceLoss> lossAndGradients(std::span<const float> parameters, const OwnedBatch& batch,
        std::span<const float> coefficients, std::span<float> gradients);
    int threads() const { return m_parallel.threads(); }

private:
    ComputePath m_path;
    memory::TensorPool m_pool;
    Parallel m_parallel;
    model::LoraConfig m_lora;
    std::unique_ptr<model::FrozenWeights<float>> m_base; ///< with an adapter alone
    model::LanguageModel<float> m_model;
    std::vector<float> m_weights;
};

/// The cross-entropies of a case by the names of its `f64` object, from sums per sequence.
struct LossNumbers {
    std::vector<double> perSample;
    std::vector<std::int64_t> targets;
    double tokenMean = 0;
    double sampleMean = 0;
    double distrustWeighted = 0;
};
LossNumbers toLossNumbers(const std::vector<model::SequenceLoss>& losses, const std::vector<double>& weights);

/// The parameter that the oracle calls so; adapters are called there without ".weight". Throws when there is none.
const model::Parameter& parameterOf(const model::ParameterLayout& layout, const std::string& name);

/// "vectors/<model>" folders that have a case.json.
std::vector<std::filesystem::path> modelCases(const std::filesystem::path& oracle);

} // namespace dubito::oracle
