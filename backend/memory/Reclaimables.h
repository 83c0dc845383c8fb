// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace dubito::memory {

/// A cache that may be dropped at any step boundary without harm.
struct Reclaimable {
    std::string name; ///< "token pages"
    int priority = 0; ///< the lowest goes first: what is cheapest to make again
    std::function<std::int64_t()> bytes; ///< what dropping it would give back
    std::function<std::int64_t()> drop; ///< drops it and says how many bytes came back
};

/// What a clean-up has done.
struct Reclaimed {
    std::int64_t bytes = 0;
    std::vector<std::string> names; ///< in the order in which they were dropped
};

/// The registered caches, and only those: what nobody registered is never touched.
///
/// All of it belongs to one thread, the one that uses the caches, except request(), which any thread may call: the
/// clean-up then happens when the owner next calls obey(). At most 64 caches.
class Reclaimables {
public:
    /// The number by which remove() knows it. Requires: fewer than 64 are registered.
    std::size_t add(Reclaimable cache);
    void remove(std::size_t number);

    /// Bytes that a full clean-up would give back.
    std::int64_t bytes() const;

    /// Drops caches by priority until `wanted` bytes have come back.
    Reclaimed reclaim(std::int64_t wanted);
    Reclaimed reclaimAll();

    /// Asks for a full clean-up at the owner's next obey(). Any thread.
    void request() { m_isRequested.store(true, std::memory_order_release); }

    /// Carries out a request, if there was one.
    std::optional<Reclaimed> obey();

private:
    struct Entry {
        std::size_t number = 0;
        Reclaimable cache;
    };

    std::vector<Entry> m_entries; ///< by priority
    std::size_t m_next = 0;
    std::atomic<bool> m_isRequested { false };
};

} // namespace dubito::memory
