// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Check.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace dubito {

/// The newest `capacity` values, oldest first. Adding is O(1) and allocates only until it is full; it counts what it
/// overwrote.
template <typename T>
class Ring {
public:
    /// Requires: capacity > 0.
    explicit Ring(std::size_t capacity) : m_capacity(capacity)
    {
        CHECK(capacity > 0, "a Ring needs room for one value");
        m_values.reserve(capacity);
    }

    void push(T value)
    {
        if (m_values.size() < m_capacity) {
            m_values.push_back(std::move(value));
            return;
        }
        m_values[m_first] = std::move(value);
        m_first = m_first + 1 == m_capacity ? 0 : m_first + 1;
        ++m_overwritten;
    }

    /// Takes the oldest away. Requires: not empty.
    T popOldest()
    {
        CHECK(!m_values.empty(), "popOldest() of an empty Ring");
        // A queue of commands: a handful of values, so that moving them costs nothing.
        std::rotate(m_values.begin(), m_values.begin() + static_cast<std::ptrdiff_t>(m_first), m_values.end());
        m_first = 0;
        T oldest = std::move(m_values.front());
        m_values.erase(m_values.begin());
        return oldest;
    }

    /// 0 is the oldest. Requires: index < size().
    const T& operator[](std::size_t index) const
    {
        CHECK(index < m_values.size(), "a Ring was read outside its values");
        return m_values[(m_first + index) % m_values.size()];
    }

    const T& newest() const { return (*this)[size() - 1]; }

    std::vector<T> toVector() const { return newestOf(size()); }

    /// The newest `count` values (or all there are), oldest first.
    std::vector<T> newestOf(std::size_t count) const
    {
        const std::size_t taken = std::min(count, size());
        std::vector<T> values;
        values.reserve(taken);
        for (std::size_t i = size() - taken; i < size(); ++i) {
            values.push_back((*this)[i]);
        }
        return values;
    }

    /// All of it, oldest first, into memory that is there: none is taken when `kept` has room.
    void copyInto(std::vector<T>& kept) const
    {
        const auto seam = m_values.begin() + static_cast<std::ptrdiff_t>(m_first);
        kept.assign(seam, m_values.end());
        kept.insert(kept.end(), m_values.begin(), seam);
    }

    void clear()
    {
        m_values.clear();
        m_first = 0;
    }

    bool empty() const { return m_values.empty(); }
    bool isFull() const { return m_values.size() == m_capacity; }
    std::size_t size() const { return m_values.size(); }
    std::size_t capacity() const { return m_capacity; }
    std::uint64_t overwritten() const { return m_overwritten; }

private:
    std::size_t m_capacity;
    std::size_t m_first = 0;
    std::uint64_t m_overwritten = 0;
    std::vector<T> m_values;
};

} // namespace dubito
