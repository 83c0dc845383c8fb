// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace dubito::session {

/// By what a list of documents is sorted.
enum class DocumentOrder : std::uint8_t { Corpus, Id, Title, Source, Year, Authority, Entropy, Weight };
enum class Direction : std::uint8_t { Ascending, Descending };

/// A sorted list is known up to this place: what lies deeper is reached by the other direction or a filter.
inline constexpr std::int64_t kSortedReach = 65'536;

/// What a document is compared by: a number, or the first letters of a text.
struct SortKey {
    static constexpr std::size_t kLongestText = 48; ///< bytes; what is longer is equal from there on

    bool isKnown = true; ///< what is not known comes last, in both directions
    double number = 0;
    std::string text {}; ///< decides where the numbers are equal
    std::int64_t place = 0; ///< in the corpus; decides where everything else is equal
};

/// A key of a text, whatever its case. An empty one is not known.
SortKey textKey(std::string_view text, std::int64_t place);

/// A key of the number that a text begins with ("1839", "1839-05"); without one it is not known.
SortKey yearKey(std::string_view text, std::int64_t place);

/// A key of a number; one that is not finite is not known.
SortKey numberKey(double number, std::int64_t place);

/// Strict: no two keys of different places are equal.
bool comesBefore(const SortKey& one, const SortKey& other, Direction direction);

/// Finds a page of a sorted list by seeing every key once, in any order. Holds the keys up to the end of that page and no
/// others.
class SortedPage {
public:
    /// Requires: first + count <= kSortedReach.
    SortedPage(Direction direction, std::size_t first, std::size_t count);

    void add(SortKey key);

    /// The places of the page in the order of the list; it is empty where the list is shorter. Ends the search.
    std::vector<std::int64_t> takePlaces();

private:
    Direction m_direction;
    std::size_t m_first;
    std::size_t m_kept;
    std::vector<SortKey> m_heap; ///< at most m_kept, the last of the list on top
};

} // namespace dubito::session
