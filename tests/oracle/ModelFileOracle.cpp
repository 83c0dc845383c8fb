// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/Dtype.h"
#include "backend/model/ModelConfig.h"
#include "backend/model/Safetensors.h"
#include "backend/model/WeightFiles.h"
#include "tests/oracle/Oracle.h"

#include <fmt/format.h>

#include <bit>
#include <cmath>
#include <set>

namespace dubito::oracle {

namespace {

namespace fs = std::filesystem;
using nlohmann::json;

/// The verdict of an `expected.json` row against ours; a refusal must come with a sentence.
void judge(KindReport& report, const std::string& name, const json& row, const Result<void>& ours)
{
    const auto expect = row.at("expect").get<std::string>();
    const std::string why = row.value("why", "");
    if (!ours && (ours.error().message.size() < 10 || ours.error().where.empty())) {
        report.fail(fmt::format("{}: refused without a sentence or a place", name));
    }
    if (expect == "accept" && !ours) {
        report.fail(fmt::format("{}: must be accepted ({}), refused: {}", name, why, toText(ours.error())));
    }
    if (expect == "reject" && ours) {
        report.fail(fmt::format("{}: must be refused ({}), accepted", name, why));
    }
}

Result<void> compareValues(const model::Safetensors& file, const json& values)
{
    for (const auto& [name, expected] : values.items()) {
        const auto wanted = expected.get<std::vector<double>>();
        const auto* tensor = file.find(name);
        std::vector<float> got(wanted.size());
        if (tensor == nullptr) {
            return Error { ErrorCode::Model, "tensor " + name + " was not found", file.path().string() };
        }
        if (auto read = file.readInto(*tensor, got); !read) {
            return read;
        }
        for (std::size_t i = 0; i < wanted.size(); ++i) {
            if (static_cast<double>(got[i]) != wanted[i]) {
                return Error { ErrorCode::Model, fmt::format("{}[{}] is {}, not {}", name, i, got[i], wanted[i]),
                    file.path().string() };
            }
        }
    }
    return {};
}

KindReport checkSafetensors(const fs::path& oracle)
{
    KindReport report;
    const auto folder = oracle / "safetensors_cases";
    std::set<std::string> named;
    for (const json& row : readJson(folder / "expected.json")) {
        const auto name = row.at("file").get<std::string>();
        named.insert(name);
        ++report.found;
        ++report.checked;
        const auto file = model::Safetensors::open(folder / name);
        judge(report, name, row, file ? Result<void>() : Result<void>(file.error()));
        if (file && row.contains("values")) {
            if (auto same = compareValues(*file, row.at("values")); !same) {
                report.fail(name + ": " + same.error().message);
            }
        }
    }
    for (const auto& file : filesIn(folder, ".safetensors")) {
        if (!named.contains(file.filename().string())) {
            report.fail(file.filename().string() + " is not in expected.json");
        }
    }
    return report;
}

/// What a trainer does with a model directory before the first step, without the arithmetic.
Result<void> loadWhole(const fs::path& directory)
{
    const auto config = model::readModelConfig(directory / "config.json");
    if (!config) {
        return config.error();
    }
    const auto weights = model::WeightFiles::open(directory);
    if (!weights) {
        return weights.error();
    }
    const auto layout = model::ParameterLayout::of(*config);
    if (auto fits = weights->check(*config, layout); !fits) {
        return fits.error();
    }
    std::vector<float> block(static_cast<std::size_t>(layout.blockSize()));
    return weights->readAll(layout, block);
}

KindReport checkModelErrors(const fs::path& oracle)
{
    KindReport report;
    const auto folder = oracle / "model_errors";
    std::set<std::string> named;
    for (const json& row : readJson(folder / "expected.json")) {
        const auto name = row.at("dir").get<std::string>();
        named.insert(name);
        ++report.found;
        ++report.checked;
        judge(report, name, row, loadWhole(folder / name));
    }
    for (const auto& directory : foldersIn(folder)) {
        if (!named.contains(directory.filename().string())) {
            report.fail(directory.filename().string() + " is not in expected.json");
        }
    }
    return report;
}

std::vector<std::uint32_t> hexList(const json& list)
{
    std::vector<std::uint32_t> bits;
    for (const json& text : list) {
        bits.push_back(static_cast<std::uint32_t>(std::stoul(text.get<std::string>(), nullptr, 16)));
    }
    return bits;
}

/// One table of bit patterns: `convert` must turn each of `from` into the same place of `to`.
template <typename Convert>
void compareBits(KindReport& report, const json& table, const char* from, const char* to, Convert convert)
{
    const auto inputs = hexList(table.at(from));
    const auto outputs = hexList(table.at(to));
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        ++report.found;
        ++report.checked;
        if (const std::uint32_t got = convert(inputs[i]); got != outputs.at(i)) {
            report.fail(fmt::format("{} {:x} to {}: {:x}, not {:x}", from, inputs[i], to, got, outputs[i]));
        }
    }
}

KindReport checkDtypeCasts(const fs::path& oracle)
{
    KindReport report;
    const json casts = readJson(oracle / "numeric" / "dtype_casts.json");
    const auto toFloat = [](std::uint32_t bits) { return std::bit_cast<float>(bits); };
    const auto toBits = [](float value) { return std::bit_cast<std::uint32_t>(value); };
    const auto low = [](std::uint32_t bits) { return static_cast<std::uint16_t>(bits); };
    compareBits(report, casts.at("f32_to"), "f32_bits", "bf16_bits_rne",
        [&](std::uint32_t bits) { return std::uint32_t { model::toBf16(toFloat(bits)) }; });
    compareBits(report, casts.at("f32_to"), "f32_bits", "f16_bits_rne",
        [&](std::uint32_t bits) { return std::uint32_t { model::toF16(toFloat(bits)) }; });
    compareBits(report, casts.at("f16_to_f32"), "f16_bits", "f32_bits",
        [&](std::uint32_t bits) { return toBits(model::fromF16(low(bits))); });
    compareBits(report, casts.at("bf16_to_f32"), "bf16_bits", "f32_bits",
        [&](std::uint32_t bits) { return toBits(model::fromBf16(low(bits))); });
    const auto mustBeNan = [&](const char* key, auto convert) {
        for (const std::uint32_t bits : hexList(casts.at("nan").at(key))) {
            ++report.found;
            ++report.checked;
            if (!std::isnan(convert(bits))) {
                report.fail(fmt::format("{} {:x} must stay a NaN", key, bits));
            }
        }
    };
    mustBeNan("f16_nan_bits", [&](std::uint32_t bits) { return model::fromF16(low(bits)); });
    mustBeNan("bf16_nan_bits", [&](std::uint32_t bits) { return model::fromBf16(low(bits)); });
    mustBeNan("f32_nan_bits", [&](std::uint32_t bits) { return model::fromBf16(model::toBf16(toFloat(bits))); });
    mustBeNan("f32_nan_bits", [&](std::uint32_t bits) { return model::fromF16(model::toF16(toFloat(bits))); });
    return report;
}

/// Sums of every decoded tensor, where some case of `vectors` gives them for this checkpoint; null otherwise.
json weightSumsOf(const fs::path& oracle, const std::string& checkpoint)
{
    for (const auto& folder : foldersIn(oracle / "vectors")) {
        if (!fs::exists(folder / "case.json")) {
            continue;
        }
        const json variants = readJson(folder / "case.json").value("variants", json::object());
        if (variants.contains(checkpoint)) {
            return variants.at(checkpoint).value("weight_sums", json());
        }
    }
    return {};
}

void checkModel(KindReport& report, const fs::path& oracle, const fs::path& directory)
{
    const std::string name = directory.filename().string();
    if (auto loaded = loadWhole(directory); !loaded) {
        return report.fail(name + ": " + toText(loaded.error()));
    }
    const auto weights = model::WeightFiles::open(directory);
    const json sums = weightSumsOf(oracle, name);
    for (const auto& [tensor, expected] : sums.items()) {
        const auto* stored = weights->find(tensor);
        std::vector<float> values(stored == nullptr ? 0 : static_cast<std::size_t>(stored->count()));
        double sum = 0;
        double magnitude = 0;
        if (auto read = weights->readInto(tensor, values); !read) {
            report.fail(name + ": " + toText(read.error()));
            continue;
        }
        for (const float value : values) {
            sum += static_cast<double>(value);
            magnitude += std::abs(static_cast<double>(value));
        }
        // Our order of addition and theirs may differ, so the last digits of the largest partial sum may too.
        if (std::abs(sum - expected.get<double>()) > 1e-12 * magnitude) {
            report.fail(fmt::format("{}: the sum of {} is {}, not {}", name, tensor, sum, expected.get<double>()));
        }
    }
}

KindReport checkModels(const fs::path& oracle)
{
    KindReport report;
    for (const auto& directory : foldersIn(oracle / "models")) {
        ++report.found;
        ++report.checked;
        checkModel(report, oracle, directory);
    }
    return report;
}

} // namespace

void addModelFileKinds(std::vector<Kind>& kinds)
{
    kinds.push_back({ "safetensors", checkSafetensors });
    kinds.push_back({ "model errors", checkModelErrors });
    kinds.push_back({ "dtype casts", checkDtypeCasts });
    kinds.push_back({ "models", checkModels });
}

} // namespace dubito::oracle
