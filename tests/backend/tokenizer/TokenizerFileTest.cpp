// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/tokenizer/TokenizerFile.h"

#include <gtest/gtest.h>

namespace dubito::tokenizer {
namespace {

constexpr std::string_view kModel = R"("model": {"type": "BPE", "vocab": {"a": 0}, "merges": []})";

Error refusalOfFile(const std::string& json)
{
    const auto file = parseTokenizer(json, "my/tokenizer.json");
    EXPECT_FALSE(file.hasValue());
    return file ? Error {} : file.error();
}

TEST(TokenizerFile, AModelAloneIsEnough)
{
    const auto file = parseTokenizer("{" + std::string(kModel) + "}", "t");
    ASSERT_TRUE(file);
    EXPECT_EQ(file->model.vocabulary().size(), 1U);
    std::string text = " Ünïcode ";
    EXPECT_TRUE(file->normalizer.apply(text));
    EXPECT_EQ(text, " Ünïcode ");
}

TEST(TokenizerFile, EveryRefusalNamesTheFileAndThePlace)
{
    EXPECT_EQ(toText(refusalOfFile(R"({"normalizer": {"type": "Nmt"}, )" + std::string(kModel) + "}")),
        "my/tokenizer.json: normalizer is a normalizer \"Nmt\", which is not supported");
    EXPECT_EQ(toText(refusalOfFile("{}")), "my/tokenizer.json: model must be an object: without a model there are no tokens");
    EXPECT_EQ(toText(refusalOfFile("[]")), "my/tokenizer.json: is no tokenizer: it must be a JSON object");
    EXPECT_EQ(toText(refusalOfFile(R"({"pre_tokenizer": 7, )" + std::string(kModel) + "}")),
        "my/tokenizer.json: pre_tokenizer.type must be a text");
    EXPECT_EQ(refusalOfFile("{\"model\": ").code, ErrorCode::Model);
    EXPECT_EQ(refusalOfFile("{\"model\": \"\xFF\"}").code, ErrorCode::Model);
}

TEST(TokenizerFile, DeepNestingIsRefusedBeforeItIsParsed)
{
    const std::string deep = std::string(1 << 20, '[');
    EXPECT_EQ(refusalOfFile(deep).message, "is nested more than 32 levels deep; no tokenizer is");
    EXPECT_TRUE(parseTokenizer(
        R"({"truncation": "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\"[[[[", )" + std::string(kModel) + "}", "t"));
}

TEST(TokenizerFile, AnAbsentFileIsNotFoundAndAFolderIsNoModel)
{
    const auto absent = readTokenizerFile("/nowhere/tokenizer.json");
    ASSERT_FALSE(absent);
    EXPECT_EQ(absent.error().where, "/nowhere/tokenizer.json");
    EXPECT_FALSE(readTokenizerFile(DUBITO_SOURCE_DIR));
}

TEST(TokenizerFile, TheEmbeddedTokenizerIsRead)
{
    const auto file = readTokenizerFile(std::string(DUBITO_SOURCE_DIR) + "/resources/tiny/tokenizer.json");
    ASSERT_TRUE(file) << toText(file.error());
    EXPECT_EQ(file->model.vocabulary().size(), 2361U);
    EXPECT_EQ(file->addedTokens.all().size(), 5U);
}

} // namespace
} // namespace dubito::tokenizer
