// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Error.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dubito::tokenizer {

struct TokenizerFile;

/// Encoding: whether the post-processor puts its tokens (a bos, say) around the text. Special tokens that are written
/// inside the text become their ids either way. Decoding: whether special tokens stay in the text.
enum class SpecialTokens : std::uint8_t { Without, With };

/// A token that stands for no text.
struct SpecialToken {
    std::int32_t id = 0;
    std::string content;
};

/// Text to ids and back, as the Hugging Face library does it with the same tokenizer.json.
///
/// Loaded once, immutable after; any number of threads may encode and decode at once. Move-only. An encoding takes time
/// in proportion to the text (times its logarithm), whatever the text is. It does not cut, pad or append end tokens.
class Tokenizer {
public:
    /// ErrorCode::NotFound or Model, with the file in `where`, when it is absent, broken or asks for an unknown part.
    static Result<Tokenizer> load(const std::filesystem::path& tokenizerJson);

    /// The same from the text of such a file; `where` is what errors name.
    static Result<Tokenizer> parse(std::string_view json, const std::string& where);

    Tokenizer(Tokenizer&&) noexcept;
    Tokenizer& operator=(Tokenizer&&) noexcept;
    ~Tokenizer();

    /// The ids of any bytes: what is not well-formed UTF-8 counts as U+FFFD, one for every maximal ill-formed part.
    /// Requires: fewer than 2^30 bytes.
    std::vector<std::int32_t> encode(std::string_view text, SpecialTokens specialTokens) const;

    /// The same, appended to `ids`, whose memory is so used again from document to document.
    void encodeInto(std::string_view text, SpecialTokens specialTokens, std::vector<std::int32_t>& ids) const;

    /// The text of ids. Ids that no token has are left out.
    std::string decode(std::span<const std::int32_t> ids, SpecialTokens specialTokens) const;

    /// One more than the highest id: the least number of embedding rows a model must have.
    std::int64_t vocabularySize() const;

    /// The id of exactly this token, as the file spells it ("Ġthe", "<s>").
    std::optional<std::int32_t> idOf(std::string_view token) const;

    /// How the file spells the token of an id; nothing when no token has it.
    std::optional<std::string> tokenOf(std::int32_t id) const;

    /// By rising position in the file.
    std::vector<SpecialToken> specialTokens() const;
    bool isSpecial(std::int32_t id) const;

    /// How many encodings had a pattern that was given up because it would have searched without end. Their texts were
    /// cut less finely than the file asks. 0 with every published tokenizer.
    std::int64_t patternsGivenUp() const;

    /// About how much memory the tables take.
    std::int64_t bytes() const;

private:
    struct State;

    explicit Tokenizer(TokenizerFile file);

    std::unique_ptr<State> m_state;
};

} // namespace dubito::tokenizer
