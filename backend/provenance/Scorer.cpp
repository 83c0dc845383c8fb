// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/provenance/Scorer.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace dubito::provenance {

namespace {

constexpr std::size_t kShortestText = 50; ///< characters
constexpr double kDefaultAuthority = 0.50;
constexpr double kDefaultEntropy = 3.0;

constexpr std::array<std::string_view, 11> kRuleWords { "base", "citations", "institution", "consensus", "age",
    "primary", "class_mix", "class_count", "bounds", "prior", "too_short" };
constexpr std::array<std::string_view, 3> kMethodWords { "dynamic", "hybrid", "default" };

/// Characters of UTF-8, counted no further than `enough`.
std::size_t charactersUpTo(std::string_view text, std::size_t enough)
{
    std::size_t count = 0;
    for (const char c : text) {
        count += (static_cast<unsigned char>(c) & 0xC0U) == 0x80U ? 0 : 1;
        if (count == enough) {
            break;
        }
    }
    return count;
}

} // namespace

std::string_view toWord(Rule rule) { return kRuleWords[static_cast<std::size_t>(rule)]; }

std::string_view toWord(Method method) { return kMethodWords[static_cast<std::size_t>(method)]; }

Scorer::Scorer(const config::Provenance& settings)
    : m_settings(settings)
{
}

Score Scorer::score(const data::Document& document) const
{
    Score score;
    score.details = m_compat.score(document, score.explanation);
    if (const std::size_t characters = charactersUpTo(document.text, kShortestText); characters < kShortestText) {
        score.method = Method::Default;
        score.details.authority = kDefaultAuthority;
        score.details.entropy = kDefaultEntropy;
        score.explanation.clear();
        score.explanation.push_back({ Rule::TooShort, fmt::format("{} characters", characters), std::nullopt,
            kDefaultAuthority, kDefaultEntropy });
    } else if (!document.sourceType.empty() && m_settings.priors == config::Switch::On) {
        score.method = Method::Hybrid;
        score.details = mixedWithPrior(score.details, document.sourceType, score.explanation);
    }
    score.authority = score.details.authority;
    score.entropy = score.details.entropy;
    score.sourceClass = sourceClassOf(document, score.details);
    return score;
}

std::string sourceClassOf(const data::Document& document, const CompatScore& score)
{
    if (!document.sourceType.empty()) {
        return document.sourceType;
    }
    const auto strongest = std::ranges::max_element(score.classes);
    if (*strongest == 0) {
        return "unknown";
    }
    return std::string(toWord(static_cast<SourceClass>(strongest - score.classes.begin())));
}

} // namespace dubito::provenance
