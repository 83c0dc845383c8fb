// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/tokenizer/PatternDialect.h"

#include <gtest/gtest.h>

namespace dubito::tokenizer {
namespace {

std::string refusalAt(std::string_view pattern)
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
    EXPECT_EQ(refusalAt("x[a[bc]]"),
        "the pattern \"x[a[bc]]\" uses a character class inside a character class at character 4, which is not "
        "supported");
    EXPECT_NE(refusalAt("[a-z&&[^b]]").find("an intersection"), std::string::npos);
    EXPECT_NE(refusalAt("(?m)a.b").find("the flag m"), std::string::npos);
    EXPECT_NE(refusalAt("(?i-m:a)").find("the flag m"), std::string::npos);
    EXPECT_NE(refusalAt(R"([\W])").find("\\W inside"), std::string::npos);
    EXPECT_EQ(refusalAt("(?<m>a)(?i:m)(?=m)"), "");
}

} // namespace
} // namespace dubito::tokenizer
