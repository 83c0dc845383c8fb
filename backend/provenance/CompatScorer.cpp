// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/provenance/CompatScorer.h"

#include "backend/provenance/Citations.h"
#include "backend/provenance/FoldedText.h"
#include "backend/provenance/MarkerMatcher.h"
#include "backend/provenance/PublicationDate.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

namespace dubito::provenance {

namespace {

constexpr double kLargestAuthority = 0.99;
constexpr double kBaseAuthority = 0.30;
constexpr double kBaseEntropy = 1.5; ///< of a year that is unknown or 1995 and later
constexpr double kPriorShare = 0.7;
/// A rule that fires more often than this sums the rest up in one line of the explanation.
constexpr std::size_t kNamedFindings = 8;

/// How often one of the counting rules fired, and where first.
struct Findings {
    std::int64_t count = 0;
    std::vector<MarkerMatcher::Finding> first;

    void add(const MarkerMatcher::Finding& finding)
    {
        ++count;
        if (first.size() < kNamedFindings) {
            first.push_back(finding);
        }
    }
};

struct Institution {
    double score = 0;
    std::string evidence;
    std::optional<Span> span;
};

/// What a year means.
struct Age {
    double authority = 0;
    double entropy = kBaseEntropy;
};

Age ageOf(const std::optional<std::int64_t>& year)
{
    if (!year) {
        return {};
    }
    if (*year < 1970) {
        return { -0.15, 5.5 };
    }
    return *year < 1995 ? Age { 0, 3.5 } : Age { 0.15, kBaseEntropy };
}

/// The amounts of a rule that adds `each` per finding, up to `most`.
double amount(std::int64_t count, double each, double most)
{
    return std::min(most, each * static_cast<double>(count));
}

struct Effect {
    Rule rule;
    double (*authority)(std::int64_t count);
    double (*entropy)(std::int64_t count);
};

constexpr Effect kConsensus { Rule::Consensus, [](std::int64_t count) { return amount(count, 0.10, 0.20); },
    [](std::int64_t count) { return -amount(count, 0.4, 1.0); } };
constexpr Effect kPrimary { Rule::Primary, [](std::int64_t count) { return -amount(count, 0.15, 0.45); },
    [](std::int64_t count) { return amount(count, 0.5, 2.0); } };

/// One line for each named finding, with what it added to those before it, and one for the rest.
void explain(const Effect& effect, const Findings& findings, const FoldedText& text, Explanation& explanation)
{
    const auto named = static_cast<std::int64_t>(findings.first.size());
    for (std::int64_t i = 0; i < named; ++i) {
        const auto& finding = findings.first[static_cast<std::size_t>(i)];
        explanation.push_back(
            { effect.rule, std::string(markers()[finding.marker].text), text.bytesOfLowered(finding.begin, finding.end),
                effect.authority(i + 1) - effect.authority(i), effect.entropy(i + 1) - effect.entropy(i) });
    }
    if (findings.count > named) {
        explanation.push_back({ effect.rule, fmt::format("{} more", findings.count - named), std::nullopt,
            effect.authority(findings.count) - effect.authority(named),
            effect.entropy(findings.count) - effect.entropy(named) });
    }
}

/// Shannon entropy of the class counts, in bits.
double classEntropy(const std::array<std::int64_t, kSourceClassCount>& classes)
{
    std::int64_t all = 0;
    for (const std::int64_t count : classes) {
        all += count;
    }
    double entropy = 0;
    for (const std::int64_t count : classes) {
        if (count > 0) {
            const double share = static_cast<double>(count) / static_cast<double>(all);
            entropy -= share * std::log2(share);
        }
    }
    return entropy;
}

std::string classesToText(const std::array<std::int64_t, kSourceClassCount>& classes)
{
    std::string text;
    for (std::size_t i = 0; i < classes.size(); ++i) {
        if (classes[i] > 0) {
            text += fmt::format("{}{} {}", text.empty() ? "" : ", ", toWord(static_cast<SourceClass>(i)), classes[i]);
        }
    }
    return text;
}

void addHint(std::string_view sourceType, std::array<std::int64_t, kSourceClassCount>& classes)
{
    const FoldedText folded(sourceType);
    for (const SourceTypeHint& hint : sourceTypeHints()) {
        if (folded.lowered().find(hint.contains) != std::string_view::npos) {
            classes[static_cast<std::size_t>(hint.sourceClass)] += hint.count;
            return;
        }
    }
}

/// Everything that is found before anything is computed.
struct Evidence {
    explicit Evidence(std::string_view text)
        : folded(text)
    {
    }

