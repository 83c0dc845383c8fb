// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Error.h"
#include "backend/base/Tally.h"
#include "backend/config/Config.h"
#include "backend/data/BatchSampler.h"
#include "backend/data/DocumentStore.h"
#include "backend/data/JsonlReader.h"
#include "backend/distrust/WeightReport.h"
#include "backend/model/AdapterFile.h"
#include "backend/model/FrozenWeights.h"
#include "backend/model/ModelConfig.h"
#include "backend/model/WeightFiles.h"
#include "backend/train/Checkpoint.h"

#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace dubito::session {

/// Where model and corpus of a run are, after the shipped ones have stood in for what was not named.
struct RunInputs {
    std::filesystem::path model; ///< as it was named: a model, or an adapter
    std::filesystem::path corpus;
    std::filesystem::path validation; ///< empty: none
};

Result<RunInputs> inputsOf(const config::Config& config);

/// ErrorCode::NotFound, with the flag that names another, when one of them is not there: asked before a run gets a folder.
Result<void> requireThere(const RunInputs& inputs);

/// What the weights of the training split do, said before the first step.
struct WeightFacts {
    double effectiveSampleShare = 1;
    std::int64_t belowZero = 0; ///< documents with c < 0
    std::vector<distrust::ClassShare> shares;
};

/// Everything a Trainer needs and a reload keeps: corpora in mapped files, the model's description, no parameters.
struct Prepared {
    RunInputs inputs;
    model::ModelConfig model;
    std::string modelName; ///< "tiny, 3.5 M parameters"
    std::optional<model::WeightFiles> weights; ///< nothing: random initialisation
    train::CompanionFiles companions;
    data::DocumentStore documents;
    std::optional<data::DocumentStore> validation;
    data::WeightScale scale;
    double weightMean = 1;
    WeightFacts facts;
    data::ReadReport corpusReport;
    std::vector<std::string> notes; ///< sentences the user should hear, in order
    std::string fingerprint;
    model::LoraConfig lora {}; ///< off: every weight is trained
    std::optional<model::AdapterFile> adapter {}; ///< where it begins; nothing: as new
    model::FrozenStorage frozen = model::FrozenStorage::Full;
    std::int64_t patternsGivenUp = 0; ///< stretches of text on which the tokenizer's pattern ran out of its limits
    std::string caution {}; ///< the one of the notes that is worth keeping in view; may be empty
};

/// What a preparation is told.
struct PreparationRequest {
    const config::Config& config;
    std::filesystem::path runFolder; ///< for the mapped files
    Tally& tally;
    std::stop_token stop;
    /// Now and then: what it does in words, and the share done, 0 to 1.
    std::function<void(const std::string& activity, double share)> onProgress;
};

/// Lines → labels → weights → ids → DocumentStore, and the model's description: the state Preparing.
///
/// ErrorCode::Refused when it was stopped. Everything that can be refused is refused here, before training starts.
Result<Prepared> prepare(const PreparationRequest& request);

} // namespace dubito::session
