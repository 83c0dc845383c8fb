// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/PreferenceTrial.h"

#include "backend/base/AtomicFile.h"
#include "backend/base/Parallel.h"
#include "backend/config/ConfigWords.h"
#include "backend/distrust/Weighting.h"
#include "backend/memory/TensorPool.h"
#include "backend/session/ModelSource.h"
#include "backend/session/Preparation.h"
#include "backend/session/TrialRecord.h"
#include "backend/train/Trainer.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <optional>

namespace dubito::session {

namespace {

struct Labels {
    double authority;
    double entropy;
};

/// The two published reference documents, between which monotone is exactly 30 to 1.
constexpr Labels kPrimary { 0.05, 7.5 };
constexpr Labels kConsensus { 0.90, 1.0 };
constexpr Labels kAlike { 0.5, 3.0 };

constexpr double kStrong = 0.9;
constexpr double kNeitherLow = 0.45;
constexpr double kNeitherHigh = 0.55;

Labels labelsOfPrimary(ClaimLabels labels)
{
    switch (labels) {
    case ClaimLabels::Honest:
        return kPrimary;
    case ClaimLabels::Swapped:
        return kConsensus;
    case ClaimLabels::Equal:
        break;
    }
    return kAlike;
}

Labels labelsOfConsensus(ClaimLabels labels)
{
    switch (labels) {
    case ClaimLabels::Honest:
        return kConsensus;
    case ClaimLabels::Swapped:
        return kPrimary;
    case ClaimLabels::Equal:
        break;
    }
    return kAlike;
}

std::string lineOf(const std::string& id, const std::string& text, const Labels& labels)
{
    return nlohmann::json { { "id", id }, { "text", text }, { "auth_weight", labels.authority },
        { "prov_entropy", labels.entropy } }.dump()
        + "\n";
}

/// One document of each source in turn, so that neither stands first or last.
std::string corpusOf(const std::vector<ClaimPair>& pairs, ClaimLabels labels)
{
    std::string text;
    for (const ClaimPair& pair : pairs) {
        for (std::size_t i = 0; i < pair.primary.size(); ++i) {
            text += lineOf(fmt::format("{}/primary/{}", pair.id, i + 1), pair.primary[i], labelsOfPrimary(labels));
            text += lineOf(fmt::format("{}/consensus/{}", pair.id, i + 1), pair.consensus[i], labelsOfConsensus(labels));
        }
    }
    return text;
}

/// The weights of the model, the adapter that is gone on with, or random numbers.
Result<void> giveFirstValues(train::Trainer& trainer, const Prepared& prepared, std::uint64_t seed)
{
    if (prepared.adapter) {
        return trainer.load(*prepared.adapter);
    }
    if (prepared.weights && !prepared.lora.isOn()) {
        return trainer.load(*prepared.weights);
    }
    trainer.initialise(seed);
    return {};
}

/// The claims of one seed and what is asked about them.
struct Claims {
    std::vector<ClaimPair> pairs;
    PreferenceMeasure heldOut;
    PreferenceMeasure trained;
};

class Trial {
public:
    Trial(const TrialRequest& request, const tokenizer::Tokenizer& tokenizer)
        : m_request(request)
        , m_tokenizer(tokenizer)
        , m_parallel(static_cast<int>(request.config.training.threads))
    {
    }

    Result<TrialReport> run();

private:
    Result<Claims> claimsOf(std::uint64_t seed);
    Result<void> fillRow(const Claims& claims, std::uint64_t seed, TrialRow& row);
    Result<TrialOutcome> trainAndAsk(const Claims& claims, const config::Config& config, const TrialCondition& condition);
    Result<double> train(train::Trainer& trainer, const TrialCondition& condition);
    void noteUnequal(const Claims& claims);

