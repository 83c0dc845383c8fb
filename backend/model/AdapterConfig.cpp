// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/AdapterConfig.h"

#include "backend/base/AtomicFile.h"
#include "backend/base/Text.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <array>
#include <cmath>

namespace dubito::model {

namespace {

using nlohmann::json;

constexpr std::size_t kLongestFile = std::size_t { 1 } << 20;
constexpr std::int64_t kLargestRank = 65536;

/// A key that must not be there, or hold one of the values that change nothing.
struct Unsupported {
    const char* key;
    const char* why;
};

constexpr std::array kUnsupported {
    Unsupported { "use_dora", "DoRA scales whole rows of the weight" },
    Unsupported { "fan_in_fan_out", "the weights would be stored transposed" },
    Unsupported { "modules_to_save", "whole modules would be trained beside the adapter" },
    Unsupported { "rank_pattern", "every projection has one rank here" },
    Unsupported { "alpha_pattern", "every projection has one alpha here" },
    Unsupported { "layers_to_transform", "every layer has the same adapters here" },
    Unsupported { "layers_pattern", "every layer has the same adapters here" },
    Unsupported { "layer_replication", "layers would be repeated" },
    Unsupported { "trainable_token_indices", "tokens would be trained beside the adapter" },
    Unsupported { "target_parameters", "parameters would be adapted that are no projection" },
    Unsupported { "exclude_modules", "every layer has the same adapters here" },
    Unsupported { "lora_bias", "the adapter would have a bias" },
};

/// null, false, "", [] and {} say that a thing is not used.
bool isUnused(const json& value)
{
    return value.is_null() || value == false || ((value.is_array() || value.is_object() || value.is_string()) && value.empty())
        || value == "";
}

class Reader {
public:
    Reader(const json& root, const std::string& where)
        : m_root(root)
        , m_where(where)
    {
    }

    Result<AdapterConfig> read() const
    {
        if (auto usable = checkUsable(); !usable) {
            return usable.error();
        }
        AdapterConfig config;
        if (auto read = readNumbers(config.lora); !read) {
            return read.error();
        }
        if (auto read = readTargets(config.lora); !read) {
            return read.error();
        }
        if (const auto base = m_root.find("base_model_name_or_path"); base != m_root.end() && base->is_string()) {
            config.base = base->get<std::string>();
        }
        return config;
    }

private:
    Error refuse(std::string sentence) const { return { ErrorCode::Model, std::move(sentence), m_where }; }

    Result<void> checkUsable() const
    {
        const auto type = m_root.value("peft_type", json("LORA"));
        if (type != "LORA") {
            return refuse(fmt::format("is an adapter of type {}; LORA is the one that is known", type.dump()));
        }
        if (const auto task = m_root.value("task_type", json("CAUSAL_LM")); !isUnused(task) && task != "CAUSAL_LM") {
            return refuse(fmt::format("is for the task {}; adapters of language models are CAUSAL_LM", task.dump()));
        }
        if (const auto bias = m_root.value("bias", json("none")); bias != "none") {
            return refuse(fmt::format("trains biases (bias is {}); \"none\" is the one that is known", bias.dump()));
        }
        for (const Unsupported& row : kUnsupported) {
            if (const auto found = m_root.find(row.key); found != m_root.end() && !isUnused(*found)) {
                return refuse(fmt::format("has {} set: {}, which is not built; train the adapter without it, or merge it "
                                          "where it was made",
                    row.key, row.why));
            }
        }
        return {};
    }

    Result<double> number(const char* key, double otherwise) const
    {
        const auto found = m_root.find(key);
        if (found == m_root.end() || found->is_null()) {
            return otherwise;
        }
        if (!found->is_number() || !std::isfinite(found->get<double>())) {
            return refuse(fmt::format("{} is {}; a number is wanted", key, found->dump().substr(0, 80)));
        }
        return found->get<double>();
    }

