// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/data/DocumentParser.h"

#include "backend/data/LineReader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dubito::data {
namespace {

using testing::HasSubstr;

Result<Document> parsed(std::string line, const config::DataFields& fields = {})
{
    const std::size_t length = line.size();
    line.append(LineReader::kPadding, ' ');
    DocumentParser parser(fields);
    Document document;
    document.id = "left over";
    document.authority = 0.5;
    if (auto result = parser.parse(std::string_view(line).substr(0, length), document); !result) {
        return result.error();
    }
    return document;
}

std::string reason(std::string line)
{
    const auto document = parsed(std::move(line));
    return document ? "accepted" : document.error().message;
}

TEST(DocumentParser, ReadsEveryField)
{
    const auto document = parsed(R"({"text":"t","auth_weight":0.2,"prov_entropy":5,"id":"a","title":"b","year":1923,)"
                                 R"("source_type":"c","publisher":"d","source":"e","url":"f","date":"g",)"
                                 R"("publication_date":1924.5,"published":null,"evidence":["x","y",3]})");
    ASSERT_TRUE(document);
    EXPECT_EQ(document->text, "t");
    EXPECT_EQ(document->authority, 0.2);
    EXPECT_EQ(document->entropy, 5.0);
    EXPECT_EQ(document->id, "a");
    EXPECT_EQ(document->title, "b");
    EXPECT_EQ(document->year, YearText(std::int64_t { 1923 }));
    EXPECT_EQ(document->sourceType, "c");
    EXPECT_EQ(document->publisher, "d");
    EXPECT_EQ(document->source, "e");
    EXPECT_EQ(document->url, "f");
    EXPECT_EQ(document->date, YearText("g"));
    EXPECT_EQ(document->publicationDate, YearText("1924.5"));
    EXPECT_EQ(document->published, YearText());
    EXPECT_EQ(document->evidence, (std::vector<std::string> { "x", "y", "3" }));
}

TEST(DocumentParser, ForgetsTheDocumentBefore)
{
    const auto document = parsed(R"({"text":"t"})");
    ASSERT_TRUE(document);
    EXPECT_FALSE(document->isLabelled());
    EXPECT_TRUE(document->id.empty());
}

TEST(DocumentParser, PromptAndCompletionAreOneTextThatKnowsItsSeam)
{
    const auto document = parsed(R"({"prompt":"Why? ","completion":"So."})");
    ASSERT_TRUE(document);
    EXPECT_EQ(document->text, "Why? So.");
    EXPECT_EQ(document->prompt(), "Why? ");
    EXPECT_EQ(document->completion(), "So.");
    EXPECT_EQ(parsed(R"({"text":"t","prompt":"p","completion":5})")->prompt(), "");
    EXPECT_THAT(reason(R"({"prompt":"Why?"})"), HasSubstr("has no \"text\""));
    EXPECT_THAT(reason(R"({"prompt":"Why?","completion":""})"), HasSubstr("empty"));
}

TEST(DocumentParser, HalfALabelIsNone)
{
    EXPECT_THAT(reason(R"({"text":"t","auth_weight":0.2})"), HasSubstr("has \"auth_weight\" but no entropy"));
    EXPECT_THAT(reason(R"({"text":"t","entropy":2})"), HasSubstr("has \"entropy\" but no authority"));
}

TEST(DocumentParser, LabelsOutOfRangeAreNamedWithTheirNumber)
{
    EXPECT_THAT(
        reason(R"({"text":"t","authority":1.5,"entropy":2})"), HasSubstr("authority = 1.5; it must be from 0 to 0.99"));
    EXPECT_THAT(
        reason(R"({"text":"t","authority":0.5,"entropy":-2})"), HasSubstr("entropy = -2; it must be 0 or more"));
    EXPECT_THAT(reason(R"({"text":"t","authority":"0.5","entropy":2})"), HasSubstr("a string as \"authority\""));
    EXPECT_THAT(reason(R"({"text":"t","authority":NaN,"entropy":2})"), HasSubstr("NaN or Infinity"));
    EXPECT_THAT(reason(R"({"text":"t","authority":0.5,"entropy":-Infinity})"), HasSubstr("NaN or Infinity"));
    EXPECT_THAT(reason(R"({"text":"\"NaN","authority":0.5,,)"), testing::Not(HasSubstr("Infinity")));
    EXPECT_THAT(reason(R"({"text":"t","authority":0.5,"entropy":1e999})"), HasSubstr("too large"));
}

TEST(DocumentParser, TwoSpellingsMustAgree)
{
    EXPECT_EQ(reason(R"({"text":"t","authority":0.5,"auth_weight":0.5,"entropy":2})"), "accepted");
    EXPECT_THAT(reason(R"({"text":"t","authority":0.5,"auth_weight":0.6,"entropy":2})"), HasSubstr("twice"));
}

TEST(DocumentParser, ANumberTooWideForTheParserInAnUnreadFieldDoesNoHarm)
{
    EXPECT_EQ(
        reason(R"({"text":"12345678901234567890123 \" 99999999999999999999999","n":-123456789012345678901234567890})"),
        "accepted");
    EXPECT_EQ(parsed(R"({"text":"12345678901234567890123 \"","n":[12345678901234567890123]})")->text,
        "12345678901234567890123 \"");
    EXPECT_THAT(reason(R"({"text":"t","n":0123456789012345678901234567890})"), testing::Ne("accepted"));
}

TEST(DocumentParser, SaysWhatIsWrongWithTheLine)
{
    EXPECT_THAT(reason("[1]"), HasSubstr("is a list; one JSON object a line is wanted"));
    EXPECT_THAT(reason("null"), HasSubstr("is null"));
    EXPECT_THAT(reason("{\"text\":\"\xff\"}"), HasSubstr("not valid UTF-8"));
    EXPECT_THAT(reason("{\"text\":\"cut"), HasSubstr("a string is not closed"));
    EXPECT_THAT(reason("{\"text\":\"a\tb\"}"), HasSubstr("control character"));
    EXPECT_THAT(reason(R"({"text":"a\xb"})"), HasSubstr("escape"));
    EXPECT_THAT(reason("{\"text\":\"t\",\"m\":" + std::string(5000, '[') + "}"), testing::Ne("accepted"));
    EXPECT_THAT(reason(R"({"text":5})"), HasSubstr("has a number as \"text\"; a string is wanted"));
}

TEST(DocumentParser, UsesTheNamesOfTheUser)
{
    config::DataFields fields;
    fields.text = "content";
    EXPECT_EQ(parsed(R"({"content":"t","text":5})", fields)->text, "t");
    EXPECT_THAT(parsed(R"({"text":"t"})", fields).error().message, HasSubstr("has no \"content\""));
}

TEST(DocumentParser, LetsGoOfWhatALongLineNeeded)
{
    DocumentParser parser { config::DataFields {} };
    Document document;
    std::string line = R"({"text":")" + std::string(4 << 20, 'a') + R"("})";
    const std::size_t length = line.size();
    line.append(LineReader::kPadding, ' ');
    ASSERT_TRUE(parser.parse(std::string_view(line).substr(0, length), document));
    EXPECT_GT(parser.keptBytes(), std::size_t { 4 } << 20);
    std::string next = R"({"text":"t"})" + std::string(LineReader::kPadding, ' ');
    ASSERT_TRUE(parser.parse(std::string_view(next).substr(0, 12), document));
    EXPECT_LT(parser.keptBytes(), std::size_t { 1 } << 20);
}

} // namespace
} // namespace dubito::data
