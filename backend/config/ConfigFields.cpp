// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/config/ConfigFields.h"

#include "backend/base/Text.h"
#include "backend/config/FieldRows.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <cmath>

namespace dubito::config {

namespace {

constexpr std::size_t kLongestValue = 4096;

std::vector<Field> allFields()
{
    std::vector<Field> all;
    for (const auto group : { dataFields(), trainingFields(), operationFields() }) {
        all.insert(all.end(), group.begin(), group.end());
    }
    return all;
}

std::vector<std::string_view> allNames()
{
    std::vector<std::string_view> names;
    for (const Field& field : fields()) {
        names.push_back(field.key);
        names.insert(names.end(), field.aliases.begin(), field.aliases.end());
    }
    return names;
}

/// The type of the member decides; Type says what the number means.
Value defaultOf(const Field& field)
{
    static const Config kDefaults;
    return field.get(kDefaults);
}

/// Whole bounds with separators, others as short as they read back.
std::string boundToText(double bound)
{
    constexpr double kExact = 1e15;
    return std::abs(bound) < kExact && bound == std::floor(bound) ? countToText(static_cast<std::int64_t>(bound))
                                                                 : fmt::format("{}", bound);
}

std::string rangeToText(const Field& field)
{
    constexpr Range kAny;
    const std::string unit = field.unit.empty() ? "" : fmt::format(" {}", field.unit);
    if (field.range.least == kAny.least && field.range.most == kAny.most) {
        return unit;
    }
    return fmt::format(" from {} to {}{}", boundToText(field.range.least), boundToText(field.range.most), unit);
}

Error misfit(const Field& field, std::string_view text)
{
    return { ErrorCode::Usage, fmt::format("{} must be {}, not {}", field.key, expectation(field), dubito::quoted(text)), {} };
}

std::string lowered(std::string_view text)
{
    std::string word(trimmed(text));
    std::ranges::transform(word, word.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return word;
}

Result<Value> parseWord(const Field& field, std::string_view text)
{
    std::string word = lowered(text);
    if (field.type == Type::Switch) {
        const auto choice = parseSwitch(text);
        word = choice ? (*choice ? "on" : "off") : "";
    }
    if (std::ranges::find(field.words, std::string_view(word)) != field.words.end()) {
        return Value(word);
    }
    Error error = misfit(field, text);
    if (const auto near = nearestWord(word, field.words); near && field.type == Type::Choice) {
        error.message += fmt::format("; did you mean {}?", *near);
    }
    return error;
}

Result<Value> parseText(const Field& field, std::string_view text)
{
    if (text.size() > kLongestValue || escaped(text) != text) {
        return misfit(field, text);
    }
    return Value(std::string(text));
}

Result<Value> parseNumeric(const Field& field, std::string_view text)
{
    const auto fits = [&](double number) { return number >= field.range.least && number <= field.range.most; };
    if (std::holds_alternative<std::int64_t>(defaultOf(field))) {
        const auto number = parseInteger(text);
        return number && fits(static_cast<double>(*number)) ? Result<Value>(Value(*number)) : misfit(field, text);
    }
    // NaN fits no range.
    const auto number = parseNumber(text);
    return number && fits(*number) ? Result<Value>(Value(*number)) : misfit(field, text);
}

} // namespace

std::span<const Field> fields()
{
    static const std::vector<Field> kFields = allFields();
    return kFields;
}

const Field* findField(std::string_view keyOrAlias)
{
    const auto found = std::ranges::find_if(fields(), [&](const Field& field) {
        return field.key == keyOrAlias || std::ranges::find(field.aliases, keyOrAlias) != field.aliases.end();
    });
    return found == fields().end() ? nullptr : &*found;
}

std::span<const std::string_view> fieldNames()
{
    static const std::vector<std::string_view> kNames = allNames();
    return kNames;
}

bool isSection(std::string_view path)
{
    return std::ranges::any_of(fieldNames(), [&](std::string_view name) {
        return name.size() > path.size() && name.starts_with(path) && name[path.size()] == '.';
    });
}

Result<Value> parseValue(const Field& field, std::string_view text)
{
    switch (field.type) {
    case Type::Switch:
    case Type::Choice:
        return parseWord(field, text);
    case Type::Text:
    case Type::Path:
        return parseText(field, text);
    default:
        return parseNumeric(field, text);
    }
}

std::string toText(const Value& value)
{
    if (const auto* whole = std::get_if<std::int64_t>(&value)) {
        return std::to_string(*whole);
    }
    if (const auto* real = std::get_if<double>(&value)) {
        return exactNumber(*real);
    }
    return std::get<std::string>(value);
}

std::string toTextWithUnit(const Field& field, const Value& value)
{
    const std::string text = toText(value);
    return field.unit.empty() ? text : fmt::format("{} {}", text, field.unit);
}

std::string expectation(const Field& field)
{
    switch (field.type) {
    case Type::Switch:
        return "on or off";
    case Type::Choice:
        return fmt::format("one of {}", fmt::join(field.words, ", "));
    case Type::Text:
        return "text without control characters";
    case Type::Path:
        return "the path of a file or folder, without control characters";
    default:
        return (std::holds_alternative<std::int64_t>(defaultOf(field)) ? "a whole number" : "a number")
            + rangeToText(field);
    }
}

Result<void> setFromText(Config& config, std::string_view keyOrAlias, std::string_view text)
{
    const Field* field = findField(keyOrAlias);
    if (field == nullptr) {
        return Error { ErrorCode::Usage, unknownKeyMessage(keyOrAlias), {} };
    }
    const auto value = parseValue(*field, text);
    if (!value) {
        return value.error();
    }
    field->set(config, *value);
    return {};
}

std::string unknownKeyMessage(std::string_view key)
{
    std::string message = fmt::format("there is no key {}", dubito::quoted(key));
    if (key.size() > 200) {
        return message;
    }
    if (const auto near = nearestWord(key, fieldNames())) {
        return message + fmt::format("; did you mean {}?", *near);
    }
    // A right name in the wrong section is the next most likely slip.
    const auto name = key.substr(key.rfind('.') + 1);
    for (const Field& field : fields()) {
        if (field.key.ends_with(fmt::format(".{}", name))) {
            return message + fmt::format("; did you mean {}?", field.key);
        }
    }
    return message + "; \"dubito config default\" lists all keys";
}

} // namespace dubito::config
