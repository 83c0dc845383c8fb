// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/tokenizer/Tokenizer.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace dubito::session {

/// Makes text of tokens that come one by one, and never gives out half a character: what may still become one is held
/// back until the next token completes it.
///
/// The pieces together are the text of all tokens. A token is read beside the ones before it, because decoders treat the
/// beginning of a text in their own way.
class TextStream {
public:
    /// `before` is what was read already and is not to be said again. The tokenizer must outlive it.
    TextStream(const tokenizer::Tokenizer& tokenizer, std::span<const std::int32_t> before);

    /// The text that is certain now; often empty, sometimes several characters.
    std::string add(std::int32_t id);

    /// What was held back; U+FFFD for what has never become a character.
    std::string finish();

private:
    std::string textSince(std::size_t first, std::size_t end) const;
    std::string take(const std::string& whole, const std::string& known);

    const tokenizer::Tokenizer& m_tokenizer;
    std::vector<std::int32_t> m_ids; ///< the newest: what a decoder may need to see, and what is held back
    std::size_t m_context = 0; ///< ids before this place give the decoder its beginning
    std::size_t m_said = 0; ///< the text of ids before this place has been given out
};

} // namespace dubito::session
