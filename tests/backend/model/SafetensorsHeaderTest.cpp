// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/SafetensorsHeader.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dubito::model {
namespace {

using testing::HasSubstr;

std::string refusal(std::string_view json, std::uint64_t dataBytes)
{
    const auto header = parseSafetensorsHeader(json, dataBytes, "w.safetensors");
    return header ? "accepted" : toText(header.error());
}

std::string entry(const std::string& name, const std::string& shape, std::uint64_t begin, std::uint64_t end)
{
    return fmt::format(R"("{}":{{"dtype":"F32","shape":{},"data_offsets":[{},{}]}})", name, shape, begin, end);
}

TEST(SafetensorsHeader, TensorsComeInTheOrderOfTheirData)
{
    const auto header
        = parseSafetensorsHeader("{" + entry("b", "[2]", 4, 12) + "," + entry("a", "[]", 0, 4) + "}  ", 12, "");
    ASSERT_TRUE(header) << toText(header.error());
    ASSERT_EQ(header->tensors.size(), 2U);
    EXPECT_EQ(header->tensors[0].name, "a");
    EXPECT_TRUE(header->tensors[0].shape.empty());
    EXPECT_EQ(header->tensors[1].count(), 2);
}

TEST(SafetensorsHeader, BytesBehindAZeroByteAreNotOverlooked)
{
    const std::string json = "{" + entry("a", "[1]", 0, 4) + "}";
    EXPECT_THAT(refusal(json + std::string("\0garbage", 8), 4), HasSubstr("zero byte"));
}

TEST(SafetensorsHeader, AHoleAnOverlapAndAFileCutShortAreToldApart)
{
    EXPECT_THAT(refusal("{" + entry("a", "[1]", 0, 4) + "," + entry("b", "[1]", 8, 12) + "}", 12), HasSubstr("hole"));
    EXPECT_THAT(
        refusal("{" + entry("a", "[2]", 0, 8) + "," + entry("b", "[2]", 4, 12) + "}", 12), HasSubstr("overlaps"));
    EXPECT_THAT(refusal("{" + entry("a", "[4]", 0, 16) + "}", 12), HasSubstr("cut short"));
    EXPECT_THAT(refusal("{" + entry("a", "[1]", 0, 4) + "}", 12), HasSubstr("belong to no tensor"));
}

TEST(SafetensorsHeader, AMillionOpenBracketsCostNothing)
{
    EXPECT_THAT(refusal("{\"a\":" + std::string(1'000'000, '['), 0), HasSubstr("may not be a list"));
    EXPECT_THAT(refusal("{\"a\":{\"b\":" + std::string(1'000'000, '{'), 0), HasSubstr("may not be an object"));
}

TEST(SafetensorsHeader, AShapeWithAThousandDimensionsIsRefused)
{
    std::string shape = "[1";
    for (int i = 0; i < 1000; ++i) {
        shape += ",1";
    }
    EXPECT_THAT(refusal("{" + entry("a", shape + "]", 0, 4) + "}", 4), HasSubstr("too many numbers"));
}

TEST(SafetensorsHeader, AForeignNameCannotDisturbTheTerminal)
{
    const std::string text = refusal(R"({"\u001b[2J":null})", 0);
    EXPECT_EQ(text.find('\x1b'), std::string::npos) << text;
}

TEST(SafetensorsHeader, MetadataIsKept)
{
    const auto header = parseSafetensorsHeader(R"({"__metadata__":{"format":"pt"}})", 0, "");
    ASSERT_TRUE(header);
    EXPECT_EQ(header->metadata.at("format"), "pt");
}

} // namespace
} // namespace dubito::model
