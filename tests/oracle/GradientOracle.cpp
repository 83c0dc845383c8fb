// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/Safetensors.h"
#include "tests/oracle/ModelCase.h"

#include <cmath>
#include <fmt/format.h>
#include <stdexcept>

namespace dubito::oracle {

namespace {

namespace fs = std::filesystem;
using nlohmann::json;

/// Gradients of one loss over the whole batch of a case.
struct Gradients {
    std::vector<float> block;
    std::vector<model::SequenceLoss> losses;
};

/// Token mean: every target alike. Distrust: weighted mean of the samples' means.
std::vector<float> coefficientsOf(const json& text, const std::string& lossKind)
{
    const auto targets = text.at("f64").at("target_tokens").get<std::vector<double>>();
    const auto weights = text.at("distrust").at("weight").get<std::vector<double>>();
    double all = 0;
    for (const double count : targets) {
        all += count;
    }
    std::vector<float> coefficients;
    for (std::size_t b = 0; b < targets.size(); ++b) {
        const double value = lossKind == "ce_token_mean" ? 1 / all
            : lossKind == "distrust_weighted"
            ? weights[b] / (targets[b] * static_cast<double>(targets.size()))
            : throw std::runtime_error("unknown loss " + lossKind);
        coefficients.push_back(static_cast<float>(value));
    }
    return coefficients;
}

Gradients gradientsOf(LoadedModel& loaded, const json& text, const std::string& lossKind)
{
    const auto batch = OwnedBatch::of(text.at("input_ids"), text.at("lengths"));
    Gradients gradients { std::vector<float>(loaded.weights().size()), {} };
    gradients.losses
        = loaded.lossAndGradients(loaded.weights(), batch, coefficientsOf(text, lossKind), gradients.block);
    return gradients;
}

double lossOf(const json& text, const std::string& lossKind, const std::vector<model::SequenceLoss>& losses)
{
    const auto numbers = toLossNumbers(losses, text.at("distrust").at("weight").get<std::vector<double>>());
    return lossKind == "ce_token_mean" ? numbers.tokenMean : numbers.distrustWeighted;
}

double globalNorm(std::span<const float> block)
{
    double sum = 0;
    for (const float value : block) {
        sum += static_cast<double>(value) * static_cast<double>(value);
    }
    return std::sqrt(sum);
}

/// Sampled entries of every parameter, against the largest of its tensor; losses; the global norm.
void checkGradients(KindReport& report, const std::string& what, const json& wanted, const json& text, LoadedModel& loaded)
{
    const auto kind = wanted.at("loss_kind").get<std::string>();
    const auto got = gradientsOf(loaded, text, kind);
    const double loss = lossOf(text, kind, got.losses);
    if (!(std::abs(loss / wanted.at("loss_f64").get<double>() - 1) <= 1e-5)) {
        report.fail(fmt::format("{}: loss {}, wanted {}", what, loss, wanted.at("loss_f64").get<double>()));
    }
    const double norm = globalNorm(got.block);
    if (!(std::abs(norm / wanted.at("global_norm_f64").get<double>() - 1) <= 1e-5)) {
        report.fail(fmt::format("{}: norm {}, wanted {}", what, norm, wanted.at("global_norm_f64").get<double>()));
    }
    for (const auto& [name, numbers] : wanted.at("params").items()) {
        const auto& parameter = parameterOf(loaded.layout(), name);
        const double limit = numbers.at("max_abs").get<double>() * 1e-4;
        for (std::size_t i = 0; i < numbers.at("idx").size(); ++i) {
            const auto at = static_cast<std::size_t>(parameter.offset + numbers.at("idx").at(i).get<std::int64_t>());
            const double value = numbers.at("val").at(i).get<double>();
            if (!(std::abs(static_cast<double>(got.block[at]) - value) <= limit)) {
                report.fail(fmt::format("{} {}: entry is {}, wanted {}", what, name, got.block[at], value));
                break;
            }
        }
    }
}

KindReport checkSampledGradients(const fs::path& oracle)
{
    KindReport report;
    for (const auto& folder : modelCases(oracle)) {
        const auto text = readJson(folder / "case.json");
        const auto wanted = readJson(folder / "grads.json");
        for (const auto& [name, numbers] : wanted.items()) {
            if (name.starts_with("lora")) {
                continue; // below
            }
            for (const auto& path : computePaths()) {
                ++report.found;
                LoadedModel loaded(oracle / "models" / text.at("model").get<std::string>(), path);
                checkGradients(report, fmt::format("{} {} ({})", folder.filename().string(), name, toText(path)), numbers,
                    text, loaded);
                ++report.checked;
            }
        }
    }
    return report;
}

/// Files named grad_full_<loss>.safetensors: every entry of every gradient.
void compareEverything(
    KindReport& report, const std::string& what, const model::Safetensors& file, LoadedModel& loaded, const Gradients& got)
{
    for (const auto& tensor : file.tensors()) {
        const auto& parameter = parameterOf(loaded.layout(), tensor.name);
        std::vector<double> values(static_cast<std::size_t>(tensor.count()));
        if (auto read = file.readInto(tensor, values); !read) {
            throw std::runtime_error(toText(read.error()));
        }
        double largest = 0;
        double worst = 0;
        for (std::size_t i = 0; i < values.size(); ++i) {
            const double value = static_cast<double>(got.block[static_cast<std::size_t>(parameter.offset) + i]);
            largest = std::max(largest, std::abs(values[i]));
            worst = std::max(worst, std::abs(values[i] - value));
        }
        if (!(worst <= 1e-4 * largest)) {
            report.fail(fmt::format("{} {}: differs by {} of {}", what, tensor.name, worst, largest));
        }
    }
}

KindReport checkFullGradients(const fs::path& oracle)
{
    KindReport report;
    for (const auto& folder : modelCases(oracle)) {
        for (const auto& file : filesIn(folder, ".safetensors")) {
            const std::string prefix = "grad_full_";
            const auto stem = file.stem().string();
            if (!stem.starts_with(prefix)) {
                continue;
            }
            const auto text = readJson(folder / "case.json");
            const auto kind = readJson(folder / "grads.json").at(stem.substr(prefix.size())).at("loss_kind");
            const auto wanted = model::Safetensors::open(file);
            if (!wanted) {
                throw std::runtime_error(toText(wanted.error()));
            }
            for (const auto& path : computePaths()) {
                ++report.found;
                LoadedModel loaded(oracle / "models" / text.at("model").get<std::string>(), path);
                compareEverything(report, fmt::format("{} ({})", stem, toText(path)), *wanted, loaded,
                    gradientsOf(loaded, text, kind));
                ++report.checked;
            }
        }
    }
    return report;
}

/// The same of the adapters, over weights that are frozen.
KindReport checkLoraGradients(const fs::path& oracle)
{
    KindReport report;
    for (const auto& folder : modelCases(oracle)) {
        const auto text = readJson(folder / "case.json");
        const auto wanted = readJson(folder / "grads.json");
        for (const auto& [name, numbers] : wanted.items()) {
            if (!name.starts_with("lora")) {
                continue;
            }
            for (const auto& path : computePaths()) {
                ++report.found;
                LoadedModel loaded(oracle / "models" / text.at("model").get<std::string>(),
                    oracle / text.at("lora").at("adapter").get<std::string>(), path);
                checkGradients(report, fmt::format("{} {} ({})", folder.filename().string(), name, toText(path)), numbers,
                    text, loaded);
                ++report.checked;
            }
        }
    }
    return report;
}

} // namespace

void addGradientKinds(std::vector<Kind>& kinds)
{
    kinds.push_back({ "gradients", checkSampledGradients });
    kinds.push_back({ "gradients, complete", checkFullGradients });
    kinds.push_back({ "lora gradients", checkLoraGradients });
}

} // namespace dubito::oracle
