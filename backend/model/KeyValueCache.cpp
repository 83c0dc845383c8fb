// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/KeyValueCache.h"

#include "backend/base/Check.h"

#include <utility>

namespace dubito::model {

namespace {

std::int64_t countFor(const ModelConfig& config, std::int64_t capacity)
{
    return 2 * config.layers * capacity * config.keyWidth();
}

} // namespace

KeyValueCache::KeyValueCache(const ModelConfig& config, std::int64_t capacity, Tensor<float> numbers)
    : m_capacity(capacity)
    , m_width(config.keyWidth())
    , m_numbers(std::move(numbers))
{
}

Result<KeyValueCache> KeyValueCache::create(const ModelConfig& config, std::int64_t capacity, TensorMemory& memory)
{
    CHECK(capacity > 0, "a cache without room");
    auto numbers = Tensor<float>::create(memory, countFor(config, capacity), Category::Activations);
    if (!numbers) {
        return numbers.error();
    }
    return KeyValueCache(config, capacity, std::move(*numbers));
}

std::int64_t KeyValueCache::bytesFor(const ModelConfig& config, std::int64_t capacity)
{
    return countFor(config, capacity) * static_cast<std::int64_t>(sizeof(float));
}

void KeyValueCache::advance(std::int64_t rows)
{
    CHECK(rows >= 0 && m_length + rows <= m_capacity, "more positions than the cache has room for");
    m_length += rows;
}

void KeyValueCache::rewind(std::int64_t length)
{
    CHECK(length >= 0 && length <= m_length, "a cache can only forget");
    m_length = length;
}

} // namespace dubito::model
