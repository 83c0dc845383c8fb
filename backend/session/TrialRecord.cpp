// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/TrialRecord.h"

#include "backend/base/AtomicFile.h"
#include "backend/base/Checksum.h"
#include "backend/config/ConfigFields.h"

#include <nlohmann/json.hpp>

#include <string_view>

namespace dubito::session {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kLargestRecord = std::size_t { 1 } << 16;

Json toJson(const Preference& preference)
{
    return { { "primary", preference.primary.successes }, { "trials", preference.primary.trials },
        { "margin", preference.margin } };
}

Preference preferenceOf(const Json& json)
{
    return { .primary = { json.at("primary").get<std::int64_t>(), json.at("trials").get<std::int64_t>() },
        .margin = json.at("margin").get<double>() };
}

void add(Checksum& sum, std::string_view text)
{
    const std::uint64_t length = text.size();
    sum.add(std::as_bytes(std::span(&length, 1)));
    sum.add(std::as_bytes(std::span(text)));
}

bool decides(std::string_view key)
{
    const bool isPart = key.starts_with("model.") || key.starts_with("training.") || key.starts_with("distrust.");
    return isPart && key != "training.output";
}

} // namespace

std::optional<TrialOutcome> TrialRecord::read() const
{
    const auto text = readText(file, kLargestRecord);
    if (!text) {
        return std::nullopt;
    }
    try {
        const Json json = Json::parse(*text);
        if (json.at("identity") != identity) {
            return std::nullopt;
        }
        return TrialOutcome { .heldOut = preferenceOf(json.at("held_out")),
            .trained = preferenceOf(json.at("trained")),
            .finalLoss = json.at("final_ce").get<double>(),
            .documents = json.at("documents").get<std::int64_t>() };
    } catch (const Json::exception&) {
        return std::nullopt;
    }
}

Result<void> TrialRecord::write(const TrialOutcome& outcome) const
{
    const Json json { { "identity", identity }, { "held_out", toJson(outcome.heldOut) },
        { "trained", toJson(outcome.trained) }, { "final_ce", outcome.finalLoss }, { "documents", outcome.documents } };
    return writeAtomically(file, json.dump() + "\n");
}

std::string identityOf(const config::Config& config, const std::string& corpus, std::span<const ClaimPair> pairs)
{
    Checksum sum;
    for (const config::Field& field : config::fields()) {
        if (decides(field.key)) {
            add(sum, field.key);
            add(sum, config::toText(field.get(config)));
        }
    }
    add(sum, corpus);
    for (const ClaimPair& pair : pairs) {
        for (const auto* questions : { &pair.heldOut, &pair.trained }) {
            for (const ClaimQuestion& question : *questions) {
                add(sum, question.prompt);
                add(sum, question.primary);
                add(sum, question.consensus);
            }
        }
    }
    return sum.toHex();
}

} // namespace dubito::session
