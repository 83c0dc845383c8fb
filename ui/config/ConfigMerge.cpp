// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/config/ConfigMerge.h"

namespace dubito::ui {

std::vector<MergeRow> mergeRows(const config::Config& inForce, const config::Config& mine, const config::Config& theirs)
{
    std::vector<MergeRow> rows;
    for (const config::Field& field : config::fields()) {
        MergeRow row { &field, config::toText(field.get(inForce)), config::toText(field.get(mine)),
            config::toText(field.get(theirs)), Side::Mine };
        if (row.isMine() || row.isTheirs()) {
            row.side = row.isMine() ? Side::Mine : Side::Theirs;
            rows.push_back(std::move(row));
        }
    }
    return rows;
}

config::Config withTheirs(const config::Config& inForce, const std::vector<MergeRow>& rows)
{
    config::Config merged = inForce;
    for (const MergeRow& row : rows) {
        const auto value = config::parseValue(*row.field, row.theirs);
        if (row.side == Side::Theirs && row.isTheirs() && value) {
            row.field->set(merged, *value);
        }
    }
    return merged;
}

std::vector<std::pair<std::string, std::string>> givenUp(const std::vector<MergeRow>& rows)
{
    std::vector<std::pair<std::string, std::string>> edits;
    for (const MergeRow& row : rows) {
        if (row.side == Side::Theirs && row.isMine()) {
            edits.emplace_back(row.field->key, row.theirs);
        }
    }
    return edits;
}

} // namespace dubito::ui
