// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Clock.h"

#include <atomic>
#include <cstdint>

namespace dubito {

/// Time that passes only when the test says so: a night in a microsecond. Any thread.
class ManualClock final : public Clock {
public:
    std::chrono::nanoseconds now() const override { return std::chrono::nanoseconds(m_now.load()); }

    /// The day began at 2026-01-01 00:00:00 UTC.
    std::chrono::system_clock::time_point wall() const override
    {
        using namespace std::chrono;
        return system_clock::time_point(sys_days(year(2026) / 1 / 1))
            + duration_cast<system_clock::duration>(now());
    }

    void advance(std::chrono::nanoseconds time) { m_now += time.count(); }

private:
    std::atomic<std::int64_t> m_now = 1;
};

} // namespace dubito
