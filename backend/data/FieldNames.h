// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/config/Config.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dubito::data {

/// What a line of the corpus can say.
enum class Field : std::uint8_t {
    Text,
    Prompt,
    Completion,
    Authority,
    Entropy,
    Id,
    Title,
    SourceType,
    Publisher,
    Source,
    Url,
    Year,
    Date,
    PublicationDate,
    Published,
    Evidence,
};

inline constexpr std::size_t kFieldCount = 16;

/// Which key of a line means which field: the spellings of the documentation, or for a field that the user has named in
/// data.fields that one alone.
class FieldNames {
public:
    explicit FieldNames(const config::DataFields& fields);

    /// Case matters, as everywhere in JSON.
    std::optional<Field> find(std::string_view key) const;

    /// How the text is called, for messages.
    std::string_view textName() const { return m_textName; }

private:
    struct Name {
        std::string text;
        Field field;
    };

    std::vector<Name> m_names; ///< as many as the table has spellings
    std::string m_textName = "text";
};

} // namespace dubito::data
