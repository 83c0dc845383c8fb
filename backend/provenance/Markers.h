// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

/// The published word tables. All lower-case ASCII.
namespace dubito::provenance {

/// In the order of the tables; ties between classes go to the first.
enum class SourceClass : std::uint8_t {
    Patent,
    LabNotebook,
    Measurement,
    Archive,
    OralHistory,
    AcademicPaper,
    Textbook,
    News,
    Wiki,
    Government,
    Blog,
};

inline constexpr std::size_t kSourceClassCount = 11;

std::string_view toWord(SourceClass sourceClass);

/// How a marker must stand in the text.
enum class Standing : std::uint8_t {
    Anywhere, ///< also inside a word
    Word, ///< between word boundaries
    BeforeNumber, ///< a word boundary before it; white space, then a digit behind it
};

enum class MarkerKind : std::uint8_t { Institution, Consensus, Primary, Class };

struct Marker {
    std::string_view text;
    MarkerKind kind;
    Standing standing;
    double score = 0; ///< of an institution
    SourceClass sourceClass = SourceClass::Patent; ///< of a class marker
    std::uint8_t group = 0; ///< of a class marker: each group that is present counts once for its class
};

/// All markers, institutions by falling score.
std::span<const Marker> markers();

inline constexpr std::size_t kClassGroupCount = 12;

/// A source type that says something about its class: the first row whose word the type contains counts.
struct SourceTypeHint {
    std::string_view contains;
    SourceClass sourceClass;
    std::int64_t count;
};

std::span<const SourceTypeHint> sourceTypeHints();

/// What is believed of a source type before its text is read.
struct Prior {
    std::string_view sourceType;
    double authority;
    double entropy;
};

std::span<const Prior> priors();

/// The row of that name exactly, or that of an unknown type (0.50, 3.0).
const Prior& priorOf(std::string_view sourceType);

} // namespace dubito::provenance
