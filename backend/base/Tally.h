// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/TensorMemory.h"

#include <array>
#include <atomic>
#include <cstdint>

namespace dubito {

/// The bytes of what is large and no tensor (token pages, histories, tokenizer tables), by category.
///
/// Owned by the session beside the pool, whose numbers it completes. Any thread.
class Tally {
public:
    std::int64_t bytes(Category category) const
    {
        return m_bytes[toIndex(category)].load(std::memory_order_relaxed);
    }

    void add(Category category, std::int64_t bytes)
    {
        m_bytes[toIndex(category)].fetch_add(bytes, std::memory_order_relaxed);
    }

private:
    std::array<std::atomic<std::int64_t>, kCategoryCount> m_bytes {};
};

/// One entry of a Tally, which must outlive it: what it says is taken back when it goes.
class TallyEntry {
public:
    TallyEntry() = default;
    TallyEntry(Tally& tally, Category category) : m_tally(&tally), m_category(category) { }
    TallyEntry(TallyEntry&& other) noexcept { swap(other); }
    TallyEntry& operator=(TallyEntry&& other) noexcept
    {
        TallyEntry(std::move(other)).swap(*this);
        return *this;
    }
    ~TallyEntry() { set(0); }

    /// Replaces what this entry said before.
    void set(std::int64_t bytes)
    {
        if (m_tally != nullptr) {
            m_tally->add(m_category, bytes - m_bytes);
            m_bytes = bytes;
        }
    }

private:
    void swap(TallyEntry& other) noexcept
    {
        std::swap(m_tally, other.m_tally);
        std::swap(m_category, other.m_category);
        std::swap(m_bytes, other.m_bytes);
    }

    Tally* m_tally = nullptr;
    Category m_category = Category::Data;
    std::int64_t m_bytes = 0;
};

} // namespace dubito
