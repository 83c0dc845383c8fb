// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/tokenizer/Vocabulary.h"

#include "backend/base/Check.h"

#include <utility>

namespace dubito::tokenizer {

bool Vocabulary::add(std::string token, std::int32_t id)
{
    CHECK(id >= 0, "a token id below 0");
    if (tokenOf(id) != nullptr) {
        return false;
    }
    const auto [entry, isNew] = m_ids.try_emplace(std::move(token), id);
    if (!isNew) {
        return false;
    }
    const auto row = static_cast<std::size_t>(id);
    if (row >= m_tokens.size()) {
        m_tokens.resize(row + 1, nullptr);
    }
    m_tokens[row] = &entry->first;
    return true;
}

std::optional<std::int32_t> Vocabulary::idOf(std::string_view token) const
{
    const auto found = m_ids.find(token);
    return found == m_ids.end() ? std::nullopt : std::optional(found->second);
}

const std::string* Vocabulary::tokenOf(std::int32_t id) const
{
    const auto row = static_cast<std::size_t>(id);
    return id < 0 || row >= m_tokens.size() ? nullptr : m_tokens[row];
}

std::int64_t Vocabulary::bytes() const
{
    constexpr std::size_t kNode = sizeof(std::pair<const std::string, std::int32_t>) + 2 * sizeof(void*);
    std::size_t bytes = m_tokens.capacity() * sizeof(void*) + m_ids.bucket_count() * sizeof(void*);
    for (const auto& [token, id] : m_ids) {
        bytes += kNode + (token.capacity() > 15 ? token.capacity() + 1 : 0);
    }
    return static_cast<std::int64_t>(bytes);
}

} // namespace dubito::tokenizer
