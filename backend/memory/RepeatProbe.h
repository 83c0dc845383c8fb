// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Error.h"
#include "backend/memory/MemoryProbe.h"
#include "backend/memory/SiteTable.h"
#include "backend/memory/TensorPool.h"

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace dubito::memory {

/// How an operation is repeated.
struct RepeatWishes {
    std::int64_t times = 100;
    std::int64_t warmUp = 10; ///< repetitions before the counting begins: caches fill, buffers grow to size
    double leakMb = 0.005; ///< MiB per repetition; growth that is certain to be faster is a leak
    std::int64_t hardStopBytes = std::int64_t { 500 } << 20; ///< of growth: no further repetition
};

/// What one of the three streams did, in MiB per repetition.
struct RepeatGrowth {
    std::string_view who; ///< "tensors", "heap" or "resident"
    double mbPerTime = 0;
    double low = 0;
    double high = 0;
    double certain = 0; ///< lower bound, one-sided 99 %
    std::int64_t grownBytes = 0; ///< from the first counted repetition to the last
    bool isLeak = false;
};

struct RepeatVerdict {
    std::int64_t done = 0; ///< repetitions, warm-up included
    bool isLeak = false;
    bool isStopped = false; ///< by the hard stop
    std::array<RepeatGrowth, 3> growth; ///< tensors and heap are exact, resident is what the machine feels
    std::vector<SiteGrowth> sites; ///< lines of the program whose tensors grew, at most 8
    double secondsEach = 0;

    /// "no leak: tensors +0.000, heap +0.000 (…), resident … MB each time"
    std::string toText() const;
};

/// Repeats an operation and answers: does it leak?
///
/// Three streams are read after every repetition: live tensor bytes of the pool, bytes in use of the C library's heap, and
/// the anonymous part of RSS. A stream leaks when the lower bound of its slope, over minima of sixteen blocks, is above
/// the wish; the resident set must also have grown by a MiB. One thread.
class RepeatProbe {
public:
    RepeatProbe(TensorPool& pool, MemoryProbe& probe) : m_pool(pool), m_probe(probe) { }

    /// The error of the operation, or the verdict. Requires: at least 16 repetitions after the warm-up.
    Result<RepeatVerdict> run(const std::function<Result<void>()>& operation, const RepeatWishes& wishes);

private:
    std::array<std::int64_t, 3> read();

    TensorPool& m_pool;
    MemoryProbe& m_probe;
};

} // namespace dubito::memory