    Result<void> readNumbers(LoraConfig& lora) const
    {
        const auto rank = number("r", 8);
        const auto alpha = number("lora_alpha", 8);
        const auto dropout = number("lora_dropout", 0);
        for (const auto* read : { &rank, &alpha, &dropout }) {
            if (!*read) {
                return read->error();
            }
        }
        if (*rank < 1 || *rank > static_cast<double>(kLargestRank) || std::floor(*rank) != *rank) {
            return refuse(fmt::format("r is {}; the rank of an adapter is a whole number from 1 to {}", *rank, kLargestRank));
        }
        if (*alpha <= 0) {
            return refuse(fmt::format("lora_alpha is {}; it must be above 0", *alpha));
        }
        if (*dropout < 0 || *dropout >= 1) {
            return refuse(fmt::format("lora_dropout is {}; it must be from 0 to below 1", *dropout));
        }
        lora.rank = static_cast<std::int64_t>(*rank);
        lora.alpha = *alpha;
        lora.dropout = *dropout;
        lora.isRankStabilised = m_root.value("use_rslora", json(false)) == true;
        return {};
    }

    /// A list of names; or "all-linear" or one name; or a pattern, of which the stored tensors tell what it meant.
    Result<void> readTargets(LoraConfig& lora) const
    {
        const auto found = m_root.find("target_modules");
        if (found == m_root.end() || isUnused(*found)) {
            return refuse("names no target_modules");
        }
        std::string words;
        if (found->is_string()) {
            words = found->get<std::string>();
            if (auto targets = parseLoraTargets(words)) {
                lora.targets = *targets;
            }
            return {};
        }
        for (const json& word : found->is_array() ? *found : json::array({ nullptr })) {
            if (!word.is_string()) {
                return refuse("target_modules is no list of names");
            }
            words += word.get<std::string>() + ' ';
        }
        auto targets = parseLoraTargets(words);
        if (!targets) {
            return refuse("target_modules: " + targets.error().message);
        }
        lora.targets = *targets;
        return {};
    }

    const json& m_root;
    const std::string& m_where;
};

} // namespace

Result<AdapterConfig> parseAdapterConfig(std::string_view text, const std::string& where)
{
    const auto root = jsonDepth(text) > kDeepestJson ? json() : json::parse(text, nullptr, false);
    if (!root.is_object()) {
        return Error { ErrorCode::Model, "is no JSON object, or nested deeper than any; fetch the adapter again", where };
    }
    return Reader(root, where).read();
}

Result<AdapterConfig> readAdapterConfig(const std::filesystem::path& file)
{
    const auto text = readText(file, kLongestFile);
    if (!text) {
        return Error { text.error().code == ErrorCode::NotFound ? ErrorCode::NotFound : ErrorCode::Model,
            text.error().message, file.string() };
    }
    return parseAdapterConfig(*text, file.string());
}

std::string toAdapterConfigJson(const AdapterConfig& config)
{
    const LoraConfig& lora = config.lora;
    nlohmann::ordered_json root;
    root["peft_type"] = "LORA";
    root["task_type"] = "CAUSAL_LM";
    root["base_model_name_or_path"] = config.base;
    root["r"] = lora.rank;
    // Tools that read it as a whole number find one.
    if (std::floor(lora.alpha) == lora.alpha) {
        root["lora_alpha"] = static_cast<std::int64_t>(lora.alpha);
    } else {
        root["lora_alpha"] = lora.alpha;
    }
    root["lora_dropout"] = lora.dropout;
    root["use_rslora"] = lora.isRankStabilised;
    root["bias"] = "none";
    root["fan_in_fan_out"] = false;
    root["inference_mode"] = true;
    root["init_lora_weights"] = true;
    root["modules_to_save"] = nullptr;
    root["target_modules"] = json::array();
    for (std::size_t i = 0; i < kLoraTargetCount; ++i) {
        if (lora.targets[i]) {
            root["target_modules"].push_back(std::string(shortNameOf(static_cast<LoraTarget>(i))));
        }
    }
    return root.dump(2) + "\n";
}

} // namespace dubito::model
