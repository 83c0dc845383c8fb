// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/TensorMemory.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

namespace dubito::model {

/// Slices of a matrix for several threads begin at multiples of this many columns or rows: whole cache lines, so that two
/// threads never write into one.
inline constexpr std::int64_t kGrain = 16;

/// Rows of numbers that somebody else owns. A row is contiguous; the next begins `stride` elements later, so that a
/// slice of columns is a Matrix too. Cheap to copy, like a span.
template <typename T>
struct Matrix {
    T* data = nullptr;
    std::int64_t rows = 0;
    std::int64_t columns = 0;
    std::int64_t stride = 0;

    Matrix() = default;
    Matrix(T* first, std::int64_t rowCount, std::int64_t columnCount, std::int64_t rowStride)
        : data(first)
        , rows(rowCount)
        , columns(columnCount)
        , stride(rowStride)
    {
    }
    Matrix(T* first, std::int64_t rowCount, std::int64_t columnCount)
        : Matrix(first, rowCount, columnCount, columnCount)
    {
    }

    operator Matrix<const T>() const
        requires(!std::is_const_v<T>)
    {
        return { data, rows, columns, stride };
    }

    T* row(std::int64_t index) const { return data + index * stride; }

    /// Requires: 0 <= begin <= end <= rows.
    Matrix rowsBetween(std::int64_t begin, std::int64_t end) const
    {
        return { data + begin * stride, end - begin, columns, stride };
    }

    /// Requires: 0 <= begin <= end <= columns.
    Matrix columnsBetween(std::int64_t begin, std::int64_t end) const
    {
        return { data + begin, rows, end - begin, stride };
    }
};

/// Numbers in a block of their own.
template <typename T>
class Tensor {
public:
    Tensor() = default;

    /// `count` elements, contents undefined. ErrorCode::Memory when the budget refuses them.
    static Result<Tensor> create(TensorMemory& memory, std::int64_t count, Category category)
    {
        auto block = memory.allocate(static_cast<std::size_t>(count) * sizeof(T), category);
        if (!block) {
            return block.error();
        }
        return Tensor(std::move(*block), count);
    }

    T* data() const { return reinterpret_cast<T*>(m_block.data()); }
    std::int64_t count() const { return m_count; }
    std::span<T> span() const { return { data(), static_cast<std::size_t>(m_count) }; }

private:
    Tensor(Block block, std::int64_t count)
        : m_block(std::move(block))
        , m_count(count)
    {
    }

    Block m_block;
    std::int64_t m_count = 0;
};

} // namespace dubito::model
