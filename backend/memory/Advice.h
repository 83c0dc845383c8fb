// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/config/Config.h"
#include "backend/memory/MemoryScope.h"
#include "backend/memory/MemoryStatus.h"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace dubito::memory {

/// What advice is made of.
struct AdviceFacts {
    const MemoryStatus& memory;
    const config::Config& config;
    double stalledPercentage = -1; ///< PSI full avg10; -1: unknown
    std::string topSite; ///< the line of the program that holds most tensor memory; empty: unknown
    std::optional<ScopeReport> largestOperation; ///< of those measured lately
};

inline constexpr std::size_t kMostAdvice = 8;

/// What to do about memory now: the rules of one table that apply, the most urgent first, at most eight. The same facts
/// give the same words. Nothing while all is well.
std::vector<Advice> adviceFor(const AdviceFacts& facts);

} // namespace dubito::memory
