// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/tokenizer/Pattern.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace dubito::tokenizer {

/// Finds many texts at once: the leftmost of them, and of those that begin there the longest.
class TextTrie {
public:
    struct Match {
        TextRange range;
        std::uint32_t value = 0;
    };

    /// The empty text is never found; of two equal texts the first counts.
    void add(std::string_view text, std::uint32_t value);

    std::optional<Match> find(std::string_view text, std::size_t from) const;

private:
    struct Edge {
        unsigned char byte = 0;
        std::uint32_t node = 0;
    };
    struct Node {
        std::vector<Edge> edges;
        std::optional<std::uint32_t> value;
    };

    std::uint32_t follow(std::uint32_t node, unsigned char byte) const;
    std::optional<Match> longestAt(std::string_view text, std::size_t at) const;

    std::vector<Node> m_nodes { Node {} }; // the first is the root, and no edge leads to it
    std::array<bool, 256> m_begins {};     // bytes with which some text begins
};

} // namespace dubito::tokenizer
