// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace dubito::memory {

/// How often the out-of-memory killer has struck, by the counters of the kernel; -1 where it does not tell.
struct OomKills {
    std::int64_t inGroup = -1; ///< in the memory cgroup of this process
    std::int64_t onMachine = -1; ///< since it was started
    std::string group; ///< the cgroup's folder: counts of two groups cannot be compared

    friend bool operator==(const OomKills&, const OomKills&) = default;
};

/// Reads a handful of small files; some ten microseconds. `root` stands before every path, for tests.
OomKills readOomKills(const std::filesystem::path& root = "/");

/// True when the killer struck between the two readings, as far as they can be compared.
bool hasStruck(const OomKills& before, const OomKills& after);

} // namespace dubito::memory
