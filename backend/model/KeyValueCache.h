// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Error.h"
#include "backend/base/TensorMemory.h"
#include "backend/model/ModelConfig.h"
#include "backend/model/Tensor.h"

#include <cstdint>

namespace dubito::model {

/// The rotated keys and the values of every position that a model has read, layer by layer: what attention looks back
/// at, so that a new token costs one row and not all of them.
///
/// One block, taken once; its length never exceeds its capacity. Category Activations.
class KeyValueCache {
public:
    /// Room for `capacity` positions. ErrorCode::Memory when it is refused.
    static Result<KeyValueCache> create(const ModelConfig& config, std::int64_t capacity, TensorMemory& memory);

    /// What create() will ask for.
    static std::int64_t bytesFor(const ModelConfig& config, std::int64_t capacity);

    std::int64_t capacity() const { return m_capacity; }
    std::int64_t length() const { return m_length; }

    /// Keys (capacity, kvHeads * D) and values of one layer; rows from length() on are there to be written.
    Matrix<float> keys(std::int64_t layer) const { return part(2 * layer); }
    Matrix<float> values(std::int64_t layer) const { return part(2 * layer + 1); }

    /// `rows` more positions have been written in every layer. Requires: they fit.
    void advance(std::int64_t rows);

    /// Forgets everything from `length` on: another text may go on from there. Requires: length <= length().
    void rewind(std::int64_t length);

private:
    KeyValueCache(const ModelConfig& config, std::int64_t capacity, Tensor<float> numbers);

    Matrix<float> part(std::int64_t index) const
    {
        return { m_numbers.data() + index * m_capacity * m_width, m_capacity, m_width };
    }

    std::int64_t m_capacity;
    std::int64_t m_width;
    std::int64_t m_length = 0;
    Tensor<float> m_numbers;
};

} // namespace dubito::model
