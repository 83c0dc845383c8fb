// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace dubito::tokenizer {

/// What two neighbours become when they merge, and how early.
struct Merge {
    std::uint32_t rank = 0; ///< smaller merges first
    std::int32_t id = 0;    ///< of the token that both make
};

/// Merges by the pair of ids they join: open addressing in one flat vector, because every character asks it.
class PairTable {
public:
    PairTable()
        : PairTable(0)
    {
    }

    /// Room for `count` pairs. Requires: no more are put.
    explicit PairTable(std::size_t count)
        : m_slots(std::bit_ceil(2 * count + 2))
    {
    }

    /// A pair that is there already gets the new merge.
    void put(std::int32_t left, std::int32_t right, Merge merge)
    {
        Slot& slot = m_slots[slotOf(keyOf(left, right))];
        slot.key = keyOf(left, right);
        slot.merge = merge;
    }

    /// The merge of a pair, or null.
    const Merge* find(std::int32_t left, std::int32_t right) const
    {
        const Slot& slot = m_slots[slotOf(keyOf(left, right))];
        return slot.key == kFree ? nullptr : &slot.merge;
    }

    std::int64_t bytes() const { return static_cast<std::int64_t>(m_slots.size() * sizeof(Slot)); }

private:
    static constexpr std::uint64_t kFree = ~std::uint64_t { 0 }; // no pair: ids are not negative

    struct Slot {
        std::uint64_t key = kFree;
        Merge merge;
    };

    static std::uint64_t keyOf(std::int32_t left, std::int32_t right)
    {
        return static_cast<std::uint64_t>(static_cast<std::uint32_t>(left)) << 32 | static_cast<std::uint32_t>(right);
    }

    std::size_t slotOf(std::uint64_t key) const
    {
        const std::size_t mask = m_slots.size() - 1;
        std::uint64_t mixed = key * 0x9E3779B97F4A7C15U;
        mixed ^= mixed >> 32;
        auto at = static_cast<std::size_t>(mixed) & mask;
        while (m_slots[at].key != kFree && m_slots[at].key != key) {
            at = (at + 1) & mask;
        }
        return at;
    }

    std::vector<Slot> m_slots; // a power of two, at most half full
};

} // namespace dubito::tokenizer
