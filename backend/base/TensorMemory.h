// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Error.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <source_location>
#include <string_view>
#include <utility>

namespace dubito {

/// What a block is for: the unit in which memory is counted, planned and blamed.
enum class Category : std::uint8_t { Weights, Gradients, Optimizer, Activations, Data, History };

inline constexpr std::size_t kCategoryCount = 6;

inline constexpr std::array<std::string_view, kCategoryCount> kCategoryWords { "weights", "gradients", "optimizer",
    "activations", "data", "history" };

constexpr std::size_t toIndex(Category category) { return static_cast<std::size_t>(category); }
constexpr std::string_view toWord(Category category) { return kCategoryWords[toIndex(category)]; }

class Block;

/// Where tensors come from. memory::TensorPool is the real one; a test brings its own.
class TensorMemory {
public:
    virtual ~TensorMemory() = default;

    /// At least `bytes` bytes, aligned to 64, contents undefined, owned by the Block; `site` is remembered for blame.
    /// ErrorCode::Memory when the budget would be passed; nothing has been taken then. Any thread.
    virtual Result<Block> allocate(
        std::size_t bytes, Category category, std::source_location site = std::source_location::current())
        = 0;

private:
    friend class Block;
    virtual void release(Block& block) noexcept = 0;
};

/// A move-only handle on memory from a TensorMemory, which must outlive it; gives its bytes back when it goes.
class Block {
public:
    Block() = default;

    /// For implementations of TensorMemory only; `tag` is theirs and comes back in release().
    Block(TensorMemory& owner, std::byte* data, std::size_t bytes, Category category, std::uint64_t tag)
        : m_owner(&owner)
        , m_data(data)
        , m_bytes(bytes)
        , m_tag(tag)
        , m_category(category)
    {
    }

    Block(Block&& other) noexcept { swap(other); }
    Block& operator=(Block&& other) noexcept
    {
        Block(std::move(other)).swap(*this);
        return *this;
    }
    ~Block()
    {
        if (m_owner != nullptr) {
            m_owner->release(*this);
        }
    }

    std::byte* data() const { return m_data; }
    std::size_t bytes() const { return m_bytes; }
    Category category() const { return m_category; }
    std::uint64_t tag() const { return m_tag; }
    explicit operator bool() const { return m_data != nullptr; }

private:
    void swap(Block& other) noexcept
    {
        std::swap(m_owner, other.m_owner);
        std::swap(m_data, other.m_data);
        std::swap(m_bytes, other.m_bytes);
        std::swap(m_tag, other.m_tag);
        std::swap(m_category, other.m_category);
    }

    TensorMemory* m_owner = nullptr;
    std::byte* m_data = nullptr;
    std::size_t m_bytes = 0;
    std::uint64_t m_tag = 0;
    Category m_category = Category::Weights;
};

} // namespace dubito
