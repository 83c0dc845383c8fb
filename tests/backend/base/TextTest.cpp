// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/base/Text.h"

#include <array>
#include <gtest/gtest.h>
#include <limits>

namespace dubito {
namespace {

TEST(Text, SizesAreInBinaryUnits)
{
    EXPECT_EQ(bytesToText(412 * kMiB), "412 MiB");
    EXPECT_EQ(bytesToText(kGiB + kGiB / 4), "1.25 GiB");
    EXPECT_EQ(bytesToText(3 * kMiB / 2), "1.5 MiB");
    EXPECT_EQ(bytesToText(96 * 1024), "96 KiB");
    EXPECT_EQ(bytesToText(-412 * kMiB), "-412 MiB");
}

TEST(Text, CountsAndDurationsReadWell)
{
    EXPECT_EQ(countToText(0), "0");
    EXPECT_EQ(countToText(999), "999");
    EXPECT_EQ(countToText(1234567), "1,234,567");
    EXPECT_EQ(countToText(-1234), "-1,234");
    EXPECT_EQ(countOf(1, "document"), "1 document");
    EXPECT_EQ(countOf(0, "step"), "0 steps");
    EXPECT_EQ(countOf(1240, "step"), "1,240 steps");
    EXPECT_EQ(durationToText(42), "0:42");
    EXPECT_EQ(durationToText(3905), "1:05:05");
    EXPECT_EQ(durationToText(3 * 86400 + 4 * 3600), "3 d 04:00");
    EXPECT_EQ(durationToText(std::numeric_limits<double>::quiet_NaN()), "0:00");
}

TEST(Text, AnExactNumberReadsBackToTheSameDouble)
{
    for (const double value : { 0.1, 1.0 / 3.0, 5.57, 1e-300, 123456789.123456789 }) {
        EXPECT_EQ(parseNumber(exactNumber(value)), value);
    }
    EXPECT_EQ(exactNumber(std::numeric_limits<double>::infinity()), "null");
}

TEST(Text, ANumberWithSomethingBehindItIsNone)
{
    EXPECT_EQ(parseNumber("1.5x"), std::nullopt);
    EXPECT_EQ(parseNumber(""), std::nullopt);
    EXPECT_EQ(parseInteger("1.5"), std::nullopt);
    EXPECT_EQ(parseInteger(" 12 "), 12);
    EXPECT_EQ(parseInteger("99999999999999999999"), std::nullopt);
}

TEST(Text, SwitchesAreReadInAllUsualSpellings)
{
    for (const auto* yes : { "true", "YES", "on", "1" }) {
        EXPECT_EQ(parseSwitch(yes), true) << yes;
    }
    for (const auto* no : { "False", "no", "OFF", "0" }) {
        EXPECT_EQ(parseSwitch(no), false) << no;
    }
    EXPECT_EQ(parseSwitch("maybe"), std::nullopt);
}

TEST(Text, TheNearestWordIsNamedOnlyWhenItWasProbablyMeant)
{
    constexpr std::array<std::string_view, 3> kKnown { "batch_size", "seq_len", "learning_rate" };
    EXPECT_EQ(nearestWord("batchsize", kKnown), "batch_size");
    EXPECT_EQ(nearestWord("lerning_rate", kKnown), "learning_rate");
    EXPECT_EQ(nearestWord("zzzzzzzz", kKnown), std::nullopt);
}

TEST(Text, ControlCharactersAndForeignBytesAreEscaped)
{
    EXPECT_EQ(escaped("a\tb\r\n\x1b[31m\x7f"), "a\\tb\\r\\n\\x1b[31m\\x7f");
    EXPECT_EQ(escaped("\xff\xc3(\xed\xa0\x80"), "\\xff\\xc3(\\xed\\xa0\\x80");
    EXPECT_EQ(escaped("abc\xe2\x80\xae fed"), "abc\\u{202e} fed");
}

TEST(Text, TheDepthOfAJsonTextIsCountedOutsideOfItsStrings)
{
    EXPECT_EQ(jsonDepth("7"), 0);
    EXPECT_EQ(jsonDepth(R"({"a": [1, {"b": []}], "c": {}})"), 4);
    EXPECT_EQ(jsonDepth(R"({"a": "[[[\"[[", "b": "\\"})"), 1);
    EXPECT_EQ(jsonDepth(std::string(1 << 20, '[')), 1 << 20);
}

TEST(Text, OrdinaryTextStaysAsItIs)
{
    EXPECT_EQ(escaped("Grüße, 世界 🙂 \"x\\y\""), "Grüße, 世界 🙂 \"x\\y\"");
}

TEST(Text, AQuotedTextIsCutAtACharacter)
{
    EXPECT_EQ(quoted("short"), "\"short\"");
    EXPECT_EQ(quoted("aüb", 2), "\"a…\"");
}

TEST(Text, ANumberOutOfAFileBecomesWholeWhateverItIs)
{
    EXPECT_EQ(toWholeNumber(41.9), 41);
    EXPECT_EQ(toWholeNumber(-41.9), -41);
    EXPECT_EQ(toWholeNumber(std::numeric_limits<double>::quiet_NaN()), 0);
    EXPECT_EQ(toWholeNumber(1e300), std::int64_t { 1 } << 53);
    EXPECT_EQ(toWholeNumber(-std::numeric_limits<double>::infinity()), -(std::int64_t { 1 } << 53));
}

} // namespace
} // namespace dubito
