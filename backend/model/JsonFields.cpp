// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/JsonFields.h"

#include "backend/base/Check.h"
#include "backend/base/Text.h"

#include <fmt/format.h>

#include <utility>

namespace dubito::model {

namespace {

constexpr std::int64_t kLargestId = std::int64_t { 1 } << 31;
constexpr std::size_t kShownBytes = 40;

std::string shown(const JsonFields::Json& value)
{
    std::string text = value.dump(-1, ' ', true, JsonFields::Json::error_handler_t::replace);
    return text.size() <= kShownBytes ? text : text.substr(0, kShownBytes) + "…";
}

} // namespace

JsonFields::JsonFields(const Json& object, std::string prefix, std::vector<std::string>& problems)
    : m_object(object)
    , m_prefix(std::move(prefix))
    , m_problems(problems)
{
    CHECK(object.is_object(), "fields are read from an object");
}

bool JsonFields::has(const char* key) const
{
    const auto found = m_object.find(key);
    return found != m_object.end() && !found->is_null();
}

std::int64_t JsonFields::whole(const char* key, NumberRange range)
{
    if (!has(key)) {
        complain(fmt::format("{}{} is missing", m_prefix, key));
    }
    return wholeOr(key, static_cast<std::int64_t>(range.low), range);
}

std::int64_t JsonFields::wholeOr(const char* key, std::int64_t otherwise, NumberRange range)
{
    if (!has(key)) {
        return otherwise;
    }
    const Json& value = m_object.at(key);
    if (!value.is_number_integer()) {
        complainOfType(key, "a whole number", value);
        return otherwise;
    }
    const double checked = inRange(key, value.get<double>(), range, -1);
    return checked < range.low ? otherwise : value.get<std::int64_t>();
}

double JsonFields::numberOr(const char* key, double otherwise, NumberRange range)
{
    if (!has(key)) {
        return otherwise;
    }
    const Json& value = m_object.at(key);
    if (!value.is_number()) {
        complainOfType(key, "a number", value);
        return otherwise;
    }
    return inRange(key, value.get<double>(), range, otherwise);
}

bool JsonFields::flagOr(const char* key, bool otherwise)
{
    if (!has(key)) {
        return otherwise;
    }
    const Json& value = m_object.at(key);
    if (!value.is_boolean()) {
        complainOfType(key, "true or false", value);
        return otherwise;
    }
    return value.get<bool>();
}

std::string JsonFields::wordOr(const char* key, std::string otherwise)
{
    if (!has(key)) {
        return otherwise;
    }
    const Json& value = m_object.at(key);
    if (!value.is_string()) {
        complainOfType(key, "a word", value);
        return otherwise;
    }
    return value.get<std::string>();
}

std::vector<std::int64_t> JsonFields::ids(const char* key)
{
    std::vector<std::int64_t> found;
    if (!has(key)) {
        return found;
    }
    const Json& value = m_object.at(key);
    const Json list = value.is_array() ? value : Json::array({ value });
    for (const Json& id : list) {
        if (!id.is_number_integer() || id.get<double>() > static_cast<double>(kLargestId)) {
            complainOfType(key, "a token id", id);
        } else if (id.get<std::int64_t>() >= 0) {
            found.push_back(id.get<std::int64_t>());
        }
    }
    return found;
}

void JsonFields::complainOfType(const char* key, const char* wanted, const Json& found)
{
    complain(fmt::format("{}{} must be {}, not {}", m_prefix, key, wanted, shown(found)));
}

double JsonFields::inRange(const char* key, double value, NumberRange range, double otherwise)
{
    if (value >= range.low && value <= range.high) {
        return value;
    }
    complain(fmt::format("{}{} is {}, which is not between {} and {}", m_prefix, key, exactNumber(value),
        exactNumber(range.low), exactNumber(range.high)));
    return otherwise;
}

} // namespace dubito::model
