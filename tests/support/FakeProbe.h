// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/memory/MemoryProbe.h"

namespace dubito::memory {

/// A machine that says what the test wants.
class FakeProbe final : public MemoryProbe {
public:
    ProcessMemory process() override { return processMemory; }
    MachineMemory machine() override { return machineMemory; }
    double stalledPercentage() override { return stalled; }

    ProcessMemory processMemory { .resident = std::int64_t { 1 } << 30, .fileBacked = 0 };
    MachineMemory machineMemory { .total = std::int64_t { 24 } << 30, .available = std::int64_t { 20 } << 30 };
    double stalled = 0;
};

} // namespace dubito::memory
