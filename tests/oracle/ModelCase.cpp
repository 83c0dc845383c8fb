// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/oracle/ModelCase.h"

#include "backend/model/AdapterFile.h"
#include "backend/model/WeightFiles.h"

#include <fmt/format.h>
#include <stdexcept>

namespace dubito::oracle {

namespace {

/// The oracle's own files are good: an error is the end of the kind.
template <typename T>
T orThrow(Result<T> result)
{
    if (!result) {
        throw std::runtime_error(toText(result.error()));
    }
    return std::move(*result);
}

void orThrow(const Result<void>& result)
{
    if (!result) {
        throw std::runtime_error(toText(result.error()));
    }
}

model::LanguageModel<float> modelOf(const std::filesystem::path& directory, TensorMemory& memory, Parallel& parallel,
    const ComputePath& path)
{
    const auto config = orThrow(model::readModelConfig(directory / "config.json"));
    return orThrow(model::LanguageModel<float>::create(config, memory, parallel, { .recompute = path.recompute }));
}

} // namespace

OwnedBatch OwnedBatch::of(const nlohmann::json& ids, const nlohmann::json& lengths)
{
    OwnedBatch batch;
    batch.B = static_cast<std::int64_t>(ids.size());
    batch.T = static_cast<std::int64_t>(ids.at(0).size());
    for (const auto& row : ids) {
        for (const auto& id : row) {
            batch.ids.push_back(id.get<std::int32_t>());
        }
    }
    batch.lengths = lengths.get<std::vector<std::int64_t>>();
    return batch;
}

OwnedBatch OwnedBatch::ofOne(const std::vector<std::int32_t>& ids)
{
    const auto length = static_cast<std::int64_t>(ids.size());
    return { 1, length, ids, { length } };
}

OwnedBatch OwnedBatch::sequence(std::size_t index) const
{
    const auto first = ids.begin() + static_cast<std::ptrdiff_t>(index) * T;
    return ofOne({ first, first + lengths.at(index) });
}

std::vector<ComputePath> computePaths()
{
    std::vector<ComputePath> paths;
    for (const int threads : { 1, 2 }) {
        for (const auto recompute : { model::Recompute::Off, model::Recompute::On }) {
            for (const auto batching : { Batching::Whole, Batching::Accumulated }) {
                paths.push_back({ threads, recompute, batching });
            }
        }
    }
    return paths;
}

std::string toText(const ComputePath& path)
{
    return fmt::format("{} thread{}{}{}", path.threads, path.threads == 1 ? "" : "s",
        path.recompute == model::Recompute::On ? ", checkpointed" : "",
        path.batching == Batching::Accumulated ? ", accumulated" : "");
}

LoadedModel::LoadedModel(const std::filesystem::path& directory, const ComputePath& path)
    : m_path(path)
    , m_parallel(path.threads)
    , m_model(modelOf(directory, m_pool, m_parallel, path))
    , m_weights(static_cast<std::size_t>(layout().blockSize()))
{
    const auto files = orThrow(model::WeightFiles::open(directory));
    orThrow(files.check(config(), layout()));
    orThrow(files.readAll(layout(), m_weights));
}

LoadedModel::LoadedModel(
    const std::filesystem::path& directory, const std::filesystem::path& adapter, const ComputePath& path)
    : m_path(path)
    , m_parallel(path.threads)
    , m_model(modelOf(directory, m_pool, m_parallel, path))
{
    const auto base = config();
    const auto file = orThrow(model::AdapterFile::open(adapter, base));
    m_lora = file.lora();
    m_base = std::make_unique<model::FrozenWeights<float>>(
        orThrow(model::FrozenWeights<float>::create(base, model::FrozenStorage::Full, m_pool)));
    const auto files = orThrow(model::WeightFiles::open(directory));
    orThrow(files.check(base, m_base->layout()));
    orThrow(m_base->read(files));
    m_model = orThrow(model::LanguageModel<float>::createAdapted(
        base, m_lora, *m_base, { .recompute = path.recompute }, m_pool, m_parallel));
    m_weights.resize(static_cast<std::size_t>(layout().blockSize()));
    orThrow(file.readAll(layout(), m_weights));
}

const model::Parameter& parameterOf(const model::ParameterLayout& layout, const std::string& name)
{
    const auto* parameter = layout.find(layout.isAdapter() ? name + ".weight" : name);
    if (parameter == nullptr) {
        throw std::runtime_error("the layout has no " + name);
    }
    return *parameter;
}

std::vector<float> LoadedModel::logits(const OwnedBatch& batch)
{
    std::vector<float> logits(static_cast<std::size_t>(batch.B * batch.T * config().vocabulary));
    orThrow(m_model.logits(m_weights, batch.view(), logits));
    return logits;
}

std::vector<model::SequenceLoss> LoadedModel::losses(const OwnedBatch& batch)
{
    std::vector<model::SequenceLoss> losses(static_cast<std::size_t>(batch.B));
    if (m_path.batching == Batching::Whole) {
        orThrow(m_model.loss(m_weights, batch.view(), losses));
        return losses;
    }
    for (std::size_t b = 0; b < losses.size(); ++b) {
        orThrow(m_model.loss(m_weights, batch.sequence(b).view(), std::span(losses).subspan(b, 1)));
    }
    return losses;
}

std::vector<model::SequenceLoss> LoadedModel::lossAndGradients(std::span<const float> parameters, const OwnedBatch& batch,
    std::span<const float> coefficients, std::span<float> gradients)
{
    std::vector<model::SequenceLoss> losses(static_cast<std::size_t>(batch.B));
    if (m_path.batching == Batching::Whole) {
        orThrow(m_model.lossAndGradients(parameters, batch.view(), coefficients, losses, gradients));
        return losses;
    }
    for (std::size_t b = 0; b < losses.size(); ++b) {
        const auto one = batch.sequence(b);
        orThrow(m_model.lossAndGradients(
            parameters, one.view(), coefficients.subspan(b, 1), std::span(losses).subspan(b, 1), gradients));
    }
    return losses;
}

LossNumbers toLossNumbers(const std::vector<model::SequenceLoss>& losses, const std::vector<double>& weights)
{
    LossNumbers numbers;
    double sum = 0;
    double count = 0;
    for (std::size_t b = 0; b < losses.size(); ++b) {
        const auto targets = static_cast<double>(losses[b].targets);
        numbers.perSample.push_back(losses[b].crossEntropySum / targets);
        numbers.targets.push_back(losses[b].targets);
        sum += losses[b].crossEntropySum;
        count += targets;
        numbers.sampleMean += numbers.perSample.back() / static_cast<double>(losses.size());
        numbers.distrustWeighted += weights.at(b) * numbers.perSample.back() / static_cast<double>(losses.size());
    }
    numbers.tokenMean = sum / count;
    return numbers;
}

std::vector<std::filesystem::path> modelCases(const std::filesystem::path& oracle)
{
    std::vector<std::filesystem::path> cases;
    for (const auto& folder : foldersIn(oracle / "vectors")) {
        if (std::filesystem::exists(folder / "case.json")) {
            cases.push_back(folder);
        }
    }
    return cases;
}

} // namespace dubito::oracle
