// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/memory/KeptFile.h"

#include <cstdint>
#include <filesystem>
#include <vector>

namespace dubito::memory {

/// A control group that this process lives in.
struct CgroupFolder {
    std::filesystem::path path;
    int version = 2;
};

/// The memory groups of this process, each hierarchy from its own group up to the top; at most 32.
std::vector<CgroupFolder> memoryCgroups(const std::filesystem::path& root);

/// The memory limits of the control groups this process lives in, version 1 and 2, from its own group up to the top.
///
/// The paths are found once, from /proc/self/cgroup and /proc/self/mountinfo; only groups that have a limit file are
/// read afterwards. Outside of any group it answers -1.
class CgroupMemory {
public:
    /// `root` stands before every path, for tests.
    explicit CgroupMemory(const std::filesystem::path& root);

    struct Reading {
        std::int64_t limit = -1; ///< bytes; -1: unlimited or unknown
        std::int64_t used = -1; ///< bytes, without inactive page cache
    };

    /// The group that has least left.
    Reading read();

private:
    struct Group {
        KeptFile limit;
        KeptFile used;
        KeptFile statistics;
    };

    std::vector<Group> m_groups; ///< at most 32
};

} // namespace dubito::memory
