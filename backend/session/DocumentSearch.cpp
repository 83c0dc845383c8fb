// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/DocumentSearch.h"

#include "backend/data/JsonlReader.h"
#include "backend/metrics/Metric.h"
#include "backend/provenance/Scorer.h"
#include "backend/session/DocumentWeight.h"
#include "backend/session/Preparation.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <filesystem>
#include <fmt/format.h>
#include <limits>
#include <map>
#include <optional>

namespace dubito::session {

namespace {

constexpr std::size_t kShownText = 2000;
constexpr std::size_t kShownReasons = 32;
constexpr std::size_t kLongestYear = 40;
constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

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
    const auto weighed = weighDocument(document, score, config);
    ScoredDocument shown;
    shown.id = document.name();
    shown.title = document.title;
    shown.sourceType = score.sourceClass;
    shown.year = yearOf(document);
    shown.place = fmt::format("{}:{}", document.file, document.line);
    shown.text = shortened(document.text);
    shown.labelled = weighed.labels == data::LabelSource::Given;
    shown.authority = weighed.authority;
    shown.entropy = weighed.entropy;
    shown.hasWeightOne = weighed.labels == data::LabelSource::WeightOne;
    shown.doubt = weighed.doubt;
    shown.rawWeight = weighed.weight;
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

    /// Only what needs a score is scored.
    SortKey keyOf(const data::Document& document, std::int64_t index) const
    {
        switch (m_wanted.order) {
        case DocumentOrder::Corpus:
            return { .place = index };
        case DocumentOrder::Id:
            return textKey(document.name(), index);
        case DocumentOrder::Title:
            return textKey(document.title, index);
        case DocumentOrder::Year:
            return yearKey(yearOf(document), index);
        default:
            break;
        }
        const ScoredDocument shown = scored(document);
        switch (m_wanted.order) {
        case DocumentOrder::Source:
            return textKey(metrics::kSourceWords[metrics::sourcePlace(shown.sourceType)], index);
        case DocumentOrder::Weight:
            return numberKey(shown.weight, index);
        default: // authority and entropy of a document without a score say nothing
            return numberKey(shown.hasWeightOne ? kUnknown : m_wanted.order == DocumentOrder::Authority ? shown.authority : shown.entropy, index);
        }
    }

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

std::int64_t pageOf(std::int64_t place) { return place / kDocumentsPerPage * kDocumentsPerPage; }

/// Where the page begins that holds the wanted document; nothing when there is none of that name.
Result<std::optional<std::int64_t>> pageHolding(
    Search& search, const ShowDocuments& wanted, const std::filesystem::path& corpus, std::stop_token stop)
{
    std::optional<std::int64_t> place;
    SortKey key;
    const auto found = search.forEach(corpus, stop, [&](const data::Document& document, std::int64_t at, std::int64_t index) {
        if (document.name() != wanted.holding) {
            return Search::Next::More;
        }
        place = at;
        key = search.keyOf(document, index);
        return Search::Next::Done;
    });
    if (!found || !place) {
        return found ? Result<std::optional<std::int64_t>>(std::nullopt) : found.error();
    }
    if (wanted.order == DocumentOrder::Corpus) {
        return std::optional(pageOf(*place));
    }
    std::int64_t before = 0;
    const auto counted = search.forEach(corpus, stop, [&](const data::Document& document, std::int64_t, std::int64_t index) {
        before += comesBefore(search.keyOf(document, index), key, wanted.direction) ? 1 : 0;
        return Search::Next::More;
    });
    return counted ? Result<std::optional<std::int64_t>>(pageOf(before)) : counted.error();
}

/// The documents from `page.first` on, in the order of the corpus: one pass.
Result<void> fillAsRead(Search& search, DocumentPage& page, const std::filesystem::path& corpus, std::stop_token stop)
{
    return search.forEach(corpus, stop, [&](const data::Document& document, std::int64_t place, std::int64_t index) {
        if (place >= page.first && place < page.first + kDocumentsPerPage) {
            page.documents.push_back(search.scored(document));
            page.documents.back().index = index;
        }
        page.matching = place + 1;
        return Search::Next::More;
    });
}

/// The same in another order: one pass to find their places, one to score them.
Result<void> fillSorted(Search& search, DocumentPage& page, const std::filesystem::path& corpus, std::stop_token stop)
{
    page.first = std::clamp<std::int64_t>(page.first, 0, kSortedReach - kDocumentsPerPage);
    SortedPage sorted(page.direction, static_cast<std::size_t>(page.first), static_cast<std::size_t>(kDocumentsPerPage));
    const auto compared = search.forEach(corpus, stop, [&](const data::Document& document, std::int64_t place, std::int64_t index) {
        sorted.add(search.keyOf(document, index));
        page.matching = place + 1;
        return Search::Next::More;
    });
    if (!compared) {
        return compared;
    }
    std::map<std::int64_t, std::size_t> slots; // at most a page
    for (const std::int64_t index : sorted.takePlaces()) {
        slots.emplace(index, slots.size());
    }
    std::vector<ScoredDocument> documents(slots.size());
    std::size_t filled = 0;
    const auto scored = search.forEach(corpus, stop, [&](const data::Document& document, std::int64_t, std::int64_t index) {
        if (const auto slot = slots.find(index); slot != slots.end()) {
            documents[slot->second] = search.scored(document);
            documents[slot->second].index = index;
            ++filled;
        }
        return filled == slots.size() ? Search::Next::Done : Search::Next::More;
    });
    if (scored && filled == slots.size()) { // else the file has changed in between: no half of a page
        page.documents = std::move(documents);
    }
    return scored;
}

} // namespace

Result<DocumentPage> findDocuments(
    const config::Config& config, const ShowDocuments& wanted, const data::WeightScale& scale, std::stop_token stop)
{
    const auto inputs = inputsOf(config);
    if (!inputs) {
        return inputs.error();
    }
    Search search(config, wanted, scale);
    DocumentPage page { .filter = wanted.filter,
        .sourceClass = wanted.sourceClass,
        .first = wanted.first,
        .order = wanted.order,
        .direction = wanted.direction,
        .documents = {} };
    if (!wanted.holding.empty()) {
        const auto held = pageHolding(search, wanted, inputs->corpus, stop);
        if (!held) {
            return held.error();
        }
        page.first = held->value_or(wanted.first);
    }
    const auto filled = wanted.order == DocumentOrder::Corpus ? fillAsRead(search, page, inputs->corpus, stop)
                                                              : fillSorted(search, page, inputs->corpus, stop);
    if (!filled) {
        return filled.error();
    }
    return page;
}

} // namespace dubito::session
