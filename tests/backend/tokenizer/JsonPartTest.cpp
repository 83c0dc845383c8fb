// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/tokenizer/JsonPart.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace dubito::tokenizer {
namespace {

TEST(JsonPart, TheFirstProblemIsKeptWithItsPlace)
{
    const auto json = nlohmann::json::parse(R"({"steps": [{"name": "a"}, {"name": 7}], "flag": "yes"})");
    JsonPart::Problem problem;
    const JsonPart part(json, "root", problem);
    EXPECT_EQ(part.list("steps")[1].text("name"), "");
    EXPECT_FALSE(part.isOn("flag"));
    EXPECT_EQ(problem, "root.steps[1].name must be a text");
}

TEST(JsonPart, ANullIsAsGoodAsAbsent)
{
    const auto json = nlohmann::json::parse(R"({"a": null})");
    JsonPart::Problem problem;
    const JsonPart part(json, "", problem);
    EXPECT_FALSE(part.has("a"));
    EXPECT_TRUE(part.at("a").isNull());
    EXPECT_TRUE(part.isOnUnlessSaid("a"));
    EXPECT_FALSE(part.isOn("a"));
    EXPECT_FALSE(part.isRefused());
}

TEST(JsonPart, NumbersAreWholeAndWithinTheirBounds)
{
    const auto json = nlohmann::json::parse(R"({"good": 9, "big": 18446744073709551615, "half": 0.5, "minus": -1})");
    for (const char* key : { "big", "half", "minus", "absent" }) {
        JsonPart::Problem problem;
        EXPECT_EQ(JsonPart(json, "", problem).number(key, 9), 0);
        EXPECT_EQ(problem, std::string(key) + " must be a whole number from 0 to 9");
    }
    JsonPart::Problem problem;
    EXPECT_EQ(JsonPart(json, "", problem).number("good", 9), 9);
    EXPECT_FALSE(problem);
}

TEST(JsonPart, ACharacterIsOneCharacterHoweverManyBytes)
{
    const auto json = nlohmann::json::parse(R"({"mark": "▁", "word": "ab", "empty": ""})");
    JsonPart::Problem problem;
    const JsonPart part(json, "", problem);
    EXPECT_EQ(part.character("mark"), U'▁');
    EXPECT_FALSE(problem);
    part.character("empty");
    EXPECT_TRUE(problem);
}

TEST(JsonPart, AMessageDoesNotQuoteAWholeForeignFile)
{
    JsonPart::Problem problem;
    const nlohmann::json json;
    JsonPart(json, "", problem).refuse(std::string(1 << 20, 'x'));
    EXPECT_LT(problem.value().size(), 500U);
}

TEST(JsonPart, AListOfAMillionStepsIsRefusedBeforeItIsTaken)
{
    const nlohmann::json json = { { "list", nlohmann::json::array_t(JsonPart::kMostElements + 1) } };
    JsonPart::Problem problem;
    EXPECT_TRUE(JsonPart(json, "", problem).list("list").empty());
    EXPECT_EQ(problem, "list has 65537 elements; 65536 are allowed");
}

} // namespace
} // namespace dubito::tokenizer
