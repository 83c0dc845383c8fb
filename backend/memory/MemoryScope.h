// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Clock.h"
#include "backend/base/Ring.h"
#include "backend/memory/MemoryProbe.h"
#include "backend/memory/TensorPool.h"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace dubito::memory {

/// What an operation is expected to leave behind when it returns.
enum class Leaves : std::uint8_t { Nothing, CopyInFlight };

/// What one operation did to memory.
struct ScopeReport {
    std::string_view name; ///< as given to the scope
    int depth = 0; ///< 0: not inside another scope
    std::int64_t poolDelta = 0; ///< live tensor bytes, end minus start
    std::int64_t poolPeak = 0; ///< the highest above the start in between
    std::int64_t residentDelta = 0; ///< anonymous resident bytes, end minus start
    std::chrono::nanoseconds duration { 0 };
    bool ended = true; ///< false: left by an exception
    Leaves leaves = Leaves::Nothing;

    /// More than 10 MiB stayed behind, and nothing should have: worth a warning.
    bool isLarge() const;

    /// "evaluate: +12 MiB kept, peak +80 MiB, 0.42 s"
    std::string toText() const;
};

/// The newest reports of MemoryScopes; at most 256. One thread.
class ScopeLog {
public:
    ScopeLog(TensorPool& pool, MemoryProbe& probe, const Clock& clock)
        : m_pool(pool)
        , m_probe(probe)
        , m_clock(clock)
    {
    }

    const Ring<ScopeReport>& reports() const { return m_reports; }

    /// Reports since the last call, oldest first and at most 32, for whoever logs them.
    std::vector<ScopeReport> takeNew();

private:
    friend class MemoryScope;

    TensorPool& m_pool;
    MemoryProbe& m_probe;
    const Clock& m_clock;
    Ring<ScopeReport> m_reports { 256 };
    Ring<ScopeReport> m_new { 32 };
    int m_depth = 0;
};

/// Measures memory and time from here to the end of the block, also when an exception ends it. Scopes nest.
///
/// About four microseconds in all; nothing worth counting with a null log.
class MemoryScope {
public:
    /// `name` outlives the log: a literal.
    MemoryScope(ScopeLog* log, std::string_view name, Leaves leaves = Leaves::Nothing);
    ~MemoryScope()
    {
        if (m_log != nullptr) {
            finish();
        }
    }

    MemoryScope(const MemoryScope&) = delete;
    MemoryScope& operator=(const MemoryScope&) = delete;

private:
    void begin();
    void finish() noexcept;

    ScopeLog* m_log;
    std::string_view m_name;
    Leaves m_leaves;
    int m_exceptions = 0;
    std::int64_t m_outerPeak = 0;
    std::int64_t m_poolBytes = 0;
    std::int64_t m_resident = 0;
    std::chrono::nanoseconds m_start { 0 };
};

inline MemoryScope::MemoryScope(ScopeLog* log, std::string_view name, Leaves leaves)
    : m_log(log)
    , m_name(name)
    , m_leaves(leaves)
{
    if (m_log != nullptr) {
        begin();
    }
}

} // namespace dubito::memory
