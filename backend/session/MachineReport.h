// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/config/Config.h"
#include "backend/memory/MemoryLevels.h"
#include "backend/memory/MemoryProbe.h"
#include "backend/memory/PressureGuard.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace dubito::session {

/// What the machine is, as far as training feels it; -1 or empty where it does not tell.
struct MachineFacts {
    std::string processor; ///< "AMD EPYC 7B13"
    int threads = 1; ///< that this process may use
    std::vector<std::string> vectors; ///< of avx2, fma, avx512f, avx512_bf16, amx_bf16: those that are there
    std::string products;             ///< the matrix library first, and what else multiplies
    memory::MachineMemory memory;
    double stalledPercentage = -1; ///< PSI full avg10
    std::string hugePages; ///< "always", "madvise" or "never"
    std::string runFolder; ///< where runs are written
    std::int64_t diskFree = -1; ///< bytes there
};

/// Reads them. `root` stands before every path of the system, for tests; `runs` is where runs will be written.
MachineFacts readMachineFacts(
    memory::MemoryProbe& probe, const std::filesystem::path& runs, const std::filesystem::path& root = "/");

/// Whether something is merely worth knowing, costs speed, or keeps a run from starting.
enum class Severity : std::uint8_t { Slow, Warning, Blocking };

struct Finding {
    Severity severity = Severity::Warning;
    std::string text; ///< what is so, what it means, what to do
};

/// The facts, the limits that follow from them and from the configuration, and what is wrong.
struct MachineReport {
    MachineFacts facts;
    memory::PressureRules pressure;
    memory::LevelThresholds levels;
    std::int64_t budget = 0; ///< bytes; 0: off
    std::string profile; ///< the largest hardware profile that fits; empty: none
    std::vector<Finding> findings;

    bool isBlocked() const;
};

/// Judges. Pure.
MachineReport judgeMachine(MachineFacts facts, const config::Config& config);

} // namespace dubito::session
