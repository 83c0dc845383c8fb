// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Parallel.h"
#include "backend/memory/TensorPool.h"
#include "backend/model/LanguageModel.h"
#include "tests/oracle/Oracle.h"

#include <cstdint>
#include <filesystem>
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
};

/// A checkpoint of the oracle, loaded: weights in float and all that a pass needs. Failures throw.
class LoadedModel {
public:
    LoadedModel(const std::filesystem::path& directory, int threads);

    model::LanguageModel<float>& model() { return m_model; }
    const model::ParameterLayout& layout() const { return m_model.layout(); }
    const model::ModelConfig& config() const { return m_model.config(); }
    std::span<const float> weights() const { return m_weights; }

    std::vector<float> logits(const OwnedBatch& batch);
    std::vector<model::SequenceLoss> losses(const OwnedBatch& batch);

private:
    memory::TensorPool m_pool;
    Parallel m_parallel;
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

/// "vectors/<model>" folders that have a case.json.
std::vector<std::filesystem::path> modelCases(const std::filesystem::path& oracle);

} // namespace dubito::oracle
