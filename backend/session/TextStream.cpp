// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/TextStream.h"

#include <algorithm>

namespace dubito::session {

namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

/// Enough that no decoder takes the next token for the first of a text.
constexpr std::size_t kContext = 8;

/// A run of tokens that never becomes text is given out after so many, as U+FFFD: nothing is held back for ever.
constexpr std::size_t kMostHeld = 16;

} // namespace

TextStream::TextStream(const tokenizer::Tokenizer& tokenizer, std::span<const std::int32_t> before)
    : m_tokenizer(tokenizer)
{
    const auto some = before.subspan(before.size() - std::min(before.size(), kContext));
    m_ids.assign(some.begin(), some.end());
    m_said = m_ids.size();
}

std::string TextStream::textSince(std::size_t first, std::size_t end) const
{
    return m_tokenizer.decode(std::span(m_ids).subspan(first, end - first), tokenizer::SpecialTokens::Without);
}

std::string TextStream::take(const std::string& whole, const std::string& known)
{
    m_context = m_said;
    m_said = m_ids.size();
    // What lies before the context is never looked at again.
    const std::size_t unused = m_said > kContext ? std::min(m_context, m_said - kContext) : 0;
    m_ids.erase(m_ids.begin(), m_ids.begin() + static_cast<std::ptrdiff_t>(unused));
    m_context -= unused;
    m_said -= unused;
    return whole.size() > known.size() ? whole.substr(known.size()) : std::string();
}

std::string TextStream::add(std::int32_t id)
{
    m_ids.push_back(id);
    const std::string known = textSince(m_context, m_said);
    const std::string whole = textSince(m_context, m_ids.size());
    const bool isOpen = whole.size() <= known.size() || whole.ends_with(kReplacement);
    if (isOpen && m_ids.size() - m_said < kMostHeld) {
        return {};
    }
    return take(whole, known);
}

std::string TextStream::finish()
{
    const std::string known = textSince(m_context, m_said);
    return take(textSince(m_context, m_ids.size()), known);
}

} // namespace dubito::session
