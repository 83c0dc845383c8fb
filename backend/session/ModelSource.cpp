// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/ModelSource.h"

#include "backend/base/Text.h"
#include "backend/model/AdapterConfig.h"
#include "backend/model/Parameters.h"

#include <fmt/format.h>

#include <system_error>

namespace dubito::session {

namespace {

namespace fs = std::filesystem;

/// Opens the weights when there are any, and checks them against the description.
Result<void> openWeights(ModelSource& source)
{
    auto files = model::WeightFiles::open(source.folder);
    if (!files && files.error().code == ErrorCode::NotFound) {
        return {};
    }
    if (!files) {
        return files.error();
    }
    const auto checked = files->check(source.config, model::ParameterLayout::of(source.config));
    if (!checked) {
        return checked.error();
    }
    source.notes.insert(source.notes.end(), checked->begin(), checked->end());
    source.weights = std::move(*files);
    return {};
}

Result<void> openAdapter(ModelSource& source, const fs::path& folder, const config::Training& training)
{
    auto adapter = model::AdapterFile::open(folder, source.config);
    if (!adapter) {
        return adapter.error();
    }
    if (!source.weights) {
        return Error { ErrorCode::Model,
            "is named as the base of an adapter and holds no weights; an adapter without the weights that it was "
            "trained on is of no use",
            source.folder.string() };
    }
    if (training.loraRank > 0 && training.loraRank != adapter->lora().rank) {
        return Error { ErrorCode::Model,
            fmt::format("this adapter has rank {}, and training.lora_rank asks for {}; leave --lora-rank out to go on with "
                        "it, or name its base to begin a new one",
                adapter->lora().rank, training.loraRank),
            folder.string() };
    }
    source.lora = adapter->lora();
    if (training.loraDropout > 0) {
        source.lora.dropout = training.loraDropout;
    }
    source.adapter = std::move(*adapter);
    return {};
}

model::FrozenStorage storedAs(const ModelSource& source)
{
    return source.weights ? model::storageOf(*source.weights, model::ParameterLayout::of(source.config))
                          : model::FrozenStorage::Full;
}

void noteAdapter(ModelSource& source)
{
    if (!source.weights) {
        source.notes.push_back(fmt::format(
            "{} has no weights: a new run starts from random numbers{}", source.folder.string(),
            source.lora.isOn() ? "; an adapter over them cannot be merged or made to speak: name a model with weights by --model" : ""));
    }
    if (source.lora.isOn()) {
        const auto trained = model::ParameterLayout::ofAdapter(source.config, source.lora).count();
        source.notes.push_back(fmt::format("LoRA of rank {} on {}: {} numbers are trained, {:.2f} % of the model; its "
                                           "weights are frozen and kept as {}",
            source.lora.rank, model::toText(source.lora.targets), countToText(trained),
            100.0 * static_cast<double>(trained) / static_cast<double>(model::parameterCount(source.config)),
            source.frozen == model::FrozenStorage::Bf16 ? "BF16" : "F32"));
    }
}

} // namespace

Result<model::LoraConfig> wantedAdapter(const config::Training& training, const model::ModelConfig& config)
{
    model::LoraConfig lora;
    if (training.loraRank == 0) {
        return lora;
    }
    lora.rank = training.loraRank;
    lora.alpha = training.loraAlpha > 0 ? training.loraAlpha : 2 * static_cast<double>(training.loraRank);
    lora.dropout = training.loraDropout;
    auto targets = model::parseLoraTargets(training.loraTargets);
    if (!targets) {
        return Error { ErrorCode::Usage, targets.error().message, "training.lora_targets" };
    }
    lora.targets = *targets;
    if (auto usable = model::checkLoraConfig(lora, config); !usable) {
        return Error { ErrorCode::Usage, usable.error().message, "training.lora_rank" };
    }
    return lora;
}

Result<model::FrozenStorage> frozenStorage(const config::Training& training, model::FrozenStorage stored)
{
    const bool rounds = training.precision == config::Precision::Bf16;
    if (rounds && training.frozenWeights == config::FrozenWeights::F32) {
        return Error { ErrorCode::Usage,
            "products of BF16 numbers read frozen weights as BF16, and frozen_weights asks to keep them as f32: it would cost "
            "memory and change nothing; leave it at auto, or use --precision f32",
            "training.frozen_weights" };
    }
    if (training.frozenWeights == config::FrozenWeights::Auto && !rounds) {
        return stored;
    }
    return rounds || training.frozenWeights == config::FrozenWeights::Bf16 ? model::FrozenStorage::Bf16
                                                                           : model::FrozenStorage::Full;
}

Result<ModelSource> openModelSource(const fs::path& named, const config::Config& config)
{
    ModelSource source;
    source.folder = named;
    const bool isAdapter = model::isAdapterFolder(named);
    if (isAdapter) {
        const auto description = model::readAdapterConfig(named / model::kAdapterConfigFile);
        if (!description) {
            return description.error();
        }
        auto base = model::findBase(named, *description, config.model.base);
        if (!base) {
            return base.error();
        }
        source.folder = std::move(*base);
    }
    auto described = model::readModelConfig(source.folder / "config.json");
    if (!described) {
        return described.error();
    }
    source.config = std::move(*described);
    source.notes = source.config.warnings;
    if (auto opened = openWeights(source); !opened) {
        return opened.error();
    }
    if (isAdapter) {
        if (auto opened = openAdapter(source, named, config.training); !opened) {
            return opened.error();
        }
    } else {
        auto lora = wantedAdapter(config.training, source.config);
        if (!lora) {
            return lora.error();
        }
        source.lora = *lora;
    }
    if (source.lora.isOn()) {
        const auto storage = frozenStorage(config.training, storedAs(source));
        if (!storage) {
            return storage.error();
        }
        source.frozen = *storage;
    }
    noteAdapter(source);
    return source;
}

Result<train::CompanionFiles> companionsOf(const ModelSource& source)
{
    auto companions = train::readCompanions(source.folder, source.config);
    if (!companions || !source.lora.isOn()) {
        return companions;
    }
    // Without the weights a config.json would promise a model that is not there.
    companions->erase("config.json");
    std::error_code problem;
    const fs::path base = fs::canonical(source.folder, problem);
    (*companions)[model::kAdapterConfigFile]
        = model::toAdapterConfigJson({ source.lora, problem ? source.folder.string() : base.string() });
    return companions;
}

std::string adapterFingerprint(const model::LoraConfig& lora, model::FrozenStorage frozen)
{
    return lora.isOn() ? fmt::format(" | lora {} {} {} {} {} {}", lora.rank, lora.alpha, lora.dropout,
                             lora.isRankStabilised ? "rs" : "", model::toText(lora.targets), static_cast<int>(frozen))
                       : "";
}

Result<model::FrozenWeights<float>> readBase(const model::ModelConfig& config,
    const std::optional<model::WeightFiles>& weights, model::FrozenStorage storage, std::uint64_t seed,
    TensorMemory& memory)
{
    auto base = model::FrozenWeights<float>::create(config, storage, memory);
    if (!base) {
        return base;
    }
    if (!weights) {
        base->initialise(config, seed);
        return base;
    }
    if (auto read = base->read(*weights); !read) {
        return read.error();
    }
    return base;
}

} // namespace dubito::session
