// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/provenance/Markers.h"

#include <algorithm>

namespace dubito::provenance {

namespace {

constexpr std::array<std::string_view, kSourceClassCount> kClassWords { "patent", "lab_notebook", "measurement",
    "archive", "oral_history", "academic_paper", "textbook", "news", "wiki", "government", "blog" };

constexpr Marker institution(std::string_view text, double score)
{
    return { text, MarkerKind::Institution, Standing::Anywhere, score };
}

constexpr Marker consensus(std::string_view text) { return { text, MarkerKind::Consensus, Standing::Anywhere }; }

constexpr Marker primary(std::string_view text) { return { text, MarkerKind::Primary, Standing::Word }; }

/// Groups have the numbers of their classes, but for patent numbers, which are the last group.
constexpr Marker word(std::string_view text, SourceClass sourceClass, Standing standing = Standing::Word)
{
    const auto group
        = standing == Standing::BeforeNumber ? kClassGroupCount - 1 : static_cast<std::size_t>(sourceClass);
    return { text, MarkerKind::Class, standing, 0, sourceClass, static_cast<std::uint8_t>(group) };
}

constexpr auto kMarkers = std::to_array<Marker>({
    institution("nature", 0.35),
    institution("science", 0.35),
    institution("lancet", 0.35),
    institution("nejm", 0.35),
    institution("new england journal", 0.35),
    institution("who", 0.30),
    institution("cdc", 0.30),
    institution("fda", 0.30),
    institution("nih", 0.30),
    institution(".gov", 0.25),
    institution("government", 0.25),
    institution("official", 0.20),
    institution("university", 0.20),
    institution("institute", 0.18),
    institution("academy", 0.18),
    institution("journal", 0.15),
    institution("peer-reviewed", 0.15),
    institution("proceedings", 0.15),
    institution("wikipedia", 0.10),
    institution("news", 0.08),
    institution("media", 0.08),
    institution("blog", 0.05),
    institution("social media", 0.05),

    consensus("widely accepted"),
    consensus("experts agree"),
    consensus("scientific consensus"),
    consensus("established fact"),
    consensus("well-established"),
    consensus("mainstream view"),
    consensus("generally accepted"),
    consensus("overwhelming evidence"),
    consensus("settled science"),
    consensus("according to experts"),
    consensus("studies show"),
    consensus("research confirms"),

    primary("patent"),
    primary("lab notebook"),
    primary("laboratory notebook"),
    primary("experiment"),
    primary("experimental"),
    primary("measurement"),
    primary("observation"),
    primary("field notes"),
    primary("original research"),
    primary("firsthand"),
    primary("first-hand"),
    primary("primary source"),
    primary("original document"),
    primary("manuscript"),
    primary("archive"),
    primary("archival"),
    primary("oral history"),
    primary("interview"),
    primary("correspondence"),
    primary("letter"),
    primary("diary"),
    primary("journal entry"),
    primary("logbook"),
    primary("specimen"),
    primary("sample"),
    primary("photograph"),
    primary("scan"),
    primary("facsimile"),

    word("patent", SourceClass::Patent),
    word("us", SourceClass::Patent, Standing::BeforeNumber),
    word("ep", SourceClass::Patent, Standing::BeforeNumber),
    word("wo", SourceClass::Patent, Standing::BeforeNumber),
    word("de", SourceClass::Patent, Standing::BeforeNumber),
    word("gb", SourceClass::Patent, Standing::BeforeNumber),
    word("fr", SourceClass::Patent, Standing::BeforeNumber),
    word("lab notebook", SourceClass::LabNotebook, Standing::Anywhere),
    word("laboratory", SourceClass::LabNotebook, Standing::Anywhere),
    word("experiment", SourceClass::LabNotebook, Standing::Anywhere),
    word("measurement", SourceClass::LabNotebook, Standing::Anywhere),
    word("observation", SourceClass::LabNotebook, Standing::Anywhere),
    word("measured", SourceClass::Measurement),
    word("observed", SourceClass::Measurement),
    word("recorded", SourceClass::Measurement),
    word("sampled", SourceClass::Measurement),
    word("archive", SourceClass::Archive),
    word("archival", SourceClass::Archive),
    word("manuscript", SourceClass::Archive),
    word("historical", SourceClass::Archive),
    word("interview", SourceClass::OralHistory),
    word("oral history", SourceClass::OralHistory),
    word("correspondence", SourceClass::OralHistory),
    word("letter", SourceClass::OralHistory),
    word("diary", SourceClass::OralHistory),
    word("abstract", SourceClass::AcademicPaper),
    word("introduction", SourceClass::AcademicPaper),
    word("methodology", SourceClass::AcademicPaper),
    word("results", SourceClass::AcademicPaper),
    word("conclusion", SourceClass::AcademicPaper),
    word("references", SourceClass::AcademicPaper),
    word("textbook", SourceClass::Textbook),
    word("chapter", SourceClass::Textbook),
    word("exercise", SourceClass::Textbook),
    word("definition", SourceClass::Textbook),
    word("theorem", SourceClass::Textbook),
    word("reported", SourceClass::News),
    word("journalist", SourceClass::News),
    word("news", SourceClass::News),
    word("press release", SourceClass::News),
    word("announcement", SourceClass::News),
    word("wikipedia", SourceClass::Wiki),
    word("wiki", SourceClass::Wiki),
    word("encyclopedia", SourceClass::Wiki),
    word("government", SourceClass::Government),
    word("official", SourceClass::Government),
    word("regulation", SourceClass::Government),
    word("policy", SourceClass::Government),
    word("agency", SourceClass::Government),
    word("blog", SourceClass::Blog),
    word("posted", SourceClass::Blog),
    word("comment", SourceClass::Blog),
    word("social media", SourceClass::Blog),
});

constexpr auto kHints = std::to_array<SourceTypeHint>({
    { "patent", SourceClass::Patent, 2 },
    { "news", SourceClass::News, 1 },
    { "wiki", SourceClass::Wiki, 2 },
    { "academic", SourceClass::AcademicPaper, 1 },
    { "paper", SourceClass::AcademicPaper, 1 },
    { "book", SourceClass::Archive, 1 },
});

constexpr Prior kUnknownType { "unknown", 0.50, 3.0 };

constexpr auto kPriors = std::to_array<Prior>({
    { "patent_pre1970", 0.05, 7.0 },
    { "classical_philosophy", 0.08, 7.5 },
    { "historical_book", 0.10, 6.0 },
    { "classical_literature", 0.10, 6.5 },
    { "classical_rhetoric", 0.12, 6.0 },
    { "historical_newspaper", 0.15, 6.0 },
    { "preprint", 0.50, 3.5 },
    { "logic_training", 0.55, 3.2 },
    { "academic_paper", 0.60, 3.0 },
    { "news_modern", 0.75, 1.5 },
    { "medical_guidelines", 0.85, 1.2 },
    { "wiki", 0.90, 1.0 },
    { "government", 0.95, 0.5 },
});

} // namespace

std::string_view toWord(SourceClass sourceClass) { return kClassWords[static_cast<std::size_t>(sourceClass)]; }

std::span<const Marker> markers() { return kMarkers; }

std::span<const SourceTypeHint> sourceTypeHints() { return kHints; }

std::span<const Prior> priors() { return kPriors; }

const Prior& priorOf(std::string_view sourceType)
{
    const auto prior = std::ranges::find(kPriors, sourceType, &Prior::sourceType);
    return prior == kPriors.end() ? kUnknownType : *prior;
}

} // namespace dubito::provenance
