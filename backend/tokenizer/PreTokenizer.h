// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/tokenizer/JsonPart.h"
#include "backend/tokenizer/Pattern.h"
#include "backend/tokenizer/Splits.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace dubito::tokenizer {

/// A text and the pieces it is cut into, in order. What lies in no piece is gone.
struct Pieces {
    std::string text;
    std::vector<TextRange> ranges;
    bool beginsText = false; ///< the text begins where the whole input begins

    std::string_view piece(std::size_t index) const
    {
        return std::string_view(text).substr(ranges[index].begin, ranges[index].end - ranges[index].begin);
    }
};

/// When Metaspace puts its mark in front of a piece that does not begin with it.
enum class PrependScheme : std::uint8_t { Always, First, Never };

/// Metaspace as pre-tokenizers and decoders have it: a visible mark in place of a blank.
struct Metaspace {
    std::string mark;
    PrependScheme scheme = PrependScheme::Always;
    bool splits = true;

    /// Understands prepend_scheme and the older add_prefix_space; refuses two that disagree.
    static Metaspace read(const JsonPart& part);
};

/// The `pre_tokenizer` of tokenizer.json: cuts text into the pieces inside which pairs may merge. Immutable; any
/// thread.
///
/// Knows Split, ByteLevel, Metaspace, Digits and Sequence; refuses others by name. (trim_offsets concerns positions,
/// which Dubito does not report.)
class PreTokenizer {
public:
    /// A null part leaves the text in one piece.
    static PreTokenizer read(const JsonPart& part);

    /// Cuts further what is in `pieces`. False when a pattern was given up (see Finder); the rest is then one piece.
    bool apply(Pieces& pieces) const;

private:
    struct Split {
        Pattern pattern;
        SplitBehaviour behaviour = SplitBehaviour::Isolated;
        bool isInverted = false;
    };
    struct LeadingBlank { };
    struct SpellBytes { };
    struct Digits {
        SplitBehaviour behaviour = SplitBehaviour::Contiguous;
    };
    using Step = std::variant<Split, LeadingBlank, SpellBytes, Metaspace, Digits>;

    static bool run(const Split& step, Pieces& pieces);
    static bool run(const LeadingBlank& step, Pieces& pieces);
    static bool run(const SpellBytes& step, Pieces& pieces);
    static bool run(const Metaspace& step, Pieces& pieces);
    static bool run(const Digits& step, Pieces& pieces);

    void append(const JsonPart& part);
    void appendByteLevel(const JsonPart& part);

    std::vector<Step> m_steps; // a Sequence is laid flat, and ByteLevel is what it consists of
};

} // namespace dubito::tokenizer
