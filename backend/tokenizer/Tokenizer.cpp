// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/tokenizer/Tokenizer.h"

#include "backend/base/Check.h"
#include "backend/tokenizer/TokenizerFile.h"
#include "backend/tokenizer/Utf8.h"

#include <algorithm>
#include <atomic>
#include <utility>

namespace dubito::tokenizer {

namespace {

constexpr std::size_t kLongestText = std::size_t { 1 } << 30;

/// One text on its way to ids.
class Encoding {
public:
    Encoding(const TokenizerFile& file, std::vector<std::int32_t>& ids)
        : m_file(file)
        , m_ids(ids)
    {
    }

    void run(std::string_view text)
    {
        for (const TextPart& part : m_file.addedTokens.split(text, AddedTokens::Stage::Raw)) {
            if (part.id) {
                m_ids.push_back(*part.id);
            } else {
                encodeBetweenRawTokens(text.substr(part.range.begin, part.range.end - part.range.begin),
                    part.range.begin == 0 ? Place::Start : Place::Later);
            }
        }
    }

    bool isWhole() const { return m_isWhole; }

private:
    enum class Place { Start, Later };

    /// Every stretch between two tokens is normalized for itself, as in the reference.
    void encodeBetweenRawTokens(std::string_view text, Place place)
    {
        std::string normal(text);
        m_isWhole = m_file.normalizer.apply(normal) && m_isWhole;
        for (const TextPart& part : m_file.addedTokens.split(normal, AddedTokens::Stage::Normalized)) {
            if (part.id) {
                m_ids.push_back(*part.id);
            } else {
                m_pieces.text.assign(normal, part.range.begin, part.range.end - part.range.begin);
                m_pieces.ranges.assign(1, { 0, m_pieces.text.size() });
                m_pieces.beginsText = place == Place::Start && part.range.begin == 0;
                encodePieces();
            }
        }
    }

    void encodePieces()
    {
        m_isWhole = m_file.preTokenizer.apply(m_pieces) && m_isWhole;
        for (std::size_t i = 0; i < m_pieces.ranges.size(); ++i) {
            m_file.model.encode(m_pieces.piece(i), m_scratch, m_ids);
        }
    }

    const TokenizerFile& m_file;
    std::vector<std::int32_t>& m_ids;
    Pieces m_pieces;
    BytePairs::Scratch m_scratch;
    bool m_isWhole = true;
};

void append(std::vector<std::int32_t>& ids, const std::vector<std::int32_t>& more)
{
    ids.insert(ids.end(), more.begin(), more.end());
}

} // namespace

struct Tokenizer::State {
    TokenizerFile file;
    std::atomic<std::int64_t> patternsGivenUp = 0;

    const std::string* tokenOf(std::int32_t id) const
    {
        const AddedToken* added = file.addedTokens.find(id);
        return added != nullptr ? &added->content : file.model.vocabulary().tokenOf(id);
    }
};

Tokenizer::Tokenizer(TokenizerFile file)
    : m_state(std::make_unique<State>())
{
    m_state->file = std::move(file);
}
Tokenizer::Tokenizer(Tokenizer&&) noexcept = default;
Tokenizer& Tokenizer::operator=(Tokenizer&&) noexcept = default;
Tokenizer::~Tokenizer() = default;

Result<Tokenizer> Tokenizer::load(const std::filesystem::path& tokenizerJson)
{
    auto file = readTokenizerFile(tokenizerJson);
    if (!file) {
        return file.error();
    }
    return Tokenizer(std::move(*file));
}

Result<Tokenizer> Tokenizer::parse(std::string_view json, const std::string& where)
{
    auto file = parseTokenizer(json, where);
    if (!file) {
        return file.error();
    }
    return Tokenizer(std::move(*file));
}

std::vector<std::int32_t> Tokenizer::encode(std::string_view text, SpecialTokens specialTokens) const
{
    std::vector<std::int32_t> ids;
    encodeInto(text, specialTokens, ids);
    return ids;
}

void Tokenizer::encodeInto(std::string_view text, SpecialTokens specialTokens, std::vector<std::int32_t>& ids) const
{
    CHECK(text.size() < kLongestText, "a text of 1 GiB or more");
    const PostProcessor& around = m_state->file.postProcessor;
    if (specialTokens == SpecialTokens::With) {
        append(ids, around.before());
    }
    Encoding encoding(m_state->file, ids);
    if (isWellFormed(text)) {
        encoding.run(text);
    } else {
        encoding.run(repaired(text));
    }
    if (specialTokens == SpecialTokens::With) {
        append(ids, around.behind());
    }
    if (!encoding.isWhole()) {
        m_state->patternsGivenUp.fetch_add(1, std::memory_order_relaxed);
    }
}

std::string Tokenizer::decode(std::span<const std::int32_t> ids, SpecialTokens specialTokens) const
{
    std::vector<std::string> tokens;
    tokens.reserve(ids.size());
    for (const std::int32_t id : ids) {
        const std::string* token = m_state->tokenOf(id);
        if (token != nullptr && (specialTokens == SpecialTokens::With || !isSpecial(id))) {
            tokens.push_back(*token);
        }
    }
    return m_state->file.decoder.decode(std::move(tokens));
}

std::int64_t Tokenizer::vocabularySize() const
{
    return std::max(m_state->file.model.vocabulary().idLimit(), m_state->file.addedTokens.idLimit());
}

std::optional<std::int32_t> Tokenizer::idOf(std::string_view token) const
{
    const auto added = m_state->file.addedTokens.idOf(token);
    return added ? added : m_state->file.model.vocabulary().idOf(token);
}

std::optional<std::string> Tokenizer::tokenOf(std::int32_t id) const
{
    const std::string* token = m_state->tokenOf(id);
    return token == nullptr ? std::nullopt : std::optional(*token);
}

std::vector<SpecialToken> Tokenizer::specialTokens() const
{
    std::vector<SpecialToken> special;
    for (const AddedToken& token : m_state->file.addedTokens.all()) {
        if (token.isSpecial) {
            special.push_back({ token.id, token.content });
        }
    }
    return special;
}

bool Tokenizer::isSpecial(std::int32_t id) const
{
    const AddedToken* token = m_state->file.addedTokens.find(id);
    return token != nullptr && token->isSpecial;
}

std::int64_t Tokenizer::patternsGivenUp() const { return m_state->patternsGivenUp.load(std::memory_order_relaxed); }

std::int64_t Tokenizer::bytes() const { return m_state->file.model.bytes(); }

} // namespace dubito::tokenizer