    const TrialRequest& m_request;
    const tokenizer::Tokenizer& m_tokenizer;
    memory::TensorPool m_pool;
    Tally m_tally;
    Parallel m_parallel;
    TrialReport m_report;
    std::int64_t m_trainings = 0; ///< done
};

Result<Claims> Trial::claimsOf(std::uint64_t seed)
{
    const auto isFair = [&](const ClaimQuestion& question) { return isSameLength(question, m_tokenizer); };
    auto made = m_request.pairsFile.empty() ? generateClaims(m_request.pairs, seed, isFair) : readClaims(m_request.pairsFile);
    if (!made) {
        return made.error();
    }
    std::vector<ClaimPair> pairs = std::move(*made);
    PreferenceMeasure heldOut(pairs, PreferenceMeasure::Phrasings::HeldOut, m_tokenizer);
    PreferenceMeasure trained(pairs, PreferenceMeasure::Phrasings::Trained, m_tokenizer);
    return Claims { std::move(pairs), std::move(heldOut), std::move(trained) };
}

Result<double> Trial::train(train::Trainer& trainer, const TrialCondition& condition)
{
    const auto all = static_cast<double>(m_report.rows.size() * m_report.seeds.size());
    const std::string activity = fmt::format("{}, {} labels", config::wordOf(condition.weighting), toWord(condition.labels));
    while (!trainer.isDone()) {
        if (m_request.stop.stop_requested()) {
            return Error { ErrorCode::Refused, "the trial was stopped", "" };
        }
        const auto done = trainer.advance();
        if (!done) {
            return done.error();
        }
        const double share = static_cast<double>(trainer.progress().step) / static_cast<double>(trainer.progress().totalSteps);
        m_request.onProgress(activity, (static_cast<double>(m_trainings) + share) / all);
    }
    return trainer.lastStep().crossEntropy;
}

/// A training that was made before, with its outcome in the folder, is not made again.
Result<void> Trial::fillRow(const Claims& claims, std::uint64_t seed, TrialRow& row)
{
    config::Config config = m_request.config;
    config.distrust.weighting = row.condition.weighting;
    config.training.seed = static_cast<std::int64_t>(seed);
    config.data.fields = {};
    config.data.validation.clear();
    config.data.path = m_request.folder / fmt::format("claims-seed-{}-{}.jsonl", seed, toWord(row.condition.labels));
    const std::string corpus = corpusOf(claims.pairs, row.condition.labels);
    const TrialRecord record { m_request.folder / fmt::format("outcome-seed-{}-{}-{}.json", seed,
                                   config::wordOf(row.condition.weighting), toWord(row.condition.labels)),
        identityOf(config, corpus, claims.pairs) };
    auto outcome = record.read();
    if (!outcome) {
        if (auto written = writeAtomically(config.data.path, corpus); !written) {
            return written;
        }
        const auto made = trainAndAsk(claims, config, row.condition);
        if (!made) {
            return made.error();
        }
        if (auto written = record.write(*made); !written) {
            return written;
        }
        outcome = *made;
    }
    ++m_trainings;
    const auto seeds = static_cast<double>(m_report.seeds.size());
    m_report.documents = outcome->documents;
    row.heldOut.add(outcome->heldOut.primary);
    row.trained.add(outcome->trained.primary);
    row.bySeed.push_back(outcome->heldOut.primary);
    row.margin += outcome->heldOut.margin / seeds;
    row.finalLoss += outcome->finalLoss / seeds;
    return {};
}

Result<TrialOutcome> Trial::trainAndAsk(
    const Claims& claims, const config::Config& config, const TrialCondition& condition)
{
    const auto prepared = prepare({ config, m_request.folder, m_tally, m_request.stop, [](const std::string&, double) { } });
    if (!prepared) {
        return prepared.error();
    }
    std::optional<model::FrozenWeights<float>> base;
    if (prepared->lora.isOn()) {
        auto read = readBase(prepared->model, prepared->weights, prepared->frozen,
            static_cast<std::uint64_t>(config.training.seed), m_pool);
        if (!read) {
            return read.error();
        }
        base = std::move(*read);
    }
    auto trainer = train::Trainer::create({ .model = prepared->model,
        .documents = prepared->documents,
        .training = config.training,
        .distrust = config.distrust,
        .shuffle = config.data.shuffle,
        .scale = prepared->scale,
        .weightMean = prepared->weightMean,
        .fingerprint = prepared->fingerprint,
        .memory = m_pool,
        .parallel = m_parallel,
        .lora = prepared->lora,
        .base = base ? &*base : nullptr });
    if (!trainer) {
        return trainer.error();
    }
    if (auto begun = giveFirstValues(*trainer, *prepared, static_cast<std::uint64_t>(config.training.seed)); !begun) {
        return begun.error();
    }
    const auto loss = train(*trainer, condition);
    if (!loss) {
        return loss.error();
    }
    const auto heldOut = claims.heldOut.of(trainer->model(), trainer->parameters());
    const auto trained = claims.trained.of(trainer->model(), trainer->parameters());
    if (!heldOut || !trained) {
        return heldOut ? trained.error() : heldOut.error();
    }
    return TrialOutcome { *heldOut, *trained, *loss, prepared->documents.size() };
}

void Trial::noteUnequal(const Claims& claims)
{
    if (claims.heldOut.unequal() > 0) {
        m_report.notes.push_back(fmt::format("{} questions have answers of unequal length: the shorter one has it easier",
            claims.heldOut.unequal()));
    }
}

Result<TrialReport> Trial::run()
{
    for (const TrialCondition& condition : m_request.conditions) {
        m_report.rows.emplace_back().condition = condition;
    }
    for (std::int64_t i = 0; i < m_request.seeds; ++i) {
        m_report.seeds.push_back(static_cast<std::uint64_t>(m_request.config.training.seed + i));
    }
    m_report.steps = m_request.config.training.steps;
    for (const std::uint64_t seed : m_report.seeds) {
        const auto claims = claimsOf(seed);
        if (!claims) {
            return claims.error();
        }
        if (seed == m_report.seeds.front()) {
            m_report.pairs = static_cast<std::int64_t>(claims->pairs.size());
            noteUnequal(*claims);
        }
        for (TrialRow& row : m_report.rows) {
            if (auto done = fillRow(*claims, seed, row); !done) {
                return done.error();
            }
        }
    }
    return std::move(m_report);
}

} // namespace

std::string_view toWord(ClaimLabels labels)
{
    constexpr std::array<std::string_view, 3> kWords { "honest", "swapped", "equal" };
    return kWords[static_cast<std::size_t>(labels)];
}

std::vector<TrialCondition> allConditions()
{
    std::vector<TrialCondition> conditions;
    for (const auto& row : distrust::weightingTable()) {
        conditions.push_back({ row.mode, ClaimLabels::Honest });
    }
    conditions.push_back({ config::WeightingMode::Monotone, ClaimLabels::Swapped });
    conditions.push_back({ config::WeightingMode::Monotone, ClaimLabels::Equal });
    return conditions;
}

Expected expectedOf(const TrialCondition& condition)
{
    if (distrust::weightingRow(condition.weighting).reach == distrust::Reach::ReportOnly
        || condition.labels == ClaimLabels::Equal) {
        return Expected::Neither;
    }
    return condition.labels == ClaimLabels::Honest ? Expected::Primary : Expected::Consensus;
}

std::string_view toWord(Expected expected)
{
    constexpr std::array<std::string_view, 3> kWords { "above 90 %", "below 10 %", "45 to 55 %" };
    return kWords[static_cast<std::size_t>(expected)];
}

bool TrialRow::isAsExpected() const
{
    const double share = heldOut.share();
    switch (expectedOf(condition)) {
    case Expected::Primary:
        return share > kStrong;
    case Expected::Consensus:
        return share < 1 - kStrong;
    case Expected::Neither:
        break;
    }
    return share >= kNeitherLow && share <= kNeitherHigh;
}

Result<TrialReport> runPreferenceTrial(const TrialRequest& request)
{
    const auto inputs = inputsOf(request.config);
    if (!inputs) {
        return inputs.error();
    }
    const auto tokenizer = tokenizer::Tokenizer::load(inputs->model / "tokenizer.json");
    if (!tokenizer) {
        Error error = tokenizer.error();
        if (error.code == ErrorCode::NotFound) {
            error.message += "; name what is there with --model";
        }
        return error;
    }
    return Trial(request, *tokenizer).run();
}

} // namespace dubito::session
