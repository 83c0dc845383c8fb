// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/Rope.h"
#include "backend/model/Safetensors.h"
#include "tests/oracle/ModelCase.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <stdexcept>

namespace dubito::oracle {

namespace {

namespace fs = std::filesystem;
using nlohmann::json;

/// Fails when two numbers differ by more than `limit` relative to the wanted one.
model::Safetensors openTensors(const fs::path& path)
{
    auto file = model::Safetensors::open(path);
    if (!file) {
        throw std::runtime_error(toText(file.error()));
    }
    return std::move(*file);
}

std::vector<double> valuesOf(const model::Safetensors& file, const std::string& name)
{
    const auto* tensor = file.find(name);
    if (tensor == nullptr) {
        throw std::runtime_error(file.path().string() + " has no " + name);
    }
    std::vector<double> values(static_cast<std::size_t>(tensor->count()));
    if (auto read = file.readInto(*tensor, values); !read) {
        throw std::runtime_error(toText(read.error()));
    }
    return values;
}

/// Everything of one vectors/<model> folder.
struct ModelVectors {
    ModelVectors(const fs::path& oracleFolder, const fs::path& folder)
        : oracle(oracleFolder)
        , path(folder)
        , text(readJson(folder / "case.json"))
        , batch(OwnedBatch::of(text.at("input_ids"), text.at("lengths")))
    {
    }

    fs::path modelFolder(const std::string& name) const { return oracle / "models" / name; }
    std::string name() const { return text.at("model").get<std::string>(); }
    std::vector<double> distrustWeights() const
    {
        return text.at("distrust").at("weight").get<std::vector<double>>();
    }

