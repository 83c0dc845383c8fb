// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/tokenizer/PatternDialect.h"

#include <gtest/gtest.h>

namespace dubito::tokenizer {
namespace {

std::string refusal(std::string_view pattern)
{
    const auto respelled = toPcre(pattern);
    return respelled ? "" : respelled.error().message;
}

TEST(PatternDialect, WhatBothUnderstandStaysAsItIs)
{
    for (const char* pattern :
        { R"(\p{N}{1,3}|[^\r\n\p{L}\p{N}]?\p{L}+)", R"((?i:'s|'t)|[\]\[a-z&]+\\)", "[]a]", "[^]a]", "[[:alpha:]_]" }) {
        EXPECT_EQ(*toPcre(pattern), pattern);
    }
}

TEST(PatternDialect, BlanksAreSpelledOut)
{
    EXPECT_EQ(*toPcre(R"(\s+)"), R"([\x09-\x0d\x{85}\p{Z}]+)");
    EXPECT_EQ(*toPcre(R"([^\s\p{L}])"), R"([^\x09-\x0d\x{85}\p{Z}\p{L}])");
    EXPECT_EQ(*toPcre(R"((?!\S)[\S])"), R"((?![^\x09-\x0d\x{85}\p{Z}])[\S\x{180e}])");
}

TEST(PatternDialect, WhatWouldBeMisreadIsRefused)
{
    EXPECT_EQ(refusal("x[a[bc]]"),
        "the pattern \"x[a[bc]]\" uses a character class inside a character class at character 4, which is not "
        "supported");
    EXPECT_NE(refusal("[a-z&&[^b]]").find("an intersection"), std::string::npos);
    EXPECT_NE(refusal("(?m)a.b").find("the flag m"), std::string::npos);
    EXPECT_NE(refusal("(?i-m:a)").find("the flag m"), std::string::npos);
    EXPECT_NE(refusal(R"([\W])").find("\\W inside"), std::string::npos);
    EXPECT_EQ(refusal("(?<m>a)(?i:m)(?=m)"), "");
}

} // namespace
} // namespace dubito::tokenizer
