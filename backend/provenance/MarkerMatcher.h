// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/provenance/Markers.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace dubito::provenance {

/// All markers in one pass over a lowered text (Aho, Corasick 1975), with the standing that each one asks for.
///
/// A finding does not overlap an earlier one of the same marker, as in Python's count and findall. The time is linear
/// in the text plus the findings. Immutable: any thread.
class MarkerMatcher {
public:
    /// `table` must outlive it: lower-case ASCII texts, none empty.
    explicit MarkerMatcher(std::span<const Marker> table);

    struct Finding {
        std::size_t marker = 0; ///< index in the table
        std::size_t begin = 0;  ///< symbols
        std::size_t end = 0;
    };

    /// Calls `found(Finding)` for each, in the order of their ends.
    template <typename Found>
    void forEach(std::string_view lowered, const Found& found) const
    {
        std::vector<std::size_t> freeFrom(m_table.size(), 0);
        std::size_t state = 0;
        for (std::size_t i = 0; i < lowered.size(); ++i) {
            state = m_next[state * kLetters + m_letters[static_cast<unsigned char>(lowered[i])]];
            for (std::size_t k = m_firstEnd[state]; k < m_firstEnd[state + 1]; ++k) {
                const std::size_t marker = m_ends[k];
                const Finding finding { marker, i + 1 - m_table[marker].text.size(), i + 1 };
                if (finding.begin >= freeFrom[marker] && isStanding(lowered, finding)) {
                    freeFrom[marker] = finding.end;
                    found(finding);
                }
            }
        }
    }

private:
    static constexpr std::size_t kLetters = 32; ///< 0 is every symbol that no marker uses

    bool isStanding(std::string_view lowered, const Finding& finding) const;
    void link(const std::vector<std::vector<std::uint16_t>>& own);

    std::span<const Marker> m_table;
    std::array<std::uint8_t, 256> m_letters {};
    std::vector<std::uint16_t> m_next;     ///< [states][kLetters]
    std::vector<std::uint32_t> m_firstEnd; ///< [states + 1] into m_ends
    std::vector<std::uint16_t> m_ends;     ///< markers that end in a state
};

} // namespace dubito::provenance
