// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/MergedWeights.h"
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

/// A case with an adapter and what is known of it.
struct LoraCase {
    fs::path folder;
    json text;
    OwnedBatch batch;
    fs::path model;
    fs::path adapter;
};

std::vector<LoraCase> loraCases(const fs::path& oracle)
{
    std::vector<LoraCase> cases;
    for (const auto& folder : modelCases(oracle)) {
        auto text = readJson(folder / "case.json");
        if (text.contains("lora")) {
            const auto batch = OwnedBatch::of(text.at("input_ids"), text.at("lengths"));
            const auto model = oracle / "models" / text.at("model").get<std::string>();
            const auto adapter = oracle / text.at("lora").at("adapter").get<std::string>();
            cases.push_back({ folder, std::move(text), batch, model, adapter });
        }
    }
    return cases;
}

void checkLossesOf(KindReport& report, const std::string& what, const LoraCase& wanted, LoadedModel& loaded, double limit)
{
    const json& numbers = wanted.text.at("lora").at("f64");
    const auto weights = wanted.text.at("distrust").at("weight").get<std::vector<double>>();
    const auto got = toLossNumbers(loaded.losses(wanted.batch), weights);
    for (std::size_t b = 0; b < got.perSample.size(); ++b) {
        report.expectNear(fmt::format("{} CE of sample {}", what, b), numbers.at("ce_per_sample").at(b),
            got.perSample[b], limit);
    }
    report.expectNear(what + " ce_token_mean", numbers.at("ce_token_mean"), got.tokenMean, limit);
    report.expectNear(what + " ce_sample_mean", numbers.at("ce_sample_mean"), got.sampleMean, limit);
    report.expectNear(what + " distrust_weighted", numbers.at("distrust_weighted"), got.distrustWeighted, limit);
}

/// The file holds the first samples of the batch.
void checkLogits(KindReport& report, const std::string& what, const LoraCase& wanted, LoadedModel& loaded, double limit)
{
    const auto file = model::Safetensors::open(wanted.folder / "forward_lora.safetensors");
    const auto* tensor = file ? file->find("logits") : nullptr;
    if (tensor == nullptr) {
        throw std::runtime_error("there are no logits of " + what);
    }
    std::vector<double> expected(static_cast<std::size_t>(tensor->count()));
    if (auto read = file->readInto(*tensor, std::span(expected)); !read) {
        throw std::runtime_error(toText(read.error()));
    }
    const auto logits = loaded.logits(wanted.batch);
    const auto perSample = static_cast<std::size_t>(wanted.batch.T * loaded.config().vocabulary);
    for (std::size_t b = 0; b < expected.size() / perSample; ++b) {
        const auto count
            = static_cast<std::size_t>(wanted.batch.lengths[b] * loaded.config().vocabulary);
        double worst = 0;
        for (std::size_t i = b * perSample; i < b * perSample + count; ++i) {
            const double difference = std::abs(expected[i] - static_cast<double>(logits[i]));
            worst = difference <= worst ? worst : difference;
        }
        if (!(worst <= limit)) {
            report.fail(fmt::format("{} sample {}: logits differ by {}", what, b, worst));
        }
    }
}

KindReport checkLora(const fs::path& oracle)
{
    KindReport report;
    for (const auto& wanted : loraCases(oracle)) {
        for (const auto& path : computePaths()) {
            ++report.found;
            LoadedModel loaded(wanted.model, wanted.adapter, path);
            const auto what = fmt::format("{} with its adapter ({})", wanted.folder.filename().string(), toText(path));
            checkLossesOf(report, what, wanted, loaded, tolerance(oracle, "loss_rel", 1e-5));
            checkLogits(report, what, wanted, loaded, tolerance(oracle, "logits_abs", 1e-4));
            ++report.checked;
        }
    }
    return report;
}

KindReport checkMerged(const fs::path& oracle)
{
    KindReport report;
    for (const auto& wanted : loraCases(oracle)) {
        ++report.found;
        LoadedModel loaded(wanted.model, wanted.adapter);
        for (const auto& [name, numbers] : wanted.text.at("lora").at("merged_weights").items()) {
            const auto& parameter = parameterOf(loaded.base().layout(), name);
            std::vector<float> merged(static_cast<std::size_t>(parameter.count));
            loaded.base().readInto(parameter, merged);
            model::addAdapter(parameter, { loaded.lora(), loaded.layout(), loaded.weights() }, merged);
            double squares = 0;
            for (const float value : merged) {
                squares += static_cast<double>(value) * static_cast<double>(value);
            }
            report.expectNear(name + " norm", numbers.at("norm"), std::sqrt(squares), 1e-5);
            for (std::size_t i = 0; i < numbers.at("idx").size(); ++i) {
                const auto at = numbers.at("idx").at(i).get<std::size_t>();
                const double difference = std::abs(static_cast<double>(merged[at]) - numbers.at("val").at(i).get<double>());
                if (!(difference <= 1e-5 * numbers.at("max_abs").get<double>())) {
                    report.fail(fmt::format("{} {}: entry {} is off by {}", wanted.folder.filename().string(), name, at,
                        difference));
                }
            }
        }
        ++report.checked;
    }
    return report;
}

} // namespace

void addLoraKinds(std::vector<Kind>& kinds)
{
    kinds.push_back({ "lora", checkLora });
    kinds.push_back({ "lora merged", checkMerged });
}

} // namespace dubito::oracle
