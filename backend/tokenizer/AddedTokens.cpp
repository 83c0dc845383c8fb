// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/tokenizer/AddedTokens.h"

#include "backend/tokenizer/Utf8.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace dubito::tokenizer {

namespace {

constexpr std::size_t kLongestToken = 1024;                 ///< bounds what one position of a text can cost
constexpr std::size_t kMostBytes = std::size_t { 4 } << 20; ///< of all together; a trie takes many times as much

/// The start of the character that ends at `end`. Requires: end > 0.
std::size_t beforeCharacter(std::string_view text, std::size_t end)
{
    do {
        --end;
    } while ((static_cast<unsigned char>(text[end]) & 0xC0) == 0x80);
    return end;
}

bool isBlankAt(std::string_view text, std::size_t at) { return isWhiteSpace(characterAt(text, at).codePoint); }
bool isWordAt(std::string_view text, std::size_t at) { return isWordCharacter(characterAt(text, at).codePoint); }

bool standsAlone(std::string_view text, TextRange range)
{
    const bool isFreeLeft = range.begin == 0 || !isWordAt(text, beforeCharacter(text, range.begin));
    const bool isFreeRight = range.end == text.size() || !isWordAt(text, range.end);
    return isFreeLeft && isFreeRight;
}

} // namespace

AddedTokens AddedTokens::read(const JsonPart& file, const Vocabulary& vocabulary, const Normalizer& normalizer)
{
    AddedTokens tokens;
    if (!file.has("added_tokens")) {
        return tokens;
    }
    const std::vector<JsonPart> parts = file.list("added_tokens");
    const std::int64_t highestId = vocabulary.idLimit() + 4 * static_cast<std::int64_t>(parts.size()) + 65535;
    for (const JsonPart& part : parts) {
        if (file.isRefused()) {
            return tokens;
        }
        tokens.readToken(part, vocabulary, highestId);
    }
    tokens.buildTries(normalizer);
    return tokens;
}

void AddedTokens::readToken(const JsonPart& part, const Vocabulary& vocabulary, std::int64_t highestId)
{
    AddedToken token {
        .id = static_cast<std::int32_t>(part.number("id", highestId)),
        .content = part.text("content"),
        .isSingleWord = part.isOn("single_word"),
        .takesBlanksLeft = part.isOn("lstrip"),
        .takesBlanksRight = part.isOn("rstrip"),
        .isNormalized = part.isOn("normalized"),
        .isSpecial = part.isOn("special"),
    };
    if (token.content.empty() || token.content.size() > kLongestToken) {
        part.refuse(fmt::format("must have a content of 1 to {} bytes", kLongestToken));
        return;
    }
    const auto known = vocabulary.idOf(token.content);
    const std::string* holder = vocabulary.tokenOf(token.id);
    if (known && *known != token.id) {
        part.refuse(
            fmt::format("gives \"{}\" the id {}, but it has {} in the vocabulary", token.content, token.id, *known));
        return;
    }
    if (holder != nullptr && *holder != token.content) {
        part.refuse(
            fmt::format("gives \"{}\" the id {}, which is \"{}\" in the vocabulary", token.content, token.id, *holder));
        return;
    }
    if (!m_index.add(token.content, token.id)) {
        part.refuse(
            fmt::format("gives \"{}\" the id {}, but the text or the id was added before", token.content, token.id));
        return;
    }
    m_contentBytes += token.content.size();
    if (m_contentBytes > kMostBytes) {
        part.refuse(fmt::format("makes more than {} bytes of added tokens", kMostBytes));
        return;
    }
    m_tokens.push_back(std::move(token));
}

void AddedTokens::buildTries(const Normalizer& normalizer)
{
    m_rowOfId.assign(static_cast<std::size_t>(m_index.idLimit()), 0);
    // In the reference special tokens come first, which matters where two have the same normalized form.
    for (const auto isSpecial : { true, false }) {
        for (std::uint32_t row = 0; row < m_tokens.size(); ++row) {
            const AddedToken& token = m_tokens[row];
            if (token.isSpecial != isSpecial) {
                continue;
            }
            std::string content = token.content;
            if (token.isNormalized) {
                normalizer.apply(content);
            }
            (token.isNormalized ? m_normalized : m_raw).add(content, row);
            m_rowOfId[static_cast<std::size_t>(token.id)] = row + 1;
        }
    }
}

std::optional<TextRange> AddedTokens::rangeOf(
    const AddedToken& token, std::string_view text, TextRange match, std::size_t from) const
{
    if (token.isSingleWord && !standsAlone(text, match)) {
        return std::nullopt;
    }
    while (token.takesBlanksLeft && match.begin > from && isBlankAt(text, beforeCharacter(text, match.begin))) {
        match.begin = beforeCharacter(text, match.begin);
    }
    while (token.takesBlanksRight && match.end < text.size() && isBlankAt(text, match.end)) {
        match.end += characterAt(text, match.end).bytes;
    }
    return match;
}

std::vector<TextPart> AddedTokens::split(std::string_view text, Stage stage) const
{
    const TextTrie& trie = stage == Stage::Raw ? m_raw : m_normalized;
    std::vector<TextPart> parts;
    std::size_t done = 0;
    std::size_t from = 0;
    while (const auto match = trie.find(text, from)) {
        from = match->range.end;
        const AddedToken& token = m_tokens[match->value];
        const auto range = rangeOf(token, text, match->range, done);
        if (!range) {
            continue;
        }
        if (done < range->begin) {
            parts.push_back({ { done, range->begin }, std::nullopt });
        }
        parts.push_back({ *range, token.id });
        done = range->end;
    }
    if (done < text.size()) {
        parts.push_back({ { done, text.size() }, std::nullopt });
    }
    return parts;
}

const AddedToken* AddedTokens::find(std::int32_t id) const
{
    const auto row = static_cast<std::size_t>(id);
    if (id < 0 || row >= m_rowOfId.size() || m_rowOfId[row] == 0) {
        return nullptr;
    }
    return &m_tokens[m_rowOfId[row] - 1];
}

} // namespace dubito::tokenizer
