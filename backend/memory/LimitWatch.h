// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/memory/LeakLadder.h"
#include "backend/memory/MemoryStatus.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace dubito::memory {

/// How near the limit is, and what else is known besides the growth.
struct LimitFacts {
    double limitMb = 0; ///< 0: no limit is known, and no rule of this unit speaks
    double stepsToCheckpoint = 500; ///< until the next state is saved
    double stalledPercentage = -1; ///< PSI full avg10; -1 unknown
};

/// Looks at one stream and its limit: when will it be reached, and must one act before the slope is certain?
///
/// Speaks of the peak, because the out-of-memory killer meets the spike and not the floor. Fixed size; MiB throughout.
class LimitWatch {
public:
    /// The sample of the next step, and whether a warning holds.
    void add(double mb, bool isWarned);

    /// Steps until the limit at this growth; nothing where there is no limit or no growth.
    Forecast forecast(const LeakEstimate& growth, double limitMb) const;

    /// The rule that wants an act now, in words; empty when none does.
    std::string_view urgent(const LeakEstimate& growth, const LimitFacts& facts) const;

    /// A warning stays latched for a while after its evidence is gone.
    bool isLatched() const { return m_warnedFor > 0; }

    /// After a reload: windows and baseline anew.
    void restart() { *this = LimitWatch {}; }

private:
    static constexpr std::size_t kWindow = 256;

    double highestOf(std::size_t steps) const;
    double lowestOf(std::size_t steps) const;

    std::array<double, kWindow> m_samples {}; ///< a ring
    std::size_t m_count = 0;
    std::size_t m_next = 0;
    double m_baseline = 0; ///< the floor before any warning
    std::int64_t m_warnedFor = 0; ///< steps since the warning was latched; 0: it is not
    std::int64_t m_quietFor = 0;
};

} // namespace dubito::memory
