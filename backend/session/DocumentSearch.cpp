// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/DocumentSearch.h"

#include "backend/data/JsonlReader.h"
#include "backend/data/LabelPolicy.h"
#include "backend/distrust/DistrustTerm.h"
#include "backend/distrust/Weighting.h"
#include "backend/metrics/Metric.h"
#include "backend/provenance/Scorer.h"
#include "backend/session/Preparation.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <filesystem>
#include <fmt/format.h>

namespace dubito::session {

namespace {

constexpr std::size_t kShownText = 2000;
constexpr std::size_t kShownReasons = 32;
constexpr std::size_t kLongestYear = 40;

std::string lowered(std::string text)
{
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

bool matches(const data::Document& document, const std::string& filter)
{
    return filter.empty() || lowered(document.name()).find(filter) != std::string::npos
        || lowered(document.title).find(filter) != std::string::npos
        || lowered(document.sourceType).find(filter) != std::string::npos
        || lowered(document.text).find(filter) != std::string::npos;
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

std::string yearOf(const data::Document& document)
{
    for (const data::YearText* year : { &document.year, &document.date, &document.publicationDate, &document.published }) {
        if (const auto* number = std::get_if<std::int64_t>(year)) {
            return std::to_string(*number);
        }
        if (const auto* text = std::get_if<std::string>(year)) {
            return text->substr(0, kLongestYear);
        }
    }
    return {};
}

/// Words that are not in what is shown of the text have no place in it.
ScoreReason describe(const provenance::Contribution& reason, std::size_t shownBytes)
{
    ScoreReason shown { std::string(provenance::toWord(reason.rule)), reason.evidence, -1, -1, reason.authority, reason.entropy };
    if (reason.span && reason.span->begin < reason.span->end && reason.span->end <= shownBytes) {
        shown.begin = static_cast<std::int64_t>(reason.span->begin);
        shown.end = static_cast<std::int64_t>(reason.span->end);
    }
    return shown;
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
    shown.year = yearOf(document);
    shown.place = fmt::format("{}:{}", document.file, document.line);
    shown.text = shortened(document.text);
    shown.labelled = labels == data::LabelSource::Given;
    shown.authority = shown.labelled ? *document.authority : score.authority;
    shown.entropy = shown.labelled ? *document.entropy : score.entropy;
    shown.hasWeightOne = labels == data::LabelSource::WeightOne;
    shown.doubt = distrust::component(shown.authority, shown.entropy);
    shown.rawWeight = shown.hasWeightOne ? 1.0 : distrust::weightOf(shown.doubt, config.distrust);
    shown.weight = shown.hasWeightOne ? 1.0 : shown.rawWeight * scale.factor + scale.offset;
    for (const auto& reason : score.explanation) {
        if (shown.reasons.size() < kShownReasons) {
            shown.reasons.push_back(describe(reason, shown.text.size()));
        }
    }
    return shown;
}

/// The documents of a corpus that a question is about, one after the other.
class Search {
public:
    Search(const config::Config& config, const ShowDocuments& wanted, const data::WeightScale& scale)
        : m_config(config)
        , m_wanted(wanted)
        , m_scale(scale)
        , m_scorer(config.provenance)
        , m_filter(lowered(wanted.filter))
        , m_isNarrowed(!wanted.sourceClass.empty() || wanted.weightFrom > 0 || std::isfinite(wanted.weightBelow))
    {
    }

    /// Calls `visit(document, place among the matching ones, index in the corpus)` for each, until it returns Done.
    enum class Next : std::uint8_t { More, Done };
    template <typename Visit>
    Result<void> forEach(const std::filesystem::path& corpus, std::stop_token stop, const Visit& visit)
    {
        auto reader = data::JsonlReader::open(corpus, m_config.data);
        if (!reader) {
            return reader.error();
        }
        data::Document document;
        std::int64_t index = 0;
        std::int64_t matching = 0;
        for (;;) {
            if (stop.stop_requested()) {
                return Error { ErrorCode::Refused, "the search was stopped", "" };
            }
            const auto step = reader->next(document);
            if (!step) {
                return step.error();
            }
            if (*step == data::JsonlReader::Step::End) {
                return {};
            }
            if (*step != data::JsonlReader::Step::Document) {
                continue;
            }
            if (isWanted(document) && visit(document, matching++, index) == Next::Done) {
                return {};
            }
            ++index;
        }
    }

    ScoredDocument scored(const data::Document& document) const { return describe(document, m_scorer, m_config, m_scale); }

private:
    /// Class and weight need a score; they are only looked at when they are asked for.
    bool isWanted(const data::Document& document) const
    {
        if (!matches(document, m_filter)) {
            return false;
        }
        if (!m_isNarrowed) {
            return true;
        }
        const ScoredDocument shown = scored(document);
        const auto place = metrics::sourcePlace(shown.sourceType);
        return (m_wanted.sourceClass.empty() || metrics::kSourceWords[place] == m_wanted.sourceClass)
            && shown.weight >= m_wanted.weightFrom && shown.weight < m_wanted.weightBelow;
    }

    const config::Config& m_config;
    const ShowDocuments& m_wanted;
    const data::WeightScale& m_scale;
    provenance::Scorer m_scorer;
    std::string m_filter;
    bool m_isNarrowed;
};

} // namespace

Result<DocumentPage> findDocuments(
    const config::Config& config, const ShowDocuments& wanted, const data::WeightScale& scale, std::stop_token stop)
{
    const auto inputs = inputsOf(config);
    if (!inputs) {
        return inputs.error();
    }
    Search search(config, wanted, scale);
    DocumentPage page { wanted.filter, wanted.sourceClass, wanted.first, 0, {} };
    if (!wanted.holding.empty()) {
        const auto found = search.forEach(inputs->corpus, stop, [&](const data::Document& document, std::int64_t place, std::int64_t) {
            const bool isIt = document.name() == wanted.holding;
            page.first = isIt ? place / kDocumentsPerPage * kDocumentsPerPage : page.first;
            return isIt ? Search::Next::Done : Search::Next::More;
        });
        if (!found) {
            return found.error();
        }
    }
    const auto read = search.forEach(inputs->corpus, stop, [&](const data::Document& document, std::int64_t place, std::int64_t index) {
        if (place >= page.first && place < page.first + kDocumentsPerPage) {
            page.documents.push_back(search.scored(document));
            page.documents.back().index = index;
        }
        page.matching = place + 1;
        return Search::Next::More;
    });
    if (!read) {
        return read.error();
    }
    return page;
}

} // namespace dubito::session
