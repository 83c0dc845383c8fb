// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/train/ProgressFile.h"

#include "backend/base/Text.h"
#include "backend/model/JsonFields.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <vector>

namespace dubito::train {

namespace {

using Json = model::JsonFields::Json;

constexpr model::NumberRange kCount { 0, 9e15 };
constexpr model::NumberRange kStep { -1, 9e15 };
constexpr model::NumberRange kReal { -std::numeric_limits<double>::max(), std::numeric_limits<double>::max() };

/// One row per whole number of TrainProgress.
struct Row {
    const char* key;
    std::int64_t TrainProgress::*field;
    model::NumberRange range;
};

constexpr std::array kRows {
    Row { "step", &TrainProgress::step, kCount },
    Row { "total_steps", &TrainProgress::totalSteps, kCount },
    Row { "tokens_seen", &TrainProgress::tokensSeen, kCount },
    Row { "epoch", &TrainProgress::epoch, kCount },
    Row { "position", &TrainProgress::position, kCount },
    Row { "batch_size", &TrainProgress::batchSize, kCount },
    Row { "accumulate", &TrainProgress::accumulate, kCount },
    Row { "best_step", &TrainProgress::bestStep, kStep },
};

std::string toHex(std::uint64_t word) { return fmt::format("{:016x}", word); }

std::uint64_t fromHex(const Json& text, model::JsonFields& fields)
{
    std::uint64_t word = 0;
    const std::string digits = text.is_string() ? text.get<std::string>() : "";
    const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), word, 16);
    if (digits.size() != 16 || problem != std::errc() || end != digits.data() + digits.size()) {
        fields.complain("random must hold words of 16 hexadecimal digits");
    }
    return word;
}

RandomState readRandom(const Json& root, model::JsonFields& fields)
{
    RandomState state;
    const auto list = root.find("random");
    if (list == root.end() || !list->is_array() || list->size() != state.words.size() + 1) {
        fields.complain("random must be a list of five words");
        return state;
    }
    for (std::size_t i = 0; i < state.words.size(); ++i) {
        state.words[i] = fromHex((*list)[i], fields);
    }
    state.spareBits = fromHex(list->back(), fields);
    return state;
}

} // namespace

std::string toStateJson(const TrainProgress& progress)
{
    Json root;
    for (const Row& row : kRows) {
        root[row.key] = progress.*row.field;
    }
    root["random"] = Json::array();
    for (const std::uint64_t word : progress.random.words) {
        root["random"].push_back(toHex(word));
    }
    root["random"].push_back(toHex(progress.random.spareBits));
    root["weight_mean"] = progress.weightMean;
    // JSON has no infinity; none seen yet is all it can mean here.
    root["best_validation"] = std::isfinite(progress.bestValidation) ? Json(progress.bestValidation) : Json(nullptr);
    root["fingerprint"] = progress.fingerprint;
    return root.dump(2) + "\n";
}

Result<TrainProgress> parseStateJson(std::string_view text, const std::string& where)
{
    const Json root = jsonDepth(text) > kDeepestJson ? Json() : Json::parse(text, nullptr, false);
    if (!root.is_object()) {
        return Error { ErrorCode::Model, "is no JSON object", where };
    }
    std::vector<std::string> problems;
    model::JsonFields fields(root, "", problems);
    TrainProgress progress;
    for (const Row& row : kRows) {
        progress.*row.field = fields.whole(row.key, row.range);
    }
    progress.random = readRandom(root, fields);
    progress.weightMean = fields.numberOr("weight_mean", progress.weightMean, kReal);
    progress.bestValidation = fields.numberOr("best_validation", progress.bestValidation, kReal);
    progress.fingerprint = fields.wordOr("fingerprint", "");
    if (!problems.empty()) {
        return Error { ErrorCode::Model, fmt::format("is no state to go on from: {}", fmt::join(problems, "; ")),
            where };
    }
    return progress;
}

} // namespace dubito::train
