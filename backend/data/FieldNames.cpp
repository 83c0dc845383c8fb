// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/data/FieldNames.h"

#include <algorithm>
#include <array>

namespace dubito::data {

namespace {

struct FieldRow {
    Field field;
    std::string config::DataFields::*chosen; ///< the user's spelling; nullptr where there is no key for it
    std::array<std::string_view, 3> names;
};

constexpr std::array<FieldRow, kFieldCount> kTable { {
    { Field::Text, &config::DataFields::text, { "text" } },
    { Field::Prompt, &config::DataFields::prompt, { "prompt" } },
    { Field::Completion, &config::DataFields::completion, { "completion" } },
    { Field::Authority, &config::DataFields::authority, { "auth_weight", "authority_weight", "authority" } },
    { Field::Entropy, &config::DataFields::entropy, { "prov_entropy", "provenance_entropy", "entropy" } },
    { Field::Id, &config::DataFields::id, { "id" } },
    { Field::Title, &config::DataFields::title, { "title" } },
    { Field::SourceType, &config::DataFields::sourceType, { "source_type" } },
    { Field::Publisher, &config::DataFields::publisher, { "publisher" } },
    { Field::Source, &config::DataFields::source, { "source" } },
    { Field::Url, &config::DataFields::url, { "url" } },
    { Field::Year, &config::DataFields::year, { "year" } },
    { Field::Date, &config::DataFields::date, { "date" } },
    { Field::PublicationDate, nullptr, { "publication_date" } },
    { Field::Published, nullptr, { "published" } },
    { Field::Evidence, &config::DataFields::evidence, { "evidence" } },
} };

} // namespace

FieldNames::FieldNames(const config::DataFields& fields)
{
    // What the user has named comes first: a column called "source" that holds the text is the text.
    for (const FieldRow& row : kTable) {
        if (row.chosen != nullptr && !(fields.*row.chosen).empty()) {
            m_names.push_back({ fields.*row.chosen, row.field });
        }
    }
    for (const FieldRow& row : kTable) {
        if (row.chosen != nullptr && !(fields.*row.chosen).empty()) {
            continue;
        }
        for (const std::string_view name : row.names) {
            if (!name.empty()) {
                m_names.push_back({ std::string(name), row.field });
            }
        }
    }
    if (!fields.text.empty()) {
        m_textName = fields.text;
    }
}

std::optional<Field> FieldNames::find(std::string_view key) const
{
    const auto name = std::ranges::find(m_names, key, &Name::text);
    return name == m_names.end() ? std::nullopt : std::optional(name->field);
}

} // namespace dubito::data
