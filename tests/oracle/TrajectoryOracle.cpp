// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/data/JsonlReader.h"
#include "backend/distrust/DistrustTerm.h"
#include "backend/distrust/WeightMean.h"
#include "backend/tokenizer/Tokenizer.h"
#include "backend/train/AdamW.h"
#include "backend/train/GradientClip.h"
#include "backend/train/LearningRate.h"
#include "tests/oracle/ModelCase.h"
#include "tests/oracle/Oracle.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <optional>
#include <stdexcept>

namespace dubito::oracle {

namespace fs = std::filesystem;
using nlohmann::json;

namespace {

/// The documents that a trajectory deals out in file order, and their labels.
struct TrainingData {
    std::vector<std::vector<std::int32_t>> sequences;
    std::vector<double> authority;
    std::vector<double> entropy;
    double alpha = 2.7;
};

struct Limits {
    double loss, norm, parameterNorm, entry, root, crossEntropy;

    static Limits ofLora(const fs::path& oracle)
    {
        Limits limits = of(oracle);
        limits.entry = tolerance(oracle, "final_lora_param_abs", 1e-4);
        limits.root = tolerance(oracle, "final_lora_param_rms", 1e-5);
        return limits;
    }

    static Limits of(const fs::path& oracle)
    {
        return { tolerance(oracle, "trajectory_loss_rel", 1e-4), tolerance(oracle, "trajectory_grad_norm_rel", 1e-4),
            tolerance(oracle, "final_param_norm_rel", 5e-5), tolerance(oracle, "final_param_abs", 5e-4),
            tolerance(oracle, "final_param_rms", 1e-4), tolerance(oracle, "final_ce_rel", 1e-4) };
    }
};

bool isNear(double got, double wanted, double relative) { return std::abs(got - wanted) <= relative * std::abs(wanted); }

OwnedBatch batchOf(const TrainingData& data, const std::vector<std::size_t>& samples)
{
    OwnedBatch batch;
    batch.B = static_cast<std::int64_t>(samples.size());
    for (const auto sample : samples) {
        batch.T = std::max(batch.T, static_cast<std::int64_t>(data.sequences[sample].size()));
    }
    for (const auto sample : samples) {
        const auto& ids = data.sequences[sample];
        batch.ids.insert(batch.ids.end(), ids.begin(), ids.end());
        batch.ids.resize(batch.ids.size() + static_cast<std::size_t>(batch.T) - ids.size(), 0);
        batch.lengths.push_back(static_cast<std::int64_t>(ids.size()));
    }
    return batch;
}

/// Distrust weights, normalised inside the batch.
std::vector<double> weightsOf(const TrainingData& data, const std::vector<std::size_t>& samples)
{
    std::vector<double> raw;
    for (const auto sample : samples) {
        raw.push_back(
            distrust::term(data.alpha, distrust::component(data.authority[sample], data.entropy[sample])));
    }
    return distrust::normalisedByMean(raw);
}

/// What multiplies each sequence's summed cross-entropy.
std::vector<double> factorsOf(const std::string& loss, const TrainingData& data, const std::vector<std::size_t>& samples)
{
    double all = 0;
    for (const auto sample : samples) {
        all += static_cast<double>(data.sequences[sample].size() - 1);
    }
    const bool isWeighted = loss == "distrust_weighted";
    const auto weights = isWeighted ? weightsOf(data, samples) : std::vector<double>(samples.size(), 1.0);
    std::vector<double> factors;
    for (std::size_t i = 0; i < samples.size(); ++i) {
        const auto targets = static_cast<double>(data.sequences[samples[i]].size() - 1);
        factors.push_back(loss == "ce_token_mean" ? 1.0 / all
                                                  : weights[i] / (targets * static_cast<double>(samples.size())));
    }
    return factors;
}

/// The optimizer of the program on the model of the program; only the order of the documents is the oracle's.
class Training {
public:
    Training(LoadedModel& loaded, const json& spec)
        : m_loaded(loaded)
        , m_parallel(loaded.threads())
        , m_adam(loaded.layout(),
              { .beta1 = spec.at("betas")[0],
                  .beta2 = spec.at("betas")[1],
                  .epsilon = spec.at("eps"),
                  .weightDecay = spec.at("weight_decay"),
                  .decay = spec.at("decay") == "all" ? train::Decay::All : train::Decay::NotNormsAndBiases })
        , m_clip(spec.at("clip"))
        , m_parameters(loaded.weights().begin(), loaded.weights().end())
        , m_gradients(m_parameters.size())
        , m_first(m_parameters.size())
        , m_second(m_parameters.size())
    {
    }

    struct Step {
        double loss = 0;
        double norm = 0;
    };

