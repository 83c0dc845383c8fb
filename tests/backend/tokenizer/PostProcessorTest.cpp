// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/tokenizer/PostProcessor.h"

#include "tests/backend/tokenizer/ReadPart.h"

#include <gtest/gtest.h>

namespace dubito::tokenizer {
namespace {

using Ids = std::vector<std::int32_t>;

bool isBelowTen(std::int64_t id) { return id < 10; }

PostProcessor read(std::string_view json) { return readPart<PostProcessor>(json, isBelowTen); }
std::string refusal(std::string_view json) { return refusalOf<PostProcessor>(json, isBelowTen); }

std::string around(std::string_view elements)
{
    return R"({"type": "TemplateProcessing", "single": [)" + std::string(elements)
        + R"(], "pair": [], "special_tokens": {
        "<s>": {"id": "<s>", "ids": [1], "tokens": ["<s>"]}, "</s>": {"id": "</s>", "ids": [2, 3], "tokens": ["<", "/s>"]},
        "<far>": {"id": "<far>", "ids": [10], "tokens": ["<far>"]}, "<odd>": {"id": "<odd>", "ids": ["1"]}}})";
}

constexpr std::string_view kStart = R"({"SpecialToken": {"id": "<s>", "type_id": 0}})";
constexpr std::string_view kText = R"({"Sequence": {"id": "A", "type_id": 0}})";
constexpr std::string_view kEnd = R"({"SpecialToken": {"id": "</s>", "type_id": 0}})";

std::string row(std::initializer_list<std::string_view> elements)
{
    std::string joined;
    for (const auto element : elements) {
        joined.append(joined.empty() ? "" : ", ").append(element);
    }
    return joined;
}

TEST(PostProcessor, WithoutOneNothingIsAdded)
{
    EXPECT_TRUE(read("null").before().empty());
    EXPECT_TRUE(read(R"({"type": "ByteLevel", "trim_offsets": false})").behind().empty());
}

TEST(PostProcessor, ATemplatePutsTokensOnBothSides)
{
    const auto processor = read(around(row({ kStart, kText, kEnd })));
    EXPECT_EQ(processor.before(), (Ids { 1 }));
    EXPECT_EQ(processor.behind(), (Ids { 2, 3 }));
}

TEST(PostProcessor, InASequenceTheLaterOneStandsOutside)
{
    const auto processor = read(R"({"type": "Sequence", "processors": [{"type": "ByteLevel"}, )"
        + around(row({ kStart, kText })) + ", " + around(row({ kEnd, kText })) + "]}");
    EXPECT_EQ(processor.before(), (Ids { 2, 3, 1 }));
}

TEST(PostProcessor, RefusesWhatItCannotAdd)
{
    EXPECT_EQ(refusal(R"({"type": "RobertaProcessing"})"),
        "part is a post-processor \"RobertaProcessing\", which is not supported");
    EXPECT_EQ(refusal(around(row({ kStart }))), "part.single must have the Sequence A exactly once");
    EXPECT_EQ(refusal(around(row({ kText, kText }))), "part.single must have the Sequence A exactly once");
    EXPECT_EQ(
        refusal(around(R"({"Sequence": {"id": "B"}})")), "part.single[0] must be a SpecialToken or the Sequence A");
    EXPECT_EQ(refusal(around(R"({"SpecialToken": {"id": "<none>"}})")),
        "part.single[0].SpecialToken names \"<none>\", which special_tokens does not have");
    EXPECT_EQ(refusal(around(R"({"SpecialToken": {"id": "<far>"}})")),
        "part.special_tokens.<far>.ids[0] must be the id of a token of this file");
    EXPECT_EQ(refusal(around(R"({"SpecialToken": {"id": "<odd>"}})")),
        "part.special_tokens.<odd>.ids[0] must be the id of a token of this file");
}

} // namespace
} // namespace dubito::tokenizer
