// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/memory/PoolCounters.h"

#include <cstdint>
#include <optional>
#include <string>

namespace dubito::memory {

/// Finds how much freed memory is worth keeping: what steps were seen to keep between them, and a quarter.
///
/// Looks once per step and chooses after every 50. A limit is never below what the steps just kept, so that choosing it
/// drops nothing they use again; it follows downwards when they keep much less, and grows by half when the pool maps
/// memory anew although the cache is full. Fixed size; not for two threads.
class CacheTuner {
public:
    struct Choice {
        std::int64_t limitBytes = 0;
        std::string note; ///< why, a sentence without a full stop
    };

    /// After a step. A choice, when it is another one than before.
    std::optional<Choice> look(const PoolCounters& pool);

    /// The steps are different ones from now on.
    void restart() { *this = CacheTuner {}; }

private:
    std::int64_t m_limit = 0; ///< 0: none chosen yet
    std::int64_t m_most = 0; ///< kept after a step of this window
    std::int64_t m_steps = 0;
    std::uint64_t m_mapCallsBefore = 0;
};

} // namespace dubito::memory
