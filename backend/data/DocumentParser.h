// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Error.h"
#include "backend/config/Config.h"
#include "backend/data/Document.h"

#include <cstddef>
#include <memory>
#include <string_view>

namespace dubito::data {

/// Reads one line of JSON as a Document, or says in a sentence why it cannot be used.
///
/// Field names are those of the documentation (`auth_weight`, `authority_weight`, `authority`; `prov_entropy`,
/// `provenance_entropy`, `entropy`; ...) unless config::DataFields names another, which then is the only one.
/// Strict JSON: no NaN, no comments, valid UTF-8. Labels must be numbers in their range, both or neither; a number in a
/// string is no number. A field given twice must say the same twice. Metadata of an unfit type is passed over; unknown
/// fields are ignored at any depth up to 1,024. One thread.
class DocumentParser {
public:
    explicit DocumentParser(const config::DataFields& fields);
    ~DocumentParser();
    DocumentParser(DocumentParser&&) noexcept;
    DocumentParser& operator=(DocumentParser&&) noexcept;

    /// Replaces `document`, except its file and line. The Error has a reason and no place.
    /// Requires: LineReader::kPadding bytes behind `line` may be read.
    Result<void> parse(std::string_view line, Document& document);

    /// What the JSON parser keeps between lines; it lets go of what a long line needed.
    std::size_t keptBytes() const;

private:
    struct Parts;
    std::unique_ptr<Parts> m_parts;
};

} // namespace dubito::data
