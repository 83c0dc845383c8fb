// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/LoadedModel.h"

#include "backend/base/AtomicFile.h"
#include "backend/base/Text.h"
#include "backend/model/AdapterFile.h"
#include "backend/model/JsonFields.h"
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
    const bool isUsable = text && jsonDepth(*text) <= kDeepestJson;
    const auto json = isUsable ? model::JsonFields::Json::parse(*text, nullptr, false) : model::JsonFields::Json();
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

/// The folder of the weights: the one that is named, or the base of the adapter that is.
Result<std::filesystem::path> weightsFolderOf(const NamedModel& named)
{
    if (!model::isAdapterFolder(named.folder)) {
        if (!named.base.empty()) {
            return Error { ErrorCode::Usage, "is no adapter (it has no adapter_config.json), so it stands on no base; leave "
                                             "--base out",
                named.folder.string() };
        }
        return named.folder;
    }
    const auto description = model::readAdapterConfig(named.folder / model::kAdapterConfigFile);
    if (!description) {
        return description.error();
    }
    return model::findBase(named.folder, *description, named.base);
}

Result<tokenizer::Tokenizer> loadTokenizer(const std::filesystem::path& folder, const model::ModelConfig& config)
{
    auto tokenizer = tokenizer::Tokenizer::load(folder / "tokenizer.json");
    if (!tokenizer) {
        return withFlag(tokenizer.error());
    }
    if (tokenizer->vocabularySize() > config.vocabulary) {
        return Error { ErrorCode::Model,
            fmt::format("the tokenizer has {} ids, but the model only {} rows for them; they do not belong together: take "
                        "both from the same download",
                countToText(tokenizer->vocabularySize()), countToText(config.vocabulary)),
            folder.string() };
    }
    return tokenizer;
}

Result<model::FrozenWeights<float>> readWeights(const std::filesystem::path& folder, const model::ModelConfig& config,
    TensorMemory& memory, std::vector<std::string>& notes)
{
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
    const auto layout = model::ParameterLayout::of(config);
    const auto checked = files->check(config, layout);
    if (!checked) {
        return checked.error();
    }
    notes.insert(notes.end(), checked->begin(), checked->end());
    auto weights = model::FrozenWeights<float>::create(config, model::storageOf(*files, layout), memory);
    if (!weights) {
        return weights;
    }
    if (auto read = weights->read(*files); !read) {
        return read.error();
    }
    return weights;
}

Result<LoadedAdapter> readAdapter(
    const std::filesystem::path& folder, const model::ModelConfig& config, TensorMemory& memory)
{
    const auto file = model::AdapterFile::open(folder, config);
    if (!file) {
        return file.error();
    }
    const auto layout = model::ParameterLayout::ofAdapter(config, file->lora());
    auto numbers = model::Tensor<float>::create(memory, layout.blockSize(), Category::Weights);
    if (!numbers) {
        return numbers.error();
    }
    if (auto read = file->readAll(layout, numbers->span()); !read) {
        return read.error();
    }
    return LoadedAdapter { file->lora(), std::move(*numbers) };
}

} // namespace

model::ReadingWeights LoadedModel::reading() const
{
    return { weights.place(), adapter ? &adapter->lora : nullptr, adapter ? adapter->numbers.data() : nullptr };
}

Result<LoadedModel> loadModel(const NamedModel& named, TensorMemory& memory)
{
    const auto folder = weightsFolderOf(named);
    if (!folder) {
        return folder.error();
    }
    auto config = model::readModelConfig(*folder / "config.json");
    if (!config) {
        return withFlag(config.error());
    }
    auto tokenizer = loadTokenizer(*folder, *config);
    if (!tokenizer) {
        return tokenizer.error();
    }
    std::vector<std::string> notes = config->warnings;
    auto weights = readWeights(*folder, *config, memory, notes);
    if (!weights) {
        return weights.error();
    }
    LoadedModel loaded { named.folder, std::move(*config), std::move(*tokenizer), std::move(*weights), {}, {},
        std::move(notes) };
    loaded.endIds = endIdsOf(*folder, loaded.config);
    if (model::isAdapterFolder(named.folder)) {
        auto adapter = readAdapter(named.folder, loaded.config, memory);
        if (!adapter) {
            return adapter.error();
        }
        loaded.adapter = std::move(*adapter);
    }
    return loaded;
}

} // namespace dubito::session