    fs::path oracle;
    fs::path path;
    json text;
    OwnedBatch batch;
};

/// The largest difference of `got` from `wanted`; NaN counts as infinite.
double largestDifference(std::span<const double> wanted, std::span<const float> got)
{
    double largest = 0;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        const double difference = std::abs(wanted[i] - static_cast<double>(got[i]));
        largest = difference <= largest ? largest : difference;
        if (std::isnan(difference)) {
            return std::numeric_limits<double>::infinity();
        }
    }
    return largest;
}

void checkLogits(KindReport& report, const ModelVectors& vectors, LoadedModel& loaded, const model::Safetensors& wanted)
{
    const double limit = tolerance(vectors.oracle, "logits_abs", 1e-4);
    const auto logits = loaded.logits(vectors.batch);
    const auto expected = valuesOf(wanted, "logits");
    const auto V = static_cast<std::size_t>(loaded.config().vocabulary);
    for (std::size_t b = 0; b < vectors.batch.lengths.size(); ++b) {
        const auto first = b * static_cast<std::size_t>(vectors.batch.T) * V;
        const auto count = static_cast<std::size_t>(vectors.batch.lengths[b]) * V;
        const double difference = largestDifference(
            std::span(expected).subspan(first, count), std::span(logits).subspan(first, count));
        if (!(difference <= limit)) {
            report.fail(fmt::format("{} sample {}: logits differ by {}", vectors.name(), b, difference));
        }
    }
}

void checkHidden(KindReport& report, const ModelVectors& vectors, LoadedModel& loaded, const model::Safetensors& wanted)
{
    const double limit = tolerance(vectors.oracle, "logits_abs", 1e-4);
    const auto layers = loaded.config().layers;
    const auto state = static_cast<std::size_t>(vectors.batch.B * vectors.batch.T * loaded.config().hidden);
    std::vector<float> states(static_cast<std::size_t>(layers + 2) * state);
    if (auto done = loaded.model().hiddenStates(loaded.weights(), vectors.batch.view(), states); !done) {
        return report.fail(toText(done.error()));
    }
    for (std::int64_t k = 0; k < layers + 2; ++k) {
        const auto name = k <= layers ? fmt::format("sample0.hidden.{}", k) : std::string("sample0.final_norm");
        const auto expected = valuesOf(wanted, name);
        const double difference
            = largestDifference(expected, std::span(states).subspan(static_cast<std::size_t>(k) * state, expected.size()));
        if (!(difference <= limit)) {
            report.fail(fmt::format("{} {}: differs by {}", vectors.name(), name, difference));
        }
    }
}

KindReport checkForward(const fs::path& oracle)
{
    KindReport report;
    for (const auto& folder : modelCases(oracle)) {
        const ModelVectors vectors(oracle, folder);
        const auto wanted = openTensors(folder / "forward.safetensors");
        for (const auto& path : computePaths()) {
            ++report.found;
            LoadedModel loaded(vectors.modelFolder(vectors.name()), path);
            checkLogits(report, vectors, loaded, wanted);
            checkHidden(report, vectors, loaded, wanted);
            ++report.checked;
        }
    }
    return report;
}

void checkLossNumbers(KindReport& report, const std::string& what, const json& wanted, const LossNumbers& got, double limit)
{
    for (std::size_t b = 0; b < got.perSample.size(); ++b) {
        report.expectNear(fmt::format("{} CE of sample {}", what, b), wanted.at("ce_per_sample").at(b),
            got.perSample[b], limit);
        if (got.targets[b] != wanted.at("target_tokens").at(b).get<std::int64_t>()) {
            report.fail(fmt::format("{} sample {}: {} targets", what, b, got.targets[b]));
        }
    }
    report.expectNear(what + " ce_token_mean", wanted.at("ce_token_mean"), got.tokenMean, limit);
    report.expectNear(what + " ce_sample_mean", wanted.at("ce_sample_mean"), got.sampleMean, limit);
    report.expectNear(what + " distrust_weighted", wanted.at("distrust_weighted"), got.distrustWeighted, limit);
}

void checkBatchOfOne(KindReport& report, const ModelVectors& vectors, LoadedModel& loaded, double limit)
{
    const json& wanted = vectors.text.at("batch_of_one");
    const auto sample = wanted.at("sample").get<std::size_t>();
    const auto length = static_cast<std::size_t>(vectors.batch.lengths.at(sample));
    const auto ids = vectors.text.at("input_ids").at(sample).get<std::vector<std::int32_t>>();
    const auto one = OwnedBatch::ofOne({ ids.begin(), ids.begin() + static_cast<std::ptrdiff_t>(length) });
    const auto numbers = toLossNumbers(loaded.losses(one), { 1.0 });
    report.expectNear(vectors.name() + " batch of one", wanted.at("ce"), numbers.tokenMean, limit);
    report.expectNear(vectors.name() + " batch of one, weighted", wanted.at("distrust_weighted"),
        numbers.distrustWeighted, limit);
}

/// The same weights rounded to another type: losses, a few rows of logits.
void checkVariant(KindReport& report, const ModelVectors& vectors, const std::string& name, const json& wanted)
{
    LoadedModel loaded(vectors.modelFolder(name));
    const double limit = tolerance(vectors.oracle, "loss_rel", 1e-5);
    checkLossNumbers(report, name, wanted.at("f64"),
        toLossNumbers(loaded.losses(vectors.batch), vectors.distrustWeights()), limit);
    const auto logits = loaded.logits(vectors.batch);
    const auto V = static_cast<std::size_t>(loaded.config().vocabulary);
    for (const auto& row : wanted.at("logit_rows")) {
        const auto cell = row.at("sample").get<std::size_t>() * static_cast<std::size_t>(vectors.batch.T)
            + row.at("position").get<std::size_t>();
        const double difference
            = largestDifference(row.at("logits").get<std::vector<double>>(), std::span(logits).subspan(cell * V, V));
        if (!(difference <= tolerance(vectors.oracle, "logits_abs", 1e-4))) {
            report.fail(fmt::format("{}: a row of logits differs by {}", name, difference));
        }
    }
}

KindReport checkLosses(const fs::path& oracle)
{
    KindReport report;
    const double limit = tolerance(oracle, "loss_rel", 1e-5);
    for (const auto& folder : modelCases(oracle)) {
        const ModelVectors vectors(oracle, folder);
        for (const auto& path : computePaths()) {
            ++report.found;
            LoadedModel loaded(vectors.modelFolder(vectors.name()), path);
            checkLossNumbers(report, fmt::format("{} ({})", vectors.name(), toText(path)), vectors.text.at("f64"),
                toLossNumbers(loaded.losses(vectors.batch), vectors.distrustWeights()), limit);
            checkBatchOfOne(report, vectors, loaded, limit);
            ++report.checked;
        }
        for (const auto& [name, wanted] : vectors.text.at("variants").items()) {
            ++report.found;
            checkVariant(report, vectors, name, wanted);
            ++report.checked;
        }
    }
    return report;
}

/// Each prompt continued by the best next token, all positions computed again each time.
KindReport checkGreedy(const fs::path& oracle)
{
    KindReport report;
    for (const auto& folder : modelCases(oracle)) {
        const ModelVectors vectors(oracle, folder);
        LoadedModel loaded(vectors.modelFolder(vectors.name()));
        const auto V = static_cast<std::ptrdiff_t>(loaded.config().vocabulary);
        for (const auto& wanted : vectors.text.at("greedy")) {
            ++report.found;
            auto ids = wanted.at("prompt").get<std::vector<std::int32_t>>();
            const auto expected = wanted.at("continuation").get<std::vector<std::int32_t>>();
            std::vector<std::int32_t> got;
            while (got.size() < expected.size()) {
                const auto logits = loaded.logits(OwnedBatch::ofOne(ids));
                const auto last = logits.end() - V;
                got.push_back(static_cast<std::int32_t>(std::max_element(last, logits.end()) - last));
                ids.push_back(got.back());
            }
            if (got != expected) {
                report.fail(vectors.name() + ": a greedy continuation is another one");
            }
            ++report.checked;
        }
    }
    return report;
}

model::RopeConfig ropeConfigOf(const json& text)
{
    model::RopeConfig rope;
    rope.theta = text.at("rope_theta").get<double>();
    if (text.contains("rope_scaling") && !text.at("rope_scaling").is_null()) {
        const json& scaling = text.at("rope_scaling");
        const auto type = scaling.contains("rope_type") ? scaling.at("rope_type") : scaling.at("type");
        rope.scaling = type == "llama3" ? model::RopeScaling::Llama3 : model::RopeScaling::Linear;
        rope.factor = scaling.at("factor").get<double>();
        rope.lowFreqFactor = scaling.value("low_freq_factor", 1.0);
        rope.highFreqFactor = scaling.value("high_freq_factor", 4.0);
        rope.originalMaxPositions = scaling.value("original_max_position_embeddings", std::int64_t { 0 });
    }
    return rope;
}

void checkRopeTable(KindReport& report, const std::string& name, const json& wanted)
{
    const auto headDim = wanted.at("config").at("head_dim").get<std::int64_t>();
    const auto frequencies = model::ropeFrequencies(ropeConfigOf(wanted.at("config")), headDim);
    const auto positions = wanted.at("positions").get<std::vector<std::int64_t>>();
    const std::int64_t half = headDim / 2;
    const std::int64_t rows = *std::ranges::max_element(positions) + 1;
    std::vector<double> cosine(static_cast<std::size_t>(rows * half));
    std::vector<double> sine(cosine.size());
    const model::RopeTable<double> table { { cosine.data(), rows, half }, { sine.data(), rows, half } };
    model::fillRopeTable(table, frequencies);
    for (std::size_t i = 0; i < frequencies.size(); ++i) {
        report.expectNear(name + " inv_freq", wanted.at("inv_freq").at(i), frequencies[i], 1e-12);
        for (std::size_t p = 0; p < positions.size(); ++p) {
            const double difference
                = std::max(std::abs(wanted.at("cos").at(p).at(i).get<double>() - table.cosine.row(positions[p])[i]),
                    std::abs(wanted.at("sin").at(p).at(i).get<double>() - table.sine.row(positions[p])[i]));
            if (!(difference <= 1e-10)) {
                report.fail(fmt::format("{} position {}: differs by {}", name, positions[p], difference));
            }
        }
    }
}

KindReport checkRope(const fs::path& oracle)
{
    KindReport report;
    const auto tables = readJson(oracle / "numeric" / "rope_tables.json");
    for (const auto& [name, wanted] : tables.items()) {
        ++report.found;
        checkRopeTable(report, name, wanted);
        ++report.checked;
    }
    return report;
}

} // namespace

void addModelKinds(std::vector<Kind>& kinds)
{
    kinds.push_back({ "rope tables", checkRope });
    kinds.push_back({ "logits and hidden", checkForward });
    kinds.push_back({ "losses", checkLosses });
    kinds.push_back({ "greedy", checkGreedy });
}

} // namespace dubito::oracle
