// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/tokenizer/JsonPart.h"

#include "backend/tokenizer/Utf8.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <utility>

namespace dubito::tokenizer {

namespace {

const nlohmann::json kNothing;
constexpr std::size_t kLongestSentence = 400;

} // namespace

JsonPart::JsonPart(const nlohmann::json& value, std::string place, Problem& problem)
    : m_value(&value)
    , m_place(std::move(place))
    , m_problem(&problem)
{
}

bool JsonPart::isNull() const { return m_value->is_null(); }

bool JsonPart::has(std::string_view key) const
{
    return m_value->is_object() && m_value->contains(key) && !m_value->at(key).is_null();
}

JsonPart JsonPart::at(std::string_view key) const
{
    const nlohmann::json& value = has(key) ? m_value->at(key) : kNothing;
    return { value, m_place.empty() ? std::string(key) : fmt::format("{}.{}", m_place, key), *m_problem };
}

JsonPart JsonPart::element(std::size_t index) const
{
    return { m_value->at(index), fmt::format("{}[{}]", m_place, index), *m_problem };
}

std::vector<JsonPart> JsonPart::list(std::string_view key) const
{
    const JsonPart array = at(key);
    std::vector<JsonPart> parts;
    if (!array.json().is_array()) {
        array.refuse("must be a list");
        return parts;
    }
    if (array.json().size() > kMostElements) {
        array.refuse(fmt::format("has {} elements; {} are allowed", array.json().size(), kMostElements));
        return parts;
    }
    parts.reserve(array.json().size());
    for (std::size_t i = 0; i < array.json().size(); ++i) {
        parts.push_back(array.element(i));
    }
    return parts;
}

std::string JsonPart::text(std::string_view key) const
{
    const JsonPart part = at(key);
    if (!part.json().is_string()) {
        part.refuse("must be a text");
        return {};
    }
    return part.json().get<std::string>();
}

std::string JsonPart::insertion(std::string_view key) const
{
    constexpr std::size_t kLongest = 1024;
    std::string value = text(key);
    if (value.size() > kLongest) {
        at(key).refuse(fmt::format("has {} bytes; {} are allowed", value.size(), kLongest));
    }
    return value;
}

char32_t JsonPart::character(std::string_view key) const
{
    const std::string value = text(key);
    if (value.empty() || characterAt(value, 0).bytes != value.size()) {
        at(key).refuse("must be a text of one character");
        return U' ';
    }
    return characterAt(value, 0).codePoint;
}

std::int64_t JsonPart::number(std::string_view key, std::int64_t atMost) const
{
    const JsonPart part = at(key);
    const bool isWhole = part.json().is_number_unsigned();
    if (!isWhole || part.json().get<std::uint64_t>() > static_cast<std::uint64_t>(atMost)) {
        part.refuse(fmt::format("must be a whole number from 0 to {}", atMost));
        return 0;
    }
    return part.json().get<std::int64_t>();
}

bool JsonPart::isOn(std::string_view key) const { return flag(key, false); }
bool JsonPart::isOnUnlessSaid(std::string_view key) const { return flag(key, true); }

bool JsonPart::flag(std::string_view key, const bool& otherwise) const
{
    if (!has(key)) {
        return otherwise;
    }
    const JsonPart part = at(key);
    if (!part.json().is_boolean()) {
        part.refuse("must be true or false");
        return otherwise;
    }
    return part.json().get<bool>();
}

void JsonPart::refuse(std::string_view sentence) const
{
    if (!m_problem->has_value()) {
        const std::string said = clipped(sentence, kLongestSentence);
        *m_problem = m_place.empty() ? said : fmt::format("{} {}", clipped(m_place, kLongestSentence), said);
    }
}

} // namespace dubito::tokenizer
