// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/memory/CgroupMemory.h"
#include "backend/memory/KeptFile.h"

#include <cstdint>
#include <filesystem>

namespace dubito::memory {

/// Bytes of this process; -1 where the machine does not tell.
struct ProcessMemory {
    std::int64_t resident = -1;
    std::int64_t fileBacked = -1; ///< part of resident: mapped files, which the system can drop
};

/// Bytes of the machine and of the cgroup that has least left; -1 where there is none.
struct MachineMemory {
    std::int64_t total = -1;
    std::int64_t available = -1; ///< the system's estimate of what may be taken without swapping
    std::int64_t cgroupLimit = -1;
    std::int64_t cgroupUsed = -1; ///< without page cache that can be dropped

    /// What is left by both measures; -1 when nothing is known.
    std::int64_t left() const;

    /// The smaller of machine and cgroup; -1 when nothing is known.
    std::int64_t size() const;
};

/// What the machine says about memory. The real one is LinuxMemoryProbe; tests bring tests/support/FakeProbe.h.
class MemoryProbe {
public:
    virtual ~MemoryProbe() = default;

    /// Every step: about two microseconds.
    virtual ProcessMemory process() = 0;

    /// Every step: some ten microseconds.
    virtual MachineMemory machine() = 0;

    /// Percent of the last ten seconds in which all work waited for memory (PSI full avg10); -1 when unknown.
    /// Every 16 steps.
    virtual double stalledPercentage() = 0;
};

/// Reads /proc and /sys/fs/cgroup through descriptors that stay open. Never walks a heap. One thread at a time.
class LinuxMemoryProbe final : public MemoryProbe {
public:
    /// `root` stands before every path, for tests.
    explicit LinuxMemoryProbe(const std::filesystem::path& root = "/");

    ProcessMemory process() override;
    MachineMemory machine() override;
    double stalledPercentage() override;

private:
    KeptFile m_statm;
    KeptFile m_meminfo;
    KeptFile m_pressure;
    CgroupMemory m_cgroup;
};

} // namespace dubito::memory
