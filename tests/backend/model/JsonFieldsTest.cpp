// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/JsonFields.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dubito::model {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class JsonFieldsTest : public testing::Test {
protected:
    JsonFields of(const std::string& text)
    {
        m_object = JsonFields::Json::parse(text);
        return { m_object, "here.", m_problems };
    }

    JsonFields::Json m_object;
    std::vector<std::string> m_problems;
};

TEST_F(JsonFieldsTest, WhatIsRightIsReadWithoutAWord)
{
    auto fields = of(R"({"n": 3, "x": 0.5, "on": true, "w": "silu", "none": null, "ids": [1, 2]})");
    EXPECT_EQ(fields.whole("n", { 1, 10 }), 3);
    EXPECT_EQ(fields.numberOr("x", 9, { 0, 1 }), 0.5);
    EXPECT_TRUE(fields.flagOr("on", false));
    EXPECT_EQ(fields.wordOr("w", ""), "silu");
    EXPECT_EQ(fields.wholeOr("none", 7, { 1, 10 }), 7);
    EXPECT_EQ(fields.ids("ids"), (std::vector<std::int64_t> { 1, 2 }));
    EXPECT_THAT(m_problems, ElementsAre());
}

TEST_F(JsonFieldsTest, AllProblemsAreCollectedEachWithItsKey)
{
    auto fields = of(R"({"n": "3", "x": 5, "on": 1, "w": 2, "f": 1.5})");
    fields.whole("n", { 1, 10 });
    fields.whole("absent", { 1, 10 });
    fields.wholeOr("f", 1, { 1, 10 });
    fields.numberOr("x", 0, { 0, 1 });
    fields.flagOr("on", false);
    fields.wordOr("w", "");
    EXPECT_THAT(m_problems,
        ElementsAre("here.n must be a whole number, not \"3\"", "here.absent is missing", HasSubstr("here.f"),
            "here.x is 5, which is not between 0 and 1", HasSubstr("here.on"), HasSubstr("here.w")));
}

TEST_F(JsonFieldsTest, AMinusOneIsNoIdAndATextIsAProblem)
{
    EXPECT_TRUE(of(R"({"id": -1})").ids("id").empty());
    EXPECT_TRUE(m_problems.empty());
    EXPECT_TRUE(of(R"({"id": "</s>"})").ids("id").empty());
    EXPECT_EQ(m_problems.size(), 1U);
}

TEST_F(JsonFieldsTest, ALongForeignValueIsCutInTheSentence)
{
    of(R"({"n": ")" + std::string(100'000, 'x') + "\"}").wholeOr("n", 1, { 1, 10 });
    ASSERT_EQ(m_problems.size(), 1U);
    EXPECT_LT(m_problems.front().size(), 120U);
}

} // namespace
} // namespace dubito::model
