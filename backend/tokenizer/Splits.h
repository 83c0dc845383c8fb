// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/tokenizer/Pattern.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace dubito::tokenizer {

/// What becomes of a match when a text is split at it.
enum class SplitBehaviour : std::uint8_t {
    Removed,            ///< it goes
    Isolated,           ///< it is a piece of its own
    MergedWithPrevious, ///< it ends the piece before it
    MergedWithNext,     ///< it begins the piece behind it
    Contiguous,         ///< matches that touch make one piece
};

/// A stretch of the text, which matched or did not.
struct Stretch {
    TextRange range;
    bool isMatch = false;
};

/// Collects the matches of a text from left to right and says which pieces they leave. Reusable: settle() empties it.
class Splits {
public:
    /// Requires: not before the end of the match added last.
    void addMatch(TextRange match);

    /// What matched did not, and the other way round, for what has been added and the rest up to `textSize`.
    void invert(std::size_t textSize);

    /// Appends the pieces, none of them empty, of a text of `textSize` bytes.
    void settle(SplitBehaviour behaviour, std::size_t textSize, std::vector<TextRange>& pieces);

private:
    void closeAt(std::size_t end);
    void settleMergedWithNext(std::vector<TextRange>& pieces) const;
    bool joinsPrevious(SplitBehaviour behaviour, std::size_t index) const;

    std::vector<Stretch> m_stretches; // without gaps
};

} // namespace dubito::tokenizer
