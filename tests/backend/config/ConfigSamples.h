// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/config/ConfigFields.h"
#include "backend/config/ConfigLayers.h"

#include <algorithm>
#include <string>
#include <vector>

namespace dubito::config {

/// A value of the field other than its default, and inside its range.
inline Value otherValue(const Field& field)
{
    const Value usual = field.get(Config {});
    if (!field.words.empty()) {
        const auto other = std::ranges::find_if(field.words, [&](std::string_view word) { return Value(std::string(word)) != usual; });
        return other == field.words.end() ? usual : Value(std::string(*other));
    }
    if (const auto* whole = std::get_if<std::int64_t>(&usual)) {
        return static_cast<double>(*whole) < field.range.most ? *whole + 1 : *whole - 1;
    }
    if (const auto* real = std::get_if<double>(&usual)) {
        return *real * 0.99 > field.range.least ? *real * 0.99 : *real + (field.range.most - *real) / 128;
    }
    return std::string("my corpus: \"no. 1\" \\ #2 ü/") + std::string(field.key);
}

inline const Field& fieldOf(std::string_view key)
{
    const Field* field = findField(key);
    CHECK(field != nullptr, "a test names a key that is not in the table");
    return *field;
}

inline std::string textOf(const Config& config, std::string_view key) { return toText(fieldOf(key).get(config)); }

inline Origin originOf(const LayeredConfig& layered, std::string_view key)
{
    return *std::ranges::find(layered.origins, key, &Origin::key);
}

/// "where: message" of each, one per line.
inline std::string linesOf(const std::vector<Error>& problems)
{
    std::string lines;
    for (const Error& problem : problems) {
        lines += toText(problem) + "\n";
    }
    return lines;
}

} // namespace dubito::config
