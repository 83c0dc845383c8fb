// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace dubito::bench {

/// What the processors have done since they were started, all processes and this one, at the moment of construction.
struct UseOfProcessors {
    UseOfProcessors();

    double busySeconds = 0; ///< of all processors together
    double totalSeconds = 0; ///< idle ones included
    double ownSeconds = 0; ///< of this process
    std::int64_t pageFaults = 0; ///< of this process, without a read from disk
};

/// The share of the machine that other processes took between two moments: a measurement with much of it is noise.
double othersShare(const UseOfProcessors& before, const UseOfProcessors& after);

/// The largest resident set so far.
double peakResidentMb();

} // namespace dubito::bench
