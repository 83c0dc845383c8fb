// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/distrust/DistrustTerm.h"
#include "backend/distrust/WeightMean.h"
#include "backend/distrust/Weighting.h"
#include "tests/oracle/Oracle.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace dubito::oracle {

namespace {

namespace fs = std::filesystem;
using nlohmann::json;

/// A number, or one of the strings that stand for what JSON cannot say.
double number(const json& value)
{
    if (!value.is_string()) {
        return value.get<double>();
    }
    const std::string word = value;
    if (word == "nan") {
        return std::numeric_limits<double>::quiet_NaN();
    }
    return word == "-inf" ? -HUGE_VAL : HUGE_VAL;
}

std::vector<double> numbers(const json& values)
{
    std::vector<double> result;
    for (const json& value : values) {
        result.push_back(number(value));
    }
    return result;
}

/// Relative, and absolute below 1: c^2 near its zero has no relative precision.
bool isNear(double got, double expected, double limit)
{
    return std::abs(got - expected) <= limit * std::max(1.0, std::abs(expected));
}

struct Limits {
    double exact;
    double single = 1e-4; ///< float32 arithmetic loses digits where c is small
};

using Check = std::string (*)(const json& item, const Limits& limits);

std::string differs(std::string_view what, double expected, double got)
{
    return fmt::format("{}: expected {}, got {}", what, expected, got);
}

std::string checkTerm(const json& item, const Limits& limits)
{
    const double authority = number(item.at("authority"));
    const double entropy = number(item.at("entropy"));
    const double alpha = number(item.at("alpha"));
    const auto loss = distrust::checkedTerm(authority, entropy, alpha);
    if (!loss) {
        return "refused: " + toText(loss.error());
    }
    if (!isNear(*loss, item.at("loss"), limits.exact)) {
        return differs("loss", item.at("loss"), *loss);
    }
    if (item.contains("d_entropy")) {
        const auto slope = distrust::termSlope(authority, entropy, alpha);
        if (!isNear(slope.byEntropy, item.at("d_entropy"), limits.exact)) {
            return differs("d_entropy", item.at("d_entropy"), slope.byEntropy);
        }
        if (!isNear(slope.byAuthority, item.at("d_authority"), limits.exact)) {
            return differs("d_authority", item.at("d_authority"), slope.byAuthority);
        }
    }
    if (item.contains("loss_f32_arith")) {
        const float c = distrust::component(static_cast<float>(authority), static_cast<float>(entropy));
        const double single = static_cast<double>(distrust::term(static_cast<float>(alpha), c));
        if (!isNear(single, item.at("loss_f32_arith"), limits.single)) {
            return differs("loss in float32", item.at("loss_f32_arith"), single);
        }
    }
    return {};
}

std::string checkVector(std::string_view what, const json& expected, const std::vector<double>& got, double limit)
{
    if (expected.size() != got.size()) {
        return fmt::format("{}: expected {} values, got {}", what, expected.size(), got.size());
    }
    for (std::size_t i = 0; i < got.size(); ++i) {
        if (!isNear(got[i], expected[i], limit)) {
            return differs(fmt::format("{}[{}]", what, i), expected[i], got[i]);
        }
    }
    return {};
}

std::string checkBatch(const json& item, const Limits& limits)
{
    const auto authorities = numbers(item.at("authority"));
    const auto entropies = numbers(item.at("entropy"));
    config::Distrust rules;
    rules.weighting = config::WeightingMode::Published;
    rules.alpha = number(item.at("alpha"));
    const auto terms = distrust::checkedTerms(authorities, entropies, rules.alpha);
    if (!terms) {
        return "refused: " + toText(terms.error());
    }
    if (auto problem = checkVector("none", item.at("none"), *terms, limits.exact); !problem.empty()) {
        return problem;
    }
    distrust::WeightMean mean;
    std::vector<double> weights;
    for (std::size_t i = 0; i < authorities.size(); ++i) {
        weights.push_back(distrust::weightOf(distrust::component(authorities[i], entropies[i]), rules));
        mean.add(weights.back());
    }
    if (item.contains("sum") && !isNear(mean.sum(), item.at("sum"), limits.exact)) {
        return differs("sum", item.at("sum"), mean.sum());
    }
    if (item.contains("mean") && !isNear(mean.mean(), item.at("mean"), limits.exact)) {
        return differs("mean", item.at("mean"), mean.mean());
    }
    return checkVector("weights_mean_normalised", item.at("weights_mean_normalised"),
        distrust::normalisedByMean(weights), limits.exact);
}

std::string checkInvalid(const json& item, const Limits&)
{
    const auto loss
        = distrust::checkedTerm(number(item.at("authority")), number(item.at("entropy")), number(item.at("alpha")));
    if (loss) {
        return "expected a refusal, got " + std::to_string(*loss);
    }
    return loss.error().message.empty() ? "refused without a sentence" : "";
}

std::string checkInvalidBatch(const json& item, const Limits&)
{
    const auto terms
        = distrust::checkedTerms(numbers(item.at("authority")), numbers(item.at("entropy")), number(item.at("alpha")));
    if (terms) {
        return "expected a refusal, got values";
    }
    return terms.error().message.empty() ? "refused without a sentence" : "";
}

std::string nameOf(const json& item, int index)
{
    for (const char* key : { "name", "what" }) {
        if (item.contains(key)) {
            return item.at(key);
        }
    }
    return "case " + std::to_string(index);
}

Kind kindOf(const std::string& key, Check check)
{
    const auto run = [key, check](const fs::path& oracle) {
        KindReport report;
        const Limits limits { tolerance(oracle, "distrust_rel_double", 1e-12) };
        for (const auto& file : filesIn(oracle / "distrust", ".json")) {
            const json vectors = readJson(file);
            for (const json& item : vectors.value(key, json::array())) {
                ++report.found;
                if (const auto problem = check(item, limits); !problem.empty()) {
                    report.fail(fmt::format("{}: {}", nameOf(item, report.found), problem));
                }
                ++report.checked;
            }
        }
        return report;
    };
    return { "distrust " + key, run };
}

} // namespace

void addDistrustKinds(std::vector<Kind>& kinds)
{
    kinds.push_back(kindOf("triples", checkTerm));
    kinds.push_back(kindOf("edges", checkTerm));
    kinds.push_back(kindOf("published_examples", checkTerm));
    kinds.push_back(kindOf("batches", checkBatch));
    kinds.push_back(kindOf("degenerate", checkBatch));
    kinds.push_back(kindOf("invalid", checkInvalid));
    kinds.push_back(kindOf("invalid_batches", checkInvalidBatch));
}

} // namespace dubito::oracle
