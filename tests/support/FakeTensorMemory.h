// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/TensorMemory.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <limits>

namespace dubito {

/// Tensor memory of a test: the heap, with a limit that can be set and a count of what is out. Any thread.
class FakeTensorMemory final : public TensorMemory {
public:
    explicit FakeTensorMemory(std::int64_t limit = std::numeric_limits<std::int64_t>::max())
        : m_limit(limit)
    {
    }

    Result<Block> allocate(std::size_t bytes, Category category, std::source_location) override
    {
        const auto size = static_cast<std::int64_t>(bytes);
        if (m_active.load() + size > m_limit.load()) {
            return Error { ErrorCode::Memory, "the limit of this test would be passed", "" };
        }
        m_active += size;
        ++m_allocations;
        auto* data = static_cast<std::byte*>(std::aligned_alloc(64, (bytes + 127) / 64 * 64));
        return Block(*this, data, bytes, category, 0);
    }

    void setLimit(std::int64_t limit) { m_limit = limit; }
    std::int64_t active() const { return m_active; }
    std::int64_t allocations() const { return m_allocations; }

private:
    void release(Block& block) noexcept override
    {
        m_active -= static_cast<std::int64_t>(block.bytes());
        std::free(block.data());
    }

    std::atomic<std::int64_t> m_limit;
    std::atomic<std::int64_t> m_active = 0;
    std::atomic<std::int64_t> m_allocations = 0;
};

} // namespace dubito
