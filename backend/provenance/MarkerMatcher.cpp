// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/provenance/MarkerMatcher.h"

#include "backend/base/Check.h"
#include "backend/provenance/FoldedText.h"

namespace dubito::provenance {

MarkerMatcher::MarkerMatcher(std::span<const Marker> table)
    : m_table(table)
{
    std::uint8_t letters = 0;
    std::vector<std::vector<std::uint16_t>> own(1);
    m_next.assign(kLetters, 0);
    for (std::size_t marker = 0; marker < table.size(); ++marker) {
        CHECK(!table[marker].text.empty(), "a marker is empty");
        std::size_t state = 0;
        for (const char c : table[marker].text) {
            auto& letter = m_letters[static_cast<unsigned char>(c)];
            if (letter == 0) {
                letter = ++letters;
                CHECK(letters < kLetters, "the markers use more letters than the table of states holds");
            }
            const std::size_t edge = state * kLetters + letter;
            if (m_next[edge] == 0) {
                m_next[edge] = static_cast<std::uint16_t>(own.size());
                own.emplace_back();
                m_next.resize(m_next.size() + kLetters, 0);
            }
            state = m_next[edge];
        }
        own[state].push_back(static_cast<std::uint16_t>(marker));
    }
    CHECK(own.size() < 65536, "the markers need more states than the table holds");
    link(own);
}

/// Turns the tree into an automaton: a missing edge leads where the longest suffix that is still a beginning leads.
void MarkerMatcher::link(const std::vector<std::vector<std::uint16_t>>& own)
{
    const std::size_t states = own.size();
    std::vector<std::vector<std::uint16_t>> ends = own;
    std::vector<std::uint16_t> suffix(states, 0);
    std::vector<std::uint16_t> queue;
    queue.reserve(states);
    for (std::size_t letter = 0; letter < kLetters; ++letter) {
        if (m_next[letter] != 0) {
            queue.push_back(m_next[letter]);
        }
    }
    for (std::size_t head = 0; head < queue.size(); ++head) {
        const std::size_t state = queue[head];
        const std::size_t shorter = suffix[state];
        ends[state].insert(ends[state].end(), ends[shorter].begin(), ends[shorter].end());
        for (std::size_t letter = 0; letter < kLetters; ++letter) {
            auto& edge = m_next[state * kLetters + letter];
            const std::uint16_t fallback = m_next[shorter * kLetters + letter];
            if (edge == 0) {
                edge = fallback;
            } else {
                suffix[edge] = fallback;
                queue.push_back(edge);
            }
        }
    }
    m_firstEnd.reserve(states + 1);
    for (const auto& here : ends) {
        m_firstEnd.push_back(static_cast<std::uint32_t>(m_ends.size()));
        m_ends.insert(m_ends.end(), here.begin(), here.end());
    }
    m_firstEnd.push_back(static_cast<std::uint32_t>(m_ends.size()));
}

bool MarkerMatcher::isStanding(std::string_view lowered, const Finding& finding) const
{
    const Standing standing = m_table[finding.marker].standing;
    if (standing == Standing::Anywhere) {
        return true;
    }
    if (finding.begin > 0 && symbol::isWord(lowered[finding.begin - 1])) {
        return false;
    }
    std::size_t behind = finding.end;
    if (standing == Standing::Word) {
        return behind == lowered.size() || !symbol::isWord(lowered[behind]);
    }
    while (behind < lowered.size() && symbol::isSpace(lowered[behind])) {
        ++behind;
    }
    return behind < lowered.size() && symbol::isDigit(lowered[behind]);
}

} // namespace dubito::provenance
