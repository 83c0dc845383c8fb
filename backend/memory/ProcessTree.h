// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

#include <sys/types.h>

namespace dubito::memory {

/// What several processes hold together, in bytes. Pages they share count once for each of them: asking the kernel for
/// the fair share would stop them for as long as it takes to walk their page tables.
struct TreeMemory {
    std::int64_t processes = 0;
    std::int64_t resident = 0;
    std::int64_t anonymous = 0; ///< resident without file-backed and shared pages: what can leak
};

/// All processes below `top`, without it, at this moment; at most 4,096. Reads /proc once, a millisecond or two. `root`
/// stands before /proc, for tests.
std::vector<pid_t> processesBelow(pid_t top, const std::filesystem::path& root = "/");

/// Those that are gone by now count nothing.
TreeMemory memoryOf(std::span<const pid_t> processes, const std::filesystem::path& root = "/");

} // namespace dubito::memory
