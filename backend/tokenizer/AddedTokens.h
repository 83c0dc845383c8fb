// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/tokenizer/JsonPart.h"
#include "backend/tokenizer/Normalizer.h"
#include "backend/tokenizer/TextTrie.h"
#include "backend/tokenizer/Vocabulary.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dubito::tokenizer {

/// A token that is found in the text as it stands, before any cutting.
struct AddedToken {
    std::int32_t id = 0;
    std::string content;
    bool isSingleWord = false; ///< only where no word character touches it
    bool takesBlanksLeft = false;
    bool takesBlanksRight = false;
    bool isNormalized = false; ///< looked for in the normalized text, in its normalized form
    bool isSpecial = false;    ///< can be left out when ids become text
};

/// A stretch of text that is one added token, or that is none.
struct TextPart {
    TextRange range;
    std::optional<std::int32_t> id;
};

/// The `added_tokens` of tokenizer.json, and where they are in a text. Immutable; any thread.
class AddedTokens {
public:
    /// Which of them to look for: those of the raw text come first.
    enum class Stage : std::uint8_t { Raw, Normalized };

    /// Refuses a token whose id contradicts the vocabulary, or is taken, or is far out of range.
    static AddedTokens read(const JsonPart& file, const Vocabulary& vocabulary, const Normalizer& normalizer);

    /// The whole text in parts, none of them empty. Where several tokens begin, the longest wins.
    /// Requires: well-formed UTF-8.
    std::vector<TextPart> split(std::string_view text, Stage stage) const;

    const std::vector<AddedToken>& all() const { return m_tokens; }
    const AddedToken* find(std::int32_t id) const;
    std::optional<std::int32_t> idOf(std::string_view content) const { return m_index.idOf(content); }

    /// One more than the highest id; 0 when there is none.
    std::int32_t idLimit() const { return m_index.idLimit(); }

private:
    void readToken(const JsonPart& part, const Vocabulary& vocabulary, std::int64_t highestId);
    void buildTries(const Normalizer& normalizer);
    std::optional<TextRange> rangeOf(
        const AddedToken& token, std::string_view text, TextRange match, std::size_t from) const;

    std::vector<AddedToken> m_tokens;
    std::size_t m_contentBytes = 0;
    Vocabulary m_index;
    std::vector<std::uint32_t> m_rowOfId; // by id; row of m_tokens plus 1, or 0
    TextTrie m_raw;
    TextTrie m_normalized;
};

} // namespace dubito::tokenizer
