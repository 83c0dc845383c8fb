// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace dubito::tokenizer {

/// The tokens of a file in both directions: text to id, id to text. Ids may have gaps.
class Vocabulary {
public:
    /// True when the pair is new; false when the text or the id is taken, and then nothing changes.
    /// Requires: id >= 0, and small enough that a table of so many rows is reasonable.
    bool add(std::string token, std::int32_t id);

    std::optional<std::int32_t> idOf(std::string_view token) const;

    /// The text of an id, or null when no token has it. Valid as long as this vocabulary is.
    const std::string* tokenOf(std::int32_t id) const;

    std::size_t size() const { return m_ids.size(); }

    /// One more than the highest id; 0 when empty.
    std::int32_t idLimit() const { return static_cast<std::int32_t>(m_tokens.size()); }

    /// About how much memory it holds.
    std::int64_t bytes() const;

private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
    };

    std::unordered_map<std::string, std::int32_t, Hash, std::equal_to<>> m_ids;
    std::vector<const std::string*> m_tokens; // into the nodes of m_ids, which stay where they are, also in a move
};

} // namespace dubito::tokenizer
