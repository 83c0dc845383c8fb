// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/tokenizer/Splits.h"

#include <algorithm>

namespace dubito::tokenizer {

void Splits::closeAt(std::size_t end)
{
    const std::size_t begin = m_stretches.empty() ? 0 : m_stretches.back().range.end;
    if (begin < end) {
        m_stretches.push_back({ { begin, end }, false });
    }
}

void Splits::addMatch(TextRange match)
{
    closeAt(match.begin);
    m_stretches.push_back({ match, true });
}

void Splits::invert(std::size_t textSize)
{
    closeAt(textSize);
    for (auto& stretch : m_stretches) {
        stretch.isMatch = !stretch.isMatch;
    }
}

bool Splits::joinsPrevious(SplitBehaviour behaviour, std::size_t index) const
{
    const bool isMatch = m_stretches[index].isMatch;
    const bool previousIsMatch = index > 0 && m_stretches[index - 1].isMatch;
    if (behaviour == SplitBehaviour::Contiguous) {
        return isMatch == previousIsMatch;
    }
    return behaviour == SplitBehaviour::MergedWithPrevious && isMatch && !previousIsMatch;
}

void Splits::settleMergedWithNext(std::vector<TextRange>& pieces) const
{
    // From the right: a match joins what stands behind it, unless that is a match, too.
    const auto first = static_cast<std::ptrdiff_t>(pieces.size());
    bool nextIsMatch = false;
    for (auto stretch = m_stretches.rbegin(); stretch != m_stretches.rend(); ++stretch) {
        if (stretch->isMatch && !nextIsMatch && static_cast<std::ptrdiff_t>(pieces.size()) > first) {
            pieces.back().begin = stretch->range.begin;
        } else {
            pieces.push_back(stretch->range);
        }
        nextIsMatch = stretch->isMatch;
    }
    std::reverse(pieces.begin() + first, pieces.end());
}

void Splits::settle(SplitBehaviour behaviour, std::size_t textSize, std::vector<TextRange>& pieces)
{
    closeAt(textSize);
    const std::size_t first = pieces.size();
    if (behaviour == SplitBehaviour::MergedWithNext) {
        settleMergedWithNext(pieces);
    } else {
        for (std::size_t i = 0; i < m_stretches.size(); ++i) {
            if (pieces.size() > first && joinsPrevious(behaviour, i)) {
                pieces.back().end = m_stretches[i].range.end;
            } else if (behaviour != SplitBehaviour::Removed || !m_stretches[i].isMatch) {
                pieces.push_back(m_stretches[i].range);
            }
        }
    }
    const auto isEmpty = [](const TextRange& range) { return range.begin == range.end; };
    pieces.erase(
        std::remove_if(pieces.begin() + static_cast<std::ptrdiff_t>(first), pieces.end(), isEmpty), pieces.end());
    m_stretches.clear();
}

} // namespace dubito::tokenizer
