// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/LoadedModel.h"

#include "backend/base/AtomicFile.h"
#include "backend/base/Text.h"
#include "backend/model/JsonFields.h"
#include "backend/model/MergedWeights.h"
#include "backend/model/WeightFiles.h"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>

namespace dubito::session {

namespace {

constexpr std::size_t kLargestCompanion = std::size_t { 1 } << 20;

/// What config.json says, and generation_config.json where the model has one: chat models name their ends there.
std::vector<std::int32_t> endIdsOf(const std::filesystem::path& folder, const model::ModelConfig& config)
{
    std::vector<std::int64_t> named = config.eosIds;
    const auto text = readText(folder / "generation_config.json", kLargestCompanion);
    const auto json = text ? model::JsonFields::Json::parse(*text, nullptr, false) : model::JsonFields::Json();
    if (json.is_object()) {
        std::vector<std::string> ignored;
        const auto more = model::JsonFields(json, "", ignored).ids("eos_token_id");
        named.insert(named.end(), more.begin(), more.end());
    }
    std::vector<std::int32_t> ids;
    for (const std::int64_t id : named) {
        if (id >= 0 && id < config.vocabulary) {
            ids.push_back(static_cast<std::int32_t>(id));
        }
    }
    std::ranges::sort(ids);
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    return ids;
}

Error withFlag(Error error)
{
    if (error.code == ErrorCode::NotFound) {
        error.message += "; name what is there with --model";
    }
    return error;
}

/// With the adapter of a folder merged in, when one is named.
Result<void> readParameters(const model::WeightFiles& files, const std::filesystem::path& adapter,
    const model::ModelConfig& config, std::span<float> block)
{
    if (adapter.empty()) {
        return files.readAll(model::ParameterLayout::of(config), block);
    }
    const auto opened = model::AdapterFile::open(adapter, config);
    return opened ? model::readMerged(files, *opened, config, block) : Result<void>(opened.error());
}

} // namespace

Result<LoadedModel> loadModel(const std::filesystem::path& named, TensorMemory& memory)
{
    std::filesystem::path folder = named;
    const bool isAdapter = model::isAdapterFolder(named);
    if (isAdapter) {
        const auto description = model::readAdapterConfig(named / model::kAdapterConfigFile);
        if (!description) {
            return description.error();
        }
        auto base = model::findBase(named, *description, {});
        if (!base) {
            return base.error();
        }
        folder = std::move(*base);
    }
    auto config = model::readModelConfig(folder / "config.json");
    if (!config) {
        return withFlag(config.error());
    }
    auto tokenizer = tokenizer::Tokenizer::load(folder / "tokenizer.json");
    if (!tokenizer) {
        return withFlag(tokenizer.error());
    }
    if (tokenizer->vocabularySize() > config->vocabulary) {
        return Error { ErrorCode::Model,
            fmt::format("the tokenizer has {} ids, but the model only {} rows for them; they do not belong together: take "
                        "both from the same download",
                countToText(tokenizer->vocabularySize()), countToText(config->vocabulary)),
            folder.string() };
    }
    const auto files = model::WeightFiles::open(folder);
    if (!files && files.error().code == ErrorCode::NotFound) {
        return Error { ErrorCode::Model,
            "the folder has no weights (model.safetensors), so there is nothing that could speak; train it first, and name "
            "a checkpoint of the run with --model",
            folder.string() };
    }
    if (!files) {
        return files.error();
    }
    const auto layout = model::ParameterLayout::of(*config);
    auto notes = files->check(*config, layout);
    if (!notes) {
        return notes.error();
    }
    auto parameters = model::Tensor<float>::create(memory, layout.blockSize(), Category::Weights);
    if (!parameters) {
        return parameters.error();
    }
    if (auto read = readParameters(*files, isAdapter ? named : std::filesystem::path(), *config, parameters->span()); !read) {
        return read.error();
    }
    notes->insert(notes->begin(), config->warnings.begin(), config->warnings.end());
    auto endIds = endIdsOf(folder, *config);
    return LoadedModel { named, std::move(*config), std::move(*tokenizer), std::move(*parameters), std::move(endIds),
        std::move(*notes) };
}

} // namespace dubito::session
