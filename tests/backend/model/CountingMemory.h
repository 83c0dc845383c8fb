// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/TensorMemory.h"

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <new>

namespace dubito::model {

/// A TensorMemory that counts what it is asked for, and refuses beyond a budget.
class CountingMemory final : public TensorMemory {
public:
    explicit CountingMemory(std::int64_t budget = std::numeric_limits<std::int64_t>::max()) : m_budget(budget) { }

    Result<Block> allocate(std::size_t bytes, Category category, std::source_location) override
    {
        if (static_cast<std::int64_t>(bytes) + active > m_budget) {
            return Error { ErrorCode::Memory, "over the budget", "" };
        }
        ++allocations;
        active += static_cast<std::int64_t>(bytes);
        auto* data = static_cast<std::byte*>(::operator new(bytes, std::align_val_t { 64 }));
        return Block(*this, data, bytes, category, 0);
    }

    std::int64_t active = 0;
    int allocations = 0;

private:
    void release(Block& block) noexcept override
    {
        active -= static_cast<std::int64_t>(block.bytes());
        ::operator delete(block.data(), std::align_val_t { 64 });
    }

    std::int64_t m_budget;
};

} // namespace dubito::model
