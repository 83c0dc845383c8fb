// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Text.h"
#include "backend/session/Snapshot.h"

#include <QString>

namespace dubito::ui::memory {

/// The unit in which a run's memory is charted: MiB for small models, GiB from 1 GiB up. It follows the peak, so that
/// it changes at most once in a run.
struct MemoryUnit {
    QString name;
    double fromMiB = 1; ///< factor for series, which are in MiB
    int decimals = 0;

    double fromBytes(std::int64_t bytes) const { return toMiB(bytes) * fromMiB; }
};

inline MemoryUnit memoryUnitOf(const session::Snapshot& snapshot)
{
    return snapshot.memory.peakResident >= kGiB ? MemoryUnit { QStringLiteral("GiB"), 1.0 / 1024, 2 }
                                                : MemoryUnit { QStringLiteral("MiB"), 1.0, 0 };
}

} // namespace dubito::ui::memory
