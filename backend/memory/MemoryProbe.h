// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Clock.h"
#include "backend/memory/CgroupMemory.h"
#include "backend/memory/KeptFile.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>

namespace dubito::memory {

/// Bytes of this process; -1 where the machine does not tell.
struct ProcessMemory {
    std::int64_t resident = -1;
    std::int64_t fileBacked = -1; ///< part of resident: mapped files, which the system can drop

    /// What the process itself holds; all of resident where the machine does not tell the rest.
    std::int64_t anonymous() const { return resident - std::max<std::int64_t>(0, fileBacked); }
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

    /// Every step. What the machine has left may be some milliseconds old.
    virtual MachineMemory machine() = 0;

    /// Percent of the last ten seconds in which all work waited for memory (PSI full avg10); -1 when unknown.
    /// Every 16 steps.
    virtual double stalledPercentage() = 0;
};

/// Where the /proc and /sys of the machine are: DUBITO_MACHINE_ROOT, for a container that sees those of its host
/// elsewhere and for tests with a machine of their own; else "/".
std::filesystem::path machineRoot();

/// Reads /proc and /sys/fs/cgroup through descriptors that stay open. Never walks a heap. One thread at a time.
///
/// The process is read at every call: leaks are judged by it, step for step. What the whole machine has left costs ten
/// times as much and is another question: it is read anew when kMachineLasts are over, so that short steps do not pay it.
class LinuxMemoryProbe final : public MemoryProbe {
public:
    static constexpr std::chrono::milliseconds kMachineLasts { 20 };

    /// `root` stands before every path.
    explicit LinuxMemoryProbe(const std::filesystem::path& root = machineRoot());
    LinuxMemoryProbe(const std::filesystem::path& root, const Clock& clock);

    ProcessMemory process() override;
    MachineMemory machine() override;
    double stalledPercentage() override;

private:
    KeptFile m_statm;
    KeptFile m_meminfo;
    KeptFile m_pressure;
    CgroupMemory m_cgroup;
    const Clock& m_clock;
    MachineMemory m_machine; ///< as it was at m_readAt
    std::optional<std::chrono::nanoseconds> m_readAt;
};

} // namespace dubito::memory
