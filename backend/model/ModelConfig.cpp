// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/ModelConfig.h"

#include "backend/base/AtomicFile.h"
#include "backend/base/Text.h"
#include "backend/model/JsonFields.h"

#include <fmt/format.h>

#include <array>
#include <limits>

namespace dubito::model {

namespace {

using Json = JsonFields::Json;

constexpr std::array<std::string_view, 3> kArchitectureWords { "llama", "mistral", "qwen2" };
constexpr std::array<std::string_view, 3> kClassNames { "LlamaForCausalLM", "MistralForCausalLM", "Qwen2ForCausalLM" };

/// Larger than any published model, small enough that no product of three passes 64 bits.
constexpr std::int64_t kWidest = std::int64_t { 1 } << 20;
constexpr std::int64_t kMostParameters = std::int64_t { 1 } << 41;

constexpr double kMostLayers = 16'384;
constexpr NumberRange kSize { 1, static_cast<double>(kWidest) };
constexpr NumberRange kTheta { 1, 1e12 };
constexpr NumberRange kFactor { 1, 1e6 };
constexpr NumberRange kLength { 1, 1e9 };

void refusePartialRotation(JsonFields& fields)
{
    if (fields.numberOr("partial_rotary_factor", 1, { 0, 1 }) != 1) {
        fields.complain("partial_rotary_factor is not 1; only whole heads are rotated here");
    }
}

/// Newer models may turn each kind of layer in its own way; none that is supported here does.
void refuseNesting(const char* key, const Json& settings, JsonFields& fields)
{
    for (const auto& [name, value] : settings.items()) {
        if (value.is_object()) {
            fields.complain(fmt::format(
                "{} holds settings for {} alone; one rope for all layers is supported", key, dubito::quoted(name)));
        }
    }
}

void readRopeScaling(JsonFields& scaling, RopeConfig& rope, std::int64_t originalMaxPositions)
{
    const std::string type = scaling.wordOr("rope_type", scaling.wordOr("type", "default"));
    rope.theta = scaling.numberOr("rope_theta", rope.theta, kTheta);
    refusePartialRotation(scaling);
    if (type == "default") {
        return;
    }
    if (type != "linear" && type != "llama3") {
        scaling.complain(fmt::format("rope type \"{}\" is not supported; default, linear and llama3 are", type));
        return;
    }
    rope.scaling = type == "linear" ? RopeScaling::Linear : RopeScaling::Llama3;
    if (!scaling.has("factor")) {
        scaling.complain(fmt::format("rope type \"{}\" needs a factor", type));
    }
    rope.factor = scaling.numberOr("factor", 1, kFactor);
    if (rope.scaling == RopeScaling::Llama3) {
        rope.lowFreqFactor = scaling.numberOr("low_freq_factor", 1, { 1e-3, 1e6 });
        rope.highFreqFactor = scaling.numberOr("high_freq_factor", 4, { 1e-3, 1e6 });
        rope.originalMaxPositions = scaling.wholeOr("original_max_position_embeddings", originalMaxPositions, kLength);
    }
}

/// `rope_theta` with `rope_scaling`, or the newer `rope_parameters` that holds both.
RopeConfig readRope(const Json& root, JsonFields& fields, std::vector<std::string>& problems)
{
    RopeConfig rope;
    refusePartialRotation(fields);
    rope.theta = fields.numberOr("rope_theta", rope.theta, kTheta);
    const std::int64_t original = fields.wholeOr("original_max_position_embeddings", 0, kLength);
    std::optional<RopeConfig> before;
    for (const char* key : { "rope_scaling", "rope_parameters" }) {
        if (!fields.has(key)) {
            continue;
        }
        if (!root.at(key).is_object()) {
            fields.complain(fmt::format("{} must be an object or null", key));
            continue;
        }
        refuseNesting(key, root.at(key), fields);
        JsonFields scaling(root.at(key), std::string(key) + ".", problems);
        RopeConfig read { .theta = rope.theta };
        readRopeScaling(scaling, read, original);
        const bool thetaDiffers = fields.has("rope_theta") && scaling.has("rope_theta") && read.theta != rope.theta;
        if (thetaDiffers || (before && *before != read)) {
            fields.complain(fmt::format("{} contradicts the older spelling of the rope settings; keep one", key));
        }
        before = read;
    }
    return before.value_or(rope);
}

Architecture readArchitecture(JsonFields& fields)
{
    const std::string type = fields.wordOr("model_type", "");
    for (std::size_t i = 0; i < kArchitectureWords.size(); ++i) {
        if (type == kArchitectureWords[i]) {
            return static_cast<Architecture>(i);
        }
    }
    fields.complain(type.empty()
            ? "model_type is missing; it must be llama, mistral or qwen2"
            : fmt::format("model_type \"{}\" is not supported; llama, mistral and qwen2 are", type));
    return Architecture::Llama;
}

/// A sliding window matters only where it is shorter than the sequences; Qwen2 configs carry one that is switched off.
void readSlidingWindow(JsonFields& fields, ModelConfig& config)
{
    const bool isUsed = fields.flagOr("use_sliding_window", config.architecture == Architecture::Mistral);
    const std::int64_t window = fields.wholeOr("sliding_window", 0, { 0, 1e9 });
    if (!isUsed || window == 0 || window >= config.maxPositions) {
        return;
    }
    config.slidingWindow = window;
    config.warnings.push_back(
        fmt::format("this model attends through a sliding window of {} tokens, which is not built "
                    "here; sequences up to that length are exact, longer ones are refused",
            window));
}

void readSwitches(JsonFields& fields, ModelConfig& config)
{
    const bool isLlama = config.architecture == Architecture::Llama;
    config.tiedHead = fields.flagOr("tie_word_embeddings", false);
    const bool attentionBias = fields.flagOr("attention_bias", false);
    config.qkvBias = config.architecture == Architecture::Qwen2 || (isLlama && attentionBias);
    config.outputBias = isLlama && attentionBias;
    config.mlpBias = fields.flagOr("mlp_bias", false) && isLlama;
    const std::string activation = fields.wordOr("hidden_act", "silu");
    if (activation != "silu" && activation != "swish") {
        fields.complain(fmt::format("hidden_act \"{}\" is not supported; silu is", activation));
    }
    if (fields.has("quantization_config")) {
        fields.complain("the weights are quantised (quantization_config); save the model as BF16, F16 or F32 first");
    }
}

void readIds(JsonFields& fields, ModelConfig& config)
{
    const auto first
        = [](const std::vector<std::int64_t>& ids) { return ids.empty() ? std::nullopt : std::optional(ids.front()); };
    config.bosId = first(fields.ids("bos_token_id"));
    config.padId = first(fields.ids("pad_token_id"));
    config.eosIds = fields.ids("eos_token_id");
}

ModelConfig readFields(const Json& root, std::vector<std::string>& problems)
{
    JsonFields fields(root, "", problems);
    ModelConfig config;
    config.architecture = readArchitecture(fields);
    config.hidden = fields.whole("hidden_size", kSize);
    config.layers = fields.whole("num_hidden_layers", { 1, kMostLayers });
    config.heads = fields.whole("num_attention_heads", kSize);
    config.kvHeads = fields.wholeOr("num_key_value_heads", config.heads, kSize);
    config.intermediate = fields.whole("intermediate_size", kSize);
    config.vocabulary = fields.whole("vocab_size", { 1, static_cast<double>(kWidest) * 16 });
    config.maxPositions = fields.wholeOr("max_position_embeddings", config.maxPositions, kLength);
    config.rmsEps = fields.numberOr("rms_norm_eps", config.rmsEps, { 1e-20, 1 });
    config.initializerRange = fields.numberOr("initializer_range", config.initializerRange, { 0, 10 });
    const bool divides = config.hidden % config.heads == 0;
    config.headDim = fields.wholeOr("head_dim", divides ? config.hidden / config.heads : 0, kSize);
    if (!fields.has("head_dim") && !divides && problems.empty()) {
        fields.complain(
            fmt::format("hidden_size {} is not divisible by num_attention_heads {}, and there is no head_dim",
                config.hidden, config.heads));
    }
    config.rope = readRope(root, fields, problems);
    readSwitches(fields, config);
    readSlidingWindow(fields, config);
    readIds(fields, config);
    return config;
}

Error refused(const std::vector<std::string>& problems, const std::string& where)
{
    return { ErrorCode::Model, fmt::format("this model cannot be used: {}", fmt::join(problems, "; ")), where };
}

Json ropeToJson(const RopeConfig& rope)
{
    if (rope.scaling == RopeScaling::None) {
        return nullptr;
    }
    Json scaling { { "rope_type", rope.scaling == RopeScaling::Linear ? "linear" : "llama3" },
        { "factor", rope.factor } };
    if (rope.scaling == RopeScaling::Llama3) {
        scaling["low_freq_factor"] = rope.lowFreqFactor;
        scaling["high_freq_factor"] = rope.highFreqFactor;
        scaling["original_max_position_embeddings"] = rope.originalMaxPositions;
    }
    return scaling;
}

Json optionalToJson(const std::optional<std::int64_t>& id) { return id ? Json(*id) : Json(nullptr); }

Json toNewJson(const ModelConfig& config)
{
    const auto index = static_cast<std::size_t>(config.architecture);
    return { { "architectures", Json::array({ kClassNames[index] }) }, { "model_type", kArchitectureWords[index] },
        { "hidden_act", "silu" }, { "hidden_size", config.hidden }, { "intermediate_size", config.intermediate },
        { "num_hidden_layers", config.layers }, { "num_attention_heads", config.heads },
        { "num_key_value_heads", config.kvHeads }, { "head_dim", config.headDim }, { "vocab_size", config.vocabulary },
        { "max_position_embeddings", config.maxPositions }, { "rms_norm_eps", config.rmsEps },
        { "rope_theta", config.rope.theta }, { "rope_scaling", ropeToJson(config.rope) },
        { "attention_bias", config.outputBias }, { "mlp_bias", config.mlpBias },
        { "tie_word_embeddings", config.tiedHead }, { "sliding_window", optionalToJson(config.slidingWindow) },
        { "initializer_range", config.initializerRange }, { "bos_token_id", optionalToJson(config.bosId) },
        { "eos_token_id", config.eosIds.size() == 1 ? Json(config.eosIds.front()) : Json(config.eosIds) },
        { "pad_token_id", optionalToJson(config.padId) }, { "torch_dtype", "float32" } };
}

} // namespace

std::string_view toWord(Architecture architecture)
{
    return kArchitectureWords[static_cast<std::size_t>(architecture)];
}

Result<ModelConfig> readModelConfig(const std::filesystem::path& configJson)
{
    const auto text = readText(configJson, std::size_t { 4 } << 20);
    if (!text) {
        const ErrorCode code = text.error().code == ErrorCode::NotFound ? ErrorCode::NotFound : ErrorCode::Model;
        return Error { code, text.error().message, text.error().where };
    }
    return parseModelConfig(*text, configJson.string());
}

Result<ModelConfig> parseModelConfig(std::string_view text, const std::string& where)
{
    if (jsonDepth(text) > kDeepestJson) {
        return Error { ErrorCode::Model, "is nested deeper than any description of a model; fetch it again", where };
    }
    const Json root = Json::parse(text, nullptr, false);
    if (!root.is_object()) {
        return Error { ErrorCode::Model,
            root.is_discarded() ? "is no valid JSON; the file is damaged or was cut short" : "is no JSON object",
            where };
    }
    std::vector<std::string> problems;
    ModelConfig config = readFields(root, problems);
    if (!problems.empty()) {
        return refused(problems, where);
    }
    if (auto checked = checkModelConfig(config, where); !checked) {
        return checked.error();
    }
    config.sourceText = text;
    return config;
}

Result<void> checkModelConfig(const ModelConfig& config, const std::string& where)
{
    std::vector<std::string> problems;
    const auto require = [&](bool holds, auto sentence) {
        if (!holds) {
            problems.push_back(sentence());
        }
    };
    for (const auto size : { config.hidden, config.layers, config.heads, config.kvHeads, config.headDim,
             config.intermediate, config.vocabulary, config.maxPositions }) {
        require(size > 0, [] { return std::string("every size must be greater than 0"); });
        if (!problems.empty()) {
            return refused(problems, where);
        }
    }
    require(config.heads % config.kvHeads == 0, [&] {
        return fmt::format(
            "num_attention_heads {} is not divisible by num_key_value_heads {}", config.heads, config.kvHeads);
    });
    require(
        config.headDim % 2 == 0, [&] { return fmt::format("head_dim {} is odd; rope turns pairs", config.headDim); });
    if (config.rope.scaling == RopeScaling::Llama3) {
        require(config.rope.originalMaxPositions > 0,
            [] { return std::string("rope type \"llama3\" needs original_max_position_embeddings"); });
        require(config.rope.lowFreqFactor < config.rope.highFreqFactor,
            [] { return std::string("rope low_freq_factor must be below high_freq_factor"); });
    }
    require(parameterCount(config) <= kMostParameters, [&] {
        return fmt::format("the sizes together make more than {} parameters; one of them is wrong", kMostParameters);
    });
    return problems.empty() ? Result<void>() : Result<void>(refused(problems, where));
}

std::string toConfigJson(const ModelConfig& config, Dtype dtype)
{
    Json root = Json::parse(config.sourceText, nullptr, false);
    if (!root.is_object()) {
        root = toNewJson(config);
    }
    const bool isNewSpelling = root.contains("dtype") && !root.contains("torch_dtype");
    root[isNewSpelling ? "dtype" : "torch_dtype"]
        = dtype == Dtype::BF16 ? "bfloat16" : dtype == Dtype::F16 ? "float16" : "float32";
    return root.dump(2) + "\n";
}

Result<void> checkLength(const ModelConfig& config, std::int64_t tokens)
{
    if (config.slidingWindow && tokens > *config.slidingWindow) {
        return Error { ErrorCode::Model,
            fmt::format("sequences of {} tokens are longer than the sliding window of {} that this model attends "
                        "through; set seq-len to {} or less",
                tokens, *config.slidingWindow, *config.slidingWindow),
            {} };
    }
    return {};
}

std::int64_t parameterCount(const ModelConfig& config)
{
    // In floating point first: hand-made sizes may be anything, and an overflow must not make them small.
    const auto wide = [](std::int64_t size) { return static_cast<double>(size); };
    const double attention = wide(config.hidden) * (2 * wide(config.queryWidth()) + 2 * wide(config.keyWidth()))
        + (config.qkvBias ? wide(config.queryWidth()) + 2 * wide(config.keyWidth()) : 0)
        + (config.outputBias ? wide(config.hidden) : 0);
    const double feedForward = 3 * wide(config.hidden) * wide(config.intermediate)
        + (config.mlpBias ? 2 * wide(config.intermediate) + wide(config.hidden) : 0);
    const double perLayer = attention + feedForward + 2 * wide(config.hidden);
    const double embeddings = wide(config.vocabulary) * wide(config.hidden) * (config.tiedHead ? 1 : 2);
    const double count = wide(config.layers) * perLayer + embeddings + wide(config.hidden);
    return count < 9e15 ? static_cast<std::int64_t>(count) : std::numeric_limits<std::int64_t>::max();
}

} // namespace dubito::model
