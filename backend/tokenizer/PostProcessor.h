// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/tokenizer/JsonPart.h"

#include <cstdint>
#include <functional>
#include <vector>

namespace dubito::tokenizer {

/// The `post_processor` of tokenizer.json: which special tokens go in front of a text and behind it.
///
/// Knows TemplateProcessing (its template for one text), ByteLevel (which concerns positions only) and Sequence;
/// refuses others by name. Immutable; any thread.
class PostProcessor {
public:
    /// A null part adds nothing. `exists` says whether an id is one of the tokenizer's.
    static PostProcessor read(const JsonPart& part, const std::function<bool(std::int64_t)>& exists);

    const std::vector<std::int32_t>& before() const { return m_before; }
    const std::vector<std::int32_t>& behind() const { return m_behind; }

private:
    void append(const JsonPart& part, const std::function<bool(std::int64_t)>& exists);
    void appendTemplate(const JsonPart& part, const std::function<bool(std::int64_t)>& exists);

    std::vector<std::int32_t> m_before;
    std::vector<std::int32_t> m_behind;
};

} // namespace dubito::tokenizer
