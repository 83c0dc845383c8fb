// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace dubito::bench {

/// Nanoseconds of one MemoryScope, begin and end together: the best of five rounds.
struct ScopeCost {
    double on = 0;
    double off = 0;
};

inline constexpr ScopeCost kPromisedScopeCost { .on = 5000, .off = 5 };

ScopeCost scopeCost();

} // namespace dubito::bench
