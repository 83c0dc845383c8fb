// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/DocumentOrder.h"

#include "backend/base/Check.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>

namespace dubito::session {

SortKey textKey(std::string_view text, std::int64_t place)
{
    SortKey key { .isKnown = !text.empty(), .text = std::string(text.substr(0, SortKey::kLongestText)), .place = place };
    std::ranges::transform(key.text, key.text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return key;
}

SortKey yearKey(std::string_view text, std::int64_t place)
{
    std::int64_t year = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), year);
    return { .isKnown = read.ec == std::errc(), .number = static_cast<double>(year), .place = place };
}

SortKey numberKey(double number, std::int64_t place)
{
    const bool isKnown = std::isfinite(number);
    return { .isKnown = isKnown, .number = isKnown ? number : 0, .place = place };
}

bool comesBefore(const SortKey& one, const SortKey& other, Direction direction)
{
    if (one.isKnown != other.isKnown) {
        return one.isKnown;
    }
    const bool rises = direction == Direction::Ascending;
    if (one.number != other.number) {
        return rises == (one.number < other.number);
    }
    if (const int text = one.text.compare(other.text); text != 0) {
        return rises == (text < 0);
    }
    return one.place < other.place;
}

SortedPage::SortedPage(Direction direction, std::size_t first, std::size_t count)
    : m_direction(direction)
    , m_first(first)
    , m_kept(first + count)
{
    CHECK(m_kept <= static_cast<std::size_t>(kSortedReach), "a page lies within the reach of a sorted list");
}

void SortedPage::add(SortKey key)
{
    const auto before = [this](const SortKey& one, const SortKey& other) { return comesBefore(one, other, m_direction); };
    if (m_heap.size() == m_kept) {
        if (m_kept == 0 || !before(key, m_heap.front())) {
            return;
        }
        std::ranges::pop_heap(m_heap, before);
        m_heap.pop_back();
    }
    m_heap.push_back(std::move(key));
    std::ranges::push_heap(m_heap, before);
}

std::vector<std::int64_t> SortedPage::takePlaces()
{
    std::ranges::sort_heap(m_heap, [this](const SortKey& one, const SortKey& other) { return comesBefore(one, other, m_direction); });
    std::vector<std::int64_t> places;
    for (std::size_t i = m_first; i < m_heap.size(); ++i) {
        places.push_back(m_heap[i].place);
    }
    m_heap.clear();
    return places;
}

} // namespace dubito::session
