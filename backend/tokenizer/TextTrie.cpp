// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/tokenizer/TextTrie.h"

namespace dubito::tokenizer {

std::uint32_t TextTrie::follow(std::uint32_t node, unsigned char byte) const
{
    for (const Edge& edge : m_nodes[node].edges) {
        if (edge.byte == byte) {
            return edge.node;
        }
    }
    return 0;
}

void TextTrie::add(std::string_view text, std::uint32_t value)
{
    if (text.empty()) {
        return;
    }
    m_begins[static_cast<unsigned char>(text.front())] = true;
    std::uint32_t node = 0;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        std::uint32_t next = follow(node, byte);
        if (next == 0) {
            next = static_cast<std::uint32_t>(m_nodes.size());
            m_nodes.emplace_back();
            m_nodes[node].edges.push_back({ byte, next });
        }
        node = next;
    }
    if (!m_nodes[node].value) {
        m_nodes[node].value = value;
    }
}

std::optional<TextTrie::Match> TextTrie::longestAt(std::string_view text, std::size_t at) const
{
    std::optional<Match> longest;
    std::uint32_t node = 0;
    for (std::size_t i = at; i < text.size(); ++i) {
        node = follow(node, static_cast<unsigned char>(text[i]));
        if (node == 0) {
            break;
        }
        if (m_nodes[node].value) {
            longest = Match { { at, i + 1 }, *m_nodes[node].value };
        }
    }
    return longest;
}

std::optional<TextTrie::Match> TextTrie::find(std::string_view text, std::size_t from) const
{
    for (std::size_t at = from; at < text.size(); ++at) {
        if (m_begins[static_cast<unsigned char>(text[at])]) {
            if (const auto match = longestAt(text, at)) {
                return match;
            }
        }
    }
    return std::nullopt;
}

} // namespace dubito::tokenizer
