// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dubito::provenance {

/// The rules that can move a score.
enum class Rule : std::uint8_t {
    Base, ///< where every document starts
    Citations,
    Institution,
    Consensus,
    Age,
    Primary,
    ClassMix, ///< Shannon entropy of the source classes
    ClassCount,
    Bounds, ///< what the permitted range took away or added
    Prior, ///< the known source type, mixed in
    TooShort, ///< too little text to judge
};

std::string_view toWord(Rule rule);

/// Bytes [begin, end) of the document's text.
struct Span {
    std::size_t begin = 0;
    std::size_t end = 0;

    friend bool operator==(const Span&, const Span&) = default;
};

/// One rule that fired: on which words, and what it added to each value.
struct Contribution {
    Rule rule = Rule::Base;
    std::string evidence; ///< the marker, year or type; "publisher: ..." when it stood in the metadata
    std::optional<Span> span; ///< absent when the reason is not in the text
    double authority = 0;
    double entropy = 0;
};

/// Why a document got its score. Contributions sum to the score (to rounding). Bounded: a rule that fires often names its
/// first places and sums up the rest.
using Explanation = std::vector<Contribution>;

} // namespace dubito::provenance
