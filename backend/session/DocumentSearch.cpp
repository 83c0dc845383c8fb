// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/DocumentSearch.h"

#include "backend/data/JsonlReader.h"
#include "backend/data/LabelPolicy.h"
#include "backend/distrust/DistrustTerm.h"
#include "backend/distrust/Weighting.h"
#include "backend/provenance/Scorer.h"
#include "backend/session/Preparation.h"

#include <algorithm>
#include <cctype>
#include <fmt/format.h>

namespace dubito::session {

namespace {

constexpr std::size_t kShownText = 2000;
constexpr std::size_t kShownReasons = 32;

std::string lowered(std::string text)
{
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

bool matches(const data::Document& document, const std::string& filter)
{
    return filter.empty() || lowered(document.name()).find(filter) != std::string::npos
        || lowered(document.title).find(filter) != std::string::npos
        || lowered(document.sourceType).find(filter) != std::string::npos;
}

/// At most kShownText bytes, not cut inside a character.
std::string shortened(const std::string& text)
{
    std::size_t end = std::min(text.size(), kShownText);
    while (end > 0 && end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) {
        --end;
    }
    return text.substr(0, end);
}

/// "primary: letter (authority −0.15, entropy +0.50)"
std::string describe(const provenance::Contribution& reason)
{
    return fmt::format("{}{}{} (authority {:+.2f}, entropy {:+.2f})", provenance::toWord(reason.rule),
        reason.evidence.empty() ? "" : ": ", reason.evidence, reason.authority, reason.entropy);
}

ScoredDocument describe(const data::Document& document, const provenance::Scorer& scorer, const config::Config& config,
    const data::WeightScale& scale)
{
    const auto score = scorer.score(document);
    const auto labels = data::labelSource(document, config.data.unlabelled);
    ScoredDocument shown;
    shown.id = document.name();
    shown.title = document.title;
    shown.sourceType = score.sourceClass;
    shown.text = shortened(document.text);
    shown.labelled = labels == data::LabelSource::Given;
    shown.authority = shown.labelled ? *document.authority : score.authority;
    shown.entropy = shown.labelled ? *document.entropy : score.entropy;
    shown.weight = labels == data::LabelSource::WeightOne
        ? 1.0
        : distrust::weightOf(distrust::component(shown.authority, shown.entropy), config.distrust) * scale.factor
            + scale.offset;
    if (shown.labelled) {
        shown.reasons.emplace_back("authority and entropy came with the document");
    }
    for (const auto& reason : score.explanation) {
        if (shown.reasons.size() < kShownReasons) {
            shown.reasons.push_back(describe(reason));
        }
    }
    return shown;
}

} // namespace

Result<DocumentPage> findDocuments(
    const config::Config& config, const ShowDocuments& wanted, const data::WeightScale& scale, std::stop_token stop)
{
    const auto inputs = inputsOf(config);
    if (!inputs) {
        return inputs.error();
    }
    auto reader = data::JsonlReader::open(inputs->corpus, config.data);
    if (!reader) {
        return reader.error();
    }
    const provenance::Scorer scorer(config.provenance);
    const std::string filter = lowered(wanted.filter);
    DocumentPage page { wanted.filter, wanted.first, 0, {} };
    data::Document document;
    std::int64_t index = 0;
    for (;;) {
        if (stop.stop_requested()) {
            return Error { ErrorCode::Refused, "the search was stopped", "" };
        }
        const auto step = reader->next(document);
        if (!step) {
            return step.error();
        }
        if (*step == data::JsonlReader::Step::End) {
            return page;
        }
        if (*step != data::JsonlReader::Step::Document) {
            continue;
        }
        if (matches(document, filter)) {
            if (page.matching >= wanted.first && page.matching < wanted.first + kDocumentsPerPage) {
                page.documents.push_back(describe(document, scorer, config, scale));
                page.documents.back().index = index;
            }
            ++page.matching;
        }
        ++index;
    }
}

} // namespace dubito::session
