// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/tokenizer/JsonPart.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <string>
#include <string_view>

namespace dubito::tokenizer {

/// Reads one part of a tokenizer.json from text, which must be accepted.
template <typename Part, typename... More>
Part readPart(std::string_view json, const More&... more)
{
    JsonPart::Problem problem;
    const auto value = nlohmann::json::parse(json);
    auto part = Part::read(JsonPart(value, "part", problem), more...);
    EXPECT_FALSE(problem.has_value()) << problem.value_or("");
    return part;
}

/// The sentence with which a part is refused; empty when it is accepted.
template <typename Part, typename... More>
std::string refusalOf(std::string_view json, const More&... more)
{
    JsonPart::Problem problem;
    const auto value = nlohmann::json::parse(json);
    static_cast<void>(Part::read(JsonPart(value, "part", problem), more...));
    return problem.value_or("");
}

} // namespace dubito::tokenizer
