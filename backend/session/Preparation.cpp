// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/Preparation.h"

#include "backend/base/Checksum.h"
#include "backend/base/Text.h"
#include "backend/distrust/DistrustTerm.h"
#include "backend/distrust/WeightMean.h"
#include "backend/distrust/Weighting.h"
#include "backend/model/Parameters.h"
#include "backend/session/CorpusReading.h"
#include "backend/session/ModelSource.h"
#include "backend/session/Resources.h"
#include "backend/tokenizer/Tokenizer.h"

#include <array>
#include <fmt/format.h>
#include <system_error>
#include <utility>

namespace dubito::session {

namespace {

std::string countOfParameters(std::int64_t count)
{
    const auto number = static_cast<double>(count);
    return count >= 1'000'000'000 ? fmt::format("{:.2f} B parameters", number / 1e9)
        : count >= 1'000'000      ? fmt::format("{:.1f} M parameters", number / 1e6)
                                  : fmt::format("{} parameters", countToText(count));
}

/// A file that is not there: the sentence ends with the flag that names another.
Error withFlag(Error error, std::string_view flag)
{
    if (error.code == ErrorCode::NotFound) {
        error.message += fmt::format("; name what is there with {}", flag);
    }
    return error;
}

Result<void> checkFit(const tokenizer::Tokenizer& tokenizer, const model::ModelConfig& config, const RunInputs& inputs)
{
    if (tokenizer.vocabularySize() > config.vocabulary) {
        return Error { ErrorCode::Model,
            fmt::format("the tokenizer has {} ids, but the model only {} rows for them; they do not "
                        "belong together: take both from the same download",
                countToText(tokenizer.vocabularySize()), countToText(config.vocabulary)),
            inputs.model.string() };
    }
    return {};
}

Result<void> checkLengths(const model::ModelConfig& config, const config::Training& training, const RunInputs& inputs)
{
    if (training.seqLen > config.maxPositions) {
        return Error { ErrorCode::Model,
            fmt::format("training.seq_len is {}, but the model knows {} positions; use --seq-len {} or less",
                training.seqLen, config.maxPositions, config.maxPositions),
            inputs.model.string() };
    }
    return model::checkLength(config, training.seqLen);
}

/// Mean of the weights of labelled documents, and what the weights do.
void judgeWeights(const config::Config& config, Prepared& prepared)
{
    distrust::WeightMean mean;
    for (std::int64_t i = 0; i < prepared.documents.size(); ++i) {
        const auto info = prepared.documents.info(i);
        if (info.labels != data::LabelSource::WeightOne) {
            mean.add(info.weight);
        }
    }
    if (mean.count() > 0) {
        prepared.scale = { mean.factor(), mean.offset() };
        prepared.weightMean = mean.isAllZero() ? 1.0 : mean.mean();
    }
    if (mean.count() > 0 && mean.isAllZero()) {
        prepared.notes.emplace_back("all distrust weights are 0, so every document gets weight 1");
    }

    distrust::WeightReport report(config.training.lossReduction);
    for (std::int64_t i = 0; i < prepared.documents.size(); ++i) {
        const auto info = prepared.documents.info(i);
        const bool isLabelled = info.labels != data::LabelSource::WeightOne;
        report.add({ .weight = isLabelled ? info.weight * prepared.scale.factor + prepared.scale.offset : 1.0,
            .c = isLabelled ? distrust::component(info.authority, info.entropy) : 0.0,
            .targets = info.targets(),
            .sourceClass = info.sourceClass });
    }
    prepared.facts = { report.effectiveSampleShare(), report.belowZero(), report.shares() };
}

void noteWeights(const config::Config& config, Prepared& prepared)
{
    const auto keepInView = [&](std::string note) {
        prepared.caution = note;
        prepared.notes.push_back(std::move(note));
    };
    if (config.distrust.weighting == config::WeightingMode::Published && prepared.facts.belowZero > 0) {
        prepared.notes.push_back(fmt::format("c is below 0 for {}, where the published weight rises again as the source "
                                             "gets worse",
            countOf(prepared.facts.belowZero, "document")));
    }
    if (prepared.facts.effectiveSampleShare < config.distrust.essWarning) {
        keepInView(fmt::format("the effective sample size is only {:.0f} % of the documents: few of them carry most of the "
                               "gradient, and they may be learnt by heart",
            100.0 * prepared.facts.effectiveSampleShare));
    }
    if (distrust::weightingRow(config.distrust.weighting).reach == distrust::Reach::ReportOnly) {
        keepInView("the additive distrust term has no gradient: it changes the printed total and nothing that the model "
                   "learns (monotone is the weighting that acts)");
    }
}

void noteCorpus(const config::Training& training, Prepared& prepared)
{
    const auto& report = prepared.documents.report();
    prepared.notes.push_back(data::toText(prepared.corpusReport));
    prepared.notes.push_back(fmt::format("labels: {} given, {} scored, {} without (weight 1)", countToText(report.given),
        countToText(report.scored), countToText(report.weightOne)));
    prepared.notes.push_back(fmt::format("{} of {} are trained on: no prompt is, nor the first token of a document{}",
        countToText(report.targets), countOf(report.tokens, "token"),
        report.cutDocuments > 0 ? fmt::format("; {} cut at {} tokens (training.seq_len)",
                                      countOf(report.cutDocuments, "document"), countToText(training.seqLen))
                                : ""));
}

std::string fingerprintOf(const config::Config& config, const Prepared& prepared, const std::string& corpusSum)
{
    const auto& m = prepared.model;
    const std::string text = fmt::format("{} {} {} {} {} {} {} {} {} | {} {} {} {} {} {} {} {} | {}", m.hidden, m.layers,
        m.heads, m.kvHeads, m.headDim, m.intermediate, m.vocabulary, m.tiedHead, m.rope.theta, config.training.seed,
        config.training.seqLen, static_cast<int>(config.data.shuffle), static_cast<int>(config.distrust.weighting),
        config.distrust.alpha, config.distrust.lambda, static_cast<int>(config.distrust.normalise),
        static_cast<int>(config.training.lossReduction), corpusSum)
        + adapterFingerprint(prepared.lora, prepared.frozen);
    return checksumHex(std::as_bytes(std::span(text)));
}

} // namespace

Result<RunInputs> inputsOf(const config::Config& config)
{
    RunInputs inputs { config.model.path, config.data.path, config.data.validation };
    if (!inputs.model.empty() && !inputs.corpus.empty()) {
        return inputs;
    }
    const auto shipped = shippedRun();
    if (!shipped) {
        return shipped.error();
    }
    if (inputs.model.empty()) {
        inputs.model = shipped->model;
    }
    if (inputs.corpus.empty()) {
        inputs.corpus = shipped->corpus;
        if (inputs.validation.empty()) {
            inputs.validation = shipped->validation;
        }
    }
    return inputs;
}

Result<void> requireThere(const RunInputs& inputs)
{
    const std::array named { std::pair(&inputs.model, "--model"), std::pair(&inputs.corpus, "--data"),
        std::pair(&inputs.validation, "--validation") };
    for (const auto& [path, flag] : named) {
        std::error_code problem;
        if (!path->empty() && std::filesystem::status(*path, problem).type() == std::filesystem::file_type::not_found) {
            return withFlag({ ErrorCode::NotFound, "there is no such file or folder", path->string() }, flag);
        }
    }
    return {};
}

Result<Prepared> prepare(const PreparationRequest& request)
{
    const auto& config = request.config;
    auto inputs = inputsOf(config);
    if (!inputs) {
        return inputs.error();
    }
    request.onProgress("opens the model", 0);
    auto source = openModelSource(inputs->model, config);
    if (!source) {
        return withFlag(source.error(), "--model");
    }
    if (auto fits = checkLengths(source->config, config.training, *inputs); !fits) {
        return fits.error();
    }
    const auto tokenizer = tokenizer::Tokenizer::load(source->folder / "tokenizer.json");
    if (!tokenizer) {
        return withFlag(tokenizer.error(), "--model");
    }
    if (auto fits = checkFit(*tokenizer, source->config, *inputs); !fits) {
        return fits.error();
    }
    auto companions = companionsOf(*source);
    if (!companions) {
        return companions.error();
    }

    const CorpusRequest reading { config, *tokenizer, request.runFolder, request.tally, request.stop, request.onProgress };
    auto corpus = readCorpus(inputs->corpus, reading);
    if (!corpus) {
        return withFlag(corpus.error(), "--data");
    }
    std::optional<data::DocumentStore> validation;
    if (!inputs->validation.empty()) {
        auto heldOut = readCorpus(inputs->validation, reading);
        if (!heldOut) {
            return withFlag(heldOut.error(), "--validation");
        }
        validation = std::move(heldOut->documents);
    }

    Prepared prepared { std::move(*inputs), std::move(source->config), "", std::move(source->weights), std::move(*companions),
        std::move(corpus->documents), std::move(validation), {}, 1, {}, std::move(corpus->report), std::move(source->notes), "",
        source->lora, std::move(source->adapter), source->frozen, tokenizer->patternsGivenUp() };
    prepared.modelName = fmt::format("{}, {}", prepared.inputs.model.filename().string(),
        countOfParameters(model::parameterCount(prepared.model)));
    noteCorpus(config.training, prepared);
    judgeWeights(config, prepared);
    noteWeights(config, prepared);
    prepared.fingerprint = fingerprintOf(config, prepared, corpus->checksum);
    return prepared;
}

} // namespace dubito::session
