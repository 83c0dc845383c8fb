// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/memory/MemoryStatus.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>

namespace dubito::memory {

/// Learns what each phase of a run needs, and tells when one needs far more than it used to.
///
/// The levels of MemoryLevels are about limits; these are about habit: evaluation may always need twice what training
/// does, and only a third time as much is news. A phase is known after some looks (50 steps, 3 evaluations or
/// checkpoints); unusual is a quarter and 64 MiB above the most it needed until then. Speaks at the edge, and again only
/// after the use has come down to 95 % of it. Fixed size; no clock. Not for two threads.
class PhaseBaselines {
public:
    /// What is used now, in this phase. A sentence when that has just become unusual.
    std::optional<std::string> look(Phase phase, std::int64_t anonymousBytes);

    /// The run needs something else from now on (a reload, a smaller batch): all phases are learned anew.
    void restart() { *this = PhaseBaselines {}; }

    const std::array<PhaseUse, kPhaseCount>& uses() const { return m_uses; }

private:
    std::array<PhaseUse, kPhaseCount> m_uses {};
    std::array<bool, kPhaseCount> m_isUnusual {};
};

} // namespace dubito::memory