    FoldedText folded;
    Citations citations;
    Institution institution;
    Findings consensus;
    Findings primary;
    std::optional<FoundYear> year;
};

void readText(const MarkerMatcher& matcher, Evidence& evidence, CompatScore& score)
{
    std::array<bool, kClassGroupCount> groups {};
    matcher.forEach(evidence.folded.lowered(), [&](const MarkerMatcher::Finding& finding) {
        const Marker& marker = markers()[finding.marker];
        switch (marker.kind) {
        case MarkerKind::Institution:
            if (marker.score > evidence.institution.score) {
                evidence.institution = { marker.score, std::string(marker.text),
                    evidence.folded.bytesOfLowered(finding.begin, finding.end) };
            }
            break;
        case MarkerKind::Consensus:
            evidence.consensus.add(finding);
            break;
        case MarkerKind::Primary:
            evidence.primary.add(finding);
            break;
        case MarkerKind::Class:
            score.classes[static_cast<std::size_t>(marker.sourceClass)] += groups[marker.group] ? 0 : 1;
            groups[marker.group] = true;
            break;
        }
    });
}

void readMetadata(const MarkerMatcher& matcher, const data::Document& document, Institution& institution)
{
    struct Row {
        std::string_view name;
        const std::string& text;
    };
    for (const Row& row :
        { Row { "source", document.source }, Row { "url", document.url }, Row { "publisher", document.publisher } }) {
        const FoldedText folded(row.text);
        matcher.forEach(folded.lowered(), [&](const MarkerMatcher::Finding& finding) {
            const Marker& marker = markers()[finding.marker];
            if (marker.kind == MarkerKind::Institution && marker.score > institution.score) {
                institution = { marker.score, fmt::format("{}: {}", row.name, marker.text), std::nullopt };
            }
        });
    }
}

double citationAuthority(std::int64_t citations)
{
    return std::min(0.25, 0.05 * std::log10(static_cast<double>(citations) + 1));
}

/// The published formulas, and one line of explanation for each of their parts.
void compute(const Evidence& evidence, CompatScore& score, Explanation& explanation)
{
    const Age age = ageOf(score.year);
    const std::int64_t classCount = std::ranges::count_if(score.classes, [](std::int64_t count) { return count > 0; });
    const double mix = classEntropy(score.classes);
    const double variety = amount(classCount, 0.3, 1.5);
    const double authority = kBaseAuthority + citationAuthority(score.citations) + score.institution + score.consensus
        + age.authority + kPrimary.authority(score.primaryMarkers);
    const double entropy = age.entropy + mix + kPrimary.entropy(score.primaryMarkers) + variety
        - 1.5 * score.institution + kConsensus.entropy(score.consensusPhrases);
    score.authority = std::clamp(authority, 0.0, kLargestAuthority);
    score.entropy = std::max(0.0, entropy);

    explanation.push_back({ Rule::Base, {}, std::nullopt, kBaseAuthority, kBaseEntropy });
    if (score.citations > 0) {
        const auto span = evidence.citations.count == 0
            ? std::nullopt
            : std::optional(
                evidence.folded.bytesOfCharacters(evidence.citations.firstBegin, evidence.citations.firstEnd));
        explanation.push_back(
            { Rule::Citations, fmt::format("{}", score.citations), span, citationAuthority(score.citations), 0 });
    }
    if (score.institution > 0) {
        explanation.push_back({ Rule::Institution, evidence.institution.evidence, evidence.institution.span,
            score.institution, -1.5 * score.institution });
    }
    explain(kConsensus, evidence.consensus, evidence.folded, explanation);
    if (evidence.year) {
        explanation.push_back(
            { Rule::Age, evidence.year->evidence, evidence.year->span, age.authority, age.entropy - kBaseEntropy });
    }
    explain(kPrimary, evidence.primary, evidence.folded, explanation);
    if (classCount > 0) {
        const std::string classes = classesToText(score.classes);
        explanation.push_back({ Rule::ClassMix, classes, std::nullopt, 0, mix });
        explanation.push_back({ Rule::ClassCount, fmt::format("{}", classCount), std::nullopt, 0, variety });
    }
    if (score.authority != authority || score.entropy != entropy) {
        explanation.push_back({ Rule::Bounds, {}, std::nullopt, score.authority - authority, score.entropy - entropy });
    }
}

} // namespace

struct CompatScorer::Automaton {
    MarkerMatcher matcher { markers() };
};

CompatScorer::CompatScorer()
    : m_automaton(std::make_unique<const Automaton>())
{
}
CompatScorer::~CompatScorer() = default;
CompatScorer::CompatScorer(CompatScorer&&) noexcept = default;
CompatScorer& CompatScorer::operator=(CompatScorer&&) noexcept = default;

CompatScore CompatScorer::score(
    const data::Document& document, Explanation& explanation, std::int64_t knownCitations) const
{
    CompatScore score;
    Evidence evidence(document.text);
    readText(m_automaton->matcher, evidence, score);
    readMetadata(m_automaton->matcher, document, evidence.institution);
    addHint(document.sourceType, score.classes);
    evidence.citations = countCitations(evidence.folded.characters());
    evidence.year = compatYear(document, evidence.folded);

    score.citations = knownCitations > 0 ? knownCitations : evidence.citations.count;
    score.primaryMarkers = evidence.primary.count;
    score.consensusPhrases = evidence.consensus.count;
    score.institution = evidence.institution.score;
    score.consensus = kConsensus.authority(score.consensusPhrases);
    if (evidence.year) {
        score.year = evidence.year->year;
    }
    compute(evidence, score, explanation);
    return score;
}

CompatScore CompatScorer::score(const data::Document& document) const
{
    Explanation ignored;
    return score(document, ignored);
}

CompatScore mixedWithPrior(const CompatScore& dynamic, std::string_view sourceType, Explanation& explanation)
{
    const Prior& prior = priorOf(sourceType);
    CompatScore mixed = dynamic;
    mixed.authority = kPriorShare * prior.authority + (1 - kPriorShare) * dynamic.authority;
    mixed.entropy = kPriorShare * prior.entropy + (1 - kPriorShare) * dynamic.entropy;
    explanation.push_back({ Rule::Prior, std::string(prior.sourceType), std::nullopt,
        mixed.authority - dynamic.authority, mixed.entropy - dynamic.entropy });
    return mixed;
}

} // namespace dubito::provenance