    Step step(const OwnedBatch& batch, const std::vector<double>& factors, double rate)
    {
        const std::vector<float> coefficients(factors.begin(), factors.end());
        const auto losses = m_loaded.lossAndGradients(m_parameters, batch, coefficients, m_gradients);
        Step result;
        for (std::size_t i = 0; i < factors.size(); ++i) {
            result.loss += factors[i] * losses[i].crossEntropySum;
        }
        result.norm = train::globalNorm(m_gradients, m_parallel);
        m_adam.step({ m_parameters, m_gradients, m_first, m_second }, ++m_steps, rate,
            train::clipFactor(result.norm, m_clip), m_parallel);
        return result;
    }

    std::span<const float> parameters() const { return m_parameters; }

private:
    LoadedModel& m_loaded;
    Parallel m_parallel;
    train::AdamW m_adam;
    double m_clip;
    std::int64_t m_steps = 0;
    std::vector<float> m_parameters, m_gradients, m_first, m_second;
};

void compareParameters(KindReport& report, const std::string& name, const json& wanted, LoadedModel& loaded,
    std::span<const float> got, const Limits& limits)
{
    for (const auto& [key, numbers] : wanted.items()) {
        const auto& parameter = parameterOf(loaded.layout(), key);
        const auto values
            = got.subspan(static_cast<std::size_t>(parameter.offset), static_cast<std::size_t>(parameter.count));
        double squares = 0;
        for (const float value : values) {
            squares += static_cast<double>(value) * static_cast<double>(value);
        }
        if (!isNear(std::sqrt(squares), numbers.at("norm_f64"), limits.parameterNorm)) {
            report.fail(fmt::format("{} {}: norm {}", name, key, std::sqrt(squares)));
        }
        double differences = 0;
        const auto& places = numbers.at("idx");
        for (std::size_t i = 0; i < places.size(); ++i) {
            const double difference = static_cast<double>(values[places[i].get<std::size_t>()])
                - numbers.at("val_f64")[i].get<double>();
            differences += difference * difference;
            if (!(std::abs(difference) <= limits.entry)) {
                report.fail(fmt::format("{} {}: entry {} is off by {}", name, key, places[i].get<int>(), difference));
            }
        }
        if (!(std::sqrt(differences / static_cast<double>(places.size())) <= limits.root)) {
            report.fail(fmt::format("{} {}: the entries are off by more than their limit", name, key));
        }
    }
}

/// Runs the steps of a trajectory and compares every one; what it ends with is compared by the caller's wish.
void follow(KindReport& report, const std::string& name, const json& wanted, const TrainingData& data,
    LoadedModel& loaded, const Limits& limits)
{
    const auto& spec = wanted.at("spec");
    Training training(loaded, spec);
    for (const auto& step : wanted.at("steps")) {
        const auto samples = step.at("samples").get<std::vector<std::size_t>>();
        const double rate = step.at("lr");
        if (spec.at("schedule") == "hf") {
            const double ours = train::learningRate(step.at("step"),
                { .peak = spec.at("lr"), .warmupSteps = spec.at("warmup"), .totalSteps = spec.at("steps") });
            if (std::abs(ours - rate) > 1e-12) {
                report.fail(fmt::format("{} step {}: learning rate {}, expected {}", name, step.at("step").get<int>(), ours, rate));
            }
        }
        const auto got = training.step(batchOf(data, samples), factorsOf(spec.at("loss"), data, samples), rate);
        if (!isNear(got.loss, step.at("loss_f64"), limits.loss) || !isNear(got.norm, step.at("grad_norm_f64"), limits.norm)) {
            report.fail(fmt::format("{} step {}: loss {} and norm {}", name, step.at("step").get<int>(), got.loss, got.norm));
        }
    }
    if (wanted.contains("final_params")) {
        compareParameters(report, name, wanted.at("final_params"), loaded, training.parameters(), limits);
    }
    if (wanted.contains("final_ce_per_sample_f64")) {
        std::vector<std::size_t> all(data.sequences.size());
        for (std::size_t i = 0; i < all.size(); ++i) {
            all[i] = i;
        }
        const auto batch = batchOf(data, all);
        std::vector<model::SequenceLoss> losses(all.size());
        if (auto measured = loaded.model().loss(training.parameters(), batch.view(), losses); !measured) {
            throw std::runtime_error(toText(measured.error()));
        }
        const auto numbers = toLossNumbers(losses, std::vector<double>(all.size(), 1.0));
        for (std::size_t i = 0; i < all.size(); ++i) {
            if (!isNear(numbers.perSample[i], wanted.at("final_ce_per_sample_f64")[i], limits.crossEntropy)) {
                report.fail(fmt::format("{}: final cross-entropy of sample {} is {}", name, i, numbers.perSample[i]));
            }
        }
    }
}

/// The usual beginning: an adapter that adds nothing yet.
void clearLoraB(LoadedModel& loaded)
{
    for (const auto& parameter : loaded.layout().parameters()) {
        if (parameter.name.ends_with(model::kLoraB)) {
            std::ranges::fill(loaded.weights().subspan(static_cast<std::size_t>(parameter.offset),
                                  static_cast<std::size_t>(parameter.count)),
                0.0F);
        }
    }
}

KindReport checkTrajectories(const fs::path& oracle)
{
    KindReport report;
    const auto limits = Limits::of(oracle);
    for (const auto& folder : modelCases(oracle)) {
        if (!fs::exists(folder / "trajectories.json")) {
            continue;
        }
        const auto trajectories = readJson(folder / "trajectories.json");
        if (trajectories.empty()) {
            continue; // a model that has none
        }
        const auto text = readJson(folder / "train_data.json");
        const TrainingData data { text.at("seqs"), text.at("authority"), text.at("entropy"), text.at("alpha") };
        for (const auto& [name, wanted] : trajectories.items()) {
            const auto adapter = wanted.at("spec").at("lora").get<std::string>();
            for (const auto& path : computePaths()) {
                ++report.found;
                const auto what = fmt::format("{} {} ({})", folder.filename().string(), name, toText(path));
                if (adapter == "none") {
                    LoadedModel loaded(oracle / "models" / folder.filename(), path);
                    follow(report, what, wanted, data, loaded, limits);
                } else {
                    LoadedModel loaded(oracle / "models" / folder.filename(), oracle / "adapters" / folder.filename(), path);
                    if (adapter == "b_zero") {
                        clearLoraB(loaded);
                    }
                    follow(report, what, wanted, data, loaded, Limits::ofLora(oracle));
                }
                ++report.checked;
            }
        }
    }
    return report;
}

/// The lines of a file through the program's reader and tokenizer, cut, with or without an eos of the caller's.
TrainingData readTexts(const fs::path& folder, std::size_t atMost, const std::optional<std::int64_t>& eos)
{
    const auto tokenizer = tokenizer::Tokenizer::load(folder / "model" / "tokenizer.json");
    auto reader = data::JsonlReader::open(folder / "data.jsonl", config::Data {});
    if (!tokenizer || !reader) {
        throw std::runtime_error("the end-to-end case cannot be opened");
    }
    TrainingData data;
    data::Document document;
    for (;;) {
        const auto step = reader->next(document);
        if (!step || *step == data::JsonlReader::Step::End) {
            return data;
        }
        auto ids = tokenizer->encode(document.text, tokenizer::SpecialTokens::With);
        if (eos) {
            ids.push_back(static_cast<std::int32_t>(*eos));
        }
        ids.resize(std::min(ids.size(), atMost));
        data.sequences.push_back(std::move(ids));
        data.authority.push_back(document.authority.value());
        data.entropy.push_back(document.entropy.value());
    }
}

KindReport checkEndToEnd(const fs::path& oracle)
{
    KindReport report;
    const auto folder = oracle / "e2e";
    const auto limits = Limits::of(oracle);
    const auto text = readJson(folder / "expected.json");
    for (const auto& [policy, wanted] : text.at("policies").items()) {
        ++report.found;
        LoadedModel loaded(folder / "model");
        const auto eos = policy == "append_eos" ? std::optional(loaded.config().eosIds.at(0)) : std::nullopt;
        auto data = readTexts(folder, text.at("max_length"), eos);
        data.alpha = text.at("alpha");
        std::vector<std::size_t> all;
        for (std::size_t i = 0; i < data.sequences.size(); ++i) {
            all.push_back(i);
            if (static_cast<std::size_t>(wanted.at("lengths")[i]) != data.sequences[i].size()) {
                report.fail(fmt::format("{}: row {} has {} ids", policy, i, data.sequences[i].size()));
            }
            auto ids = text.at("ids")[i].get<std::vector<std::int32_t>>();
            ids.resize(std::min(ids.size(), data.sequences[i].size()));
            if (!std::ranges::equal(ids, std::span(data.sequences[i]).first(ids.size()))) {
                report.fail(fmt::format("{}: row {} has other ids", policy, i));
            }
        }
        const auto numbers = toLossNumbers(loaded.losses(batchOf(data, all)), weightsOf(data, all));
        const auto& expected = wanted.at("f64");
        const double relative = tolerance(oracle, "loss_rel", 1e-5);
        if (!isNear(numbers.tokenMean, expected.at("ce_token_mean"), relative)
            || !isNear(numbers.sampleMean, expected.at("ce_sample_mean"), relative)
            || !isNear(numbers.distrustWeighted, expected.at("distrust_weighted"), relative)) {
            report.fail(policy + ": the losses over the whole file differ");
        }
        for (const auto& path : computePaths()) {
            LoadedModel again(folder / "model", path);
            follow(report, fmt::format("e2e {} ({})", policy, toText(path)), wanted.at("train_distrust"), data, again, limits);
        }
        ++report.checked;
    }
    return report;
}

} // namespace

void addTrajectoryKinds(std::vector<Kind>& kinds)
{
    kinds.push_back({ "trajectories", checkTrajectories });
    kinds.push_back({ "end to end", checkEndToEnd });
}

} // namespace dubito::oracle
