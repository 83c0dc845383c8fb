// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Error.h"
#include "backend/base/Random.h"
#include "backend/base/TensorMemory.h"
#include "backend/memory/MemoryStatus.h"

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace dubito::memory {

/// "activations:4", "untracked:0.5:bursty" or "data:1@600": a category word, MiB per step, perhaps the shape, and perhaps
/// after how many steps it begins.
Result<Drill> parseDrill(std::string_view text);

/// Leaks on purpose, so that operators and tests see detection, reload and verification work.
///
/// Tensor categories leak through the pool, "untracked" through plain malloc; every page is written to. It stops growing
/// at 4 GiB, or where the pool refuses. Owned by the train thread; its memory must outlive it.
class LeakDrill {
public:
    /// `seed`: of when an intermittent leak comes.
    explicit LeakDrill(TensorMemory& memory, std::uint64_t seed = 1) : m_memory(memory), m_random(seed) { }

    /// Begins, or changes a drill that runs. ErrorCode::Usage when who or size cannot be taken.
    Result<void> start(const Drill& drill);

    /// Ends it and gives everything back.
    void stop();

    /// Leaks what is due this step. Call once per step.
    void step();

    /// Gives back what was leaked and goes on leaking: what a reload cures.
    void dropHeld();

    /// What runs, and how much it holds.
    const Drill& status() const { return m_drill; }

private:
    bool leak(std::int64_t bytes);

    TensorMemory& m_memory;
    Drill m_drill;
    Random m_random;
    std::int64_t m_steps = 0;
    double m_owedBytes = 0;
    std::vector<Block> m_blocks; ///< bounded by the 4 GiB and by blocks of at least 4 KiB
    std::vector<std::unique_ptr<std::byte[]>> m_plain;
};

} // namespace dubito::memory
