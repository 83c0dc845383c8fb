// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/TextStream.h"

#include "backend/tokenizer/Utf8.h"

#include <gtest/gtest.h>

#include <filesystem>

namespace dubito::session {
namespace {

using tokenizer::SpecialTokens;
using tokenizer::Tokenizer;

/// The shipped one cuts bytes at will: a character may take several tokens.
const Tokenizer& bytes()
{
    static const Tokenizer kTokenizer
        = *Tokenizer::load(std::filesystem::path(DUBITO_SOURCE_DIR) / "resources/tiny/tokenizer.json");
    return kTokenizer;
}

/// Words begin with U+2581, which is no blank at the beginning of a text; single bytes have tokens of their own.
const Tokenizer& pieces()
{
    static const Tokenizer kTokenizer = *Tokenizer::parse(
        R"({"normalizer":null,"pre_tokenizer":null,"post_processor":null,"added_tokens":[],)"
        R"("decoder":{"type":"Sequence","decoders":[{"type":"Replace","pattern":{"String":"▁"},"content":" "},)"
        R"({"type":"ByteFallback"},{"type":"Fuse"},{"type":"Strip","content":" ","start":1,"stop":0}]},)"
        R"("model":{"type":"BPE","byte_fallback":true,"unk_token":null,"vocab":{"▁a":0,"▁b":1,"<0xC3>":2,"<0xA9>":3,"c":4},)"
        R"("merges":[]}})",
        "test");
    return kTokenizer;
}

std::vector<std::string> spoken(const Tokenizer& tokenizer, std::span<const std::int32_t> ids, std::size_t before)
{
    TextStream stream(tokenizer, ids.first(before));
    std::vector<std::string> said;
    for (const std::int32_t id : ids.subspan(before)) {
        said.push_back(stream.add(id));
    }
    said.push_back(stream.finish());
    return said;
}

std::string joined(const std::vector<std::string>& parts)
{
    std::string text;
    for (const std::string& part : parts) {
        text += part;
    }
    return text;
}

TEST(TextStream, NeverSaysHalfACharacter)
{
    const std::string text = "naïve 😀😃 日本語のテキスト, ça va?\n\nкот 👩‍👩‍👧 end";
    const auto ids = bytes().encode(text, SpecialTokens::Without);
    ASSERT_GT(ids.size(), 40U);
    const auto said = spoken(bytes(), ids, 0);
    EXPECT_EQ(joined(said), text);
    for (const std::string& piece : said) {
        EXPECT_TRUE(tokenizer::isWellFormed(piece)) << piece;
        EXPECT_EQ(piece.find("\xEF\xBF\xBD"), std::string::npos) << "half a character was said";
    }
}

TEST(TextStream, GoesOnAfterAPromptFromAnyPlace)
{
    const std::string text = "One two three four five six seven eight nine ten, twelve 😀 and more.";
    const auto ids = bytes().encode(text, SpecialTokens::Without);
    for (std::size_t before = 0; before <= ids.size(); ++before) {
        const std::string prompt = bytes().decode(std::span(ids).first(before), SpecialTokens::Without);
        if (!prompt.ends_with("\xEF\xBF\xBD")) {
            EXPECT_EQ(prompt + joined(spoken(bytes(), ids, before)), text) << before;
        }
    }
}

TEST(TextStream, TheBlankBeforeAWordIsSaidThoughItIsNoneAtTheBeginningOfAText)
{
    const std::vector<std::int32_t> ids { 0, 1, 4, 2, 3, 1 };
    EXPECT_EQ(joined(spoken(pieces(), ids, 0)), "a bcé b");
    EXPECT_EQ(joined(spoken(pieces(), ids, 1)), " bcé b");
    EXPECT_EQ(spoken(pieces(), ids, 1), (std::vector<std::string> { " b", "c", "", "é", " b", "" }));
}

TEST(TextStream, BytesThatNeverBecomeACharacterAreSaidAtTheEnd)
{
    const std::vector<std::int32_t> ids { 0, 2 };
    EXPECT_EQ(spoken(pieces(), ids, 0), (std::vector<std::string> { "a", "", "\xEF\xBF\xBD" }));
}

TEST(TextStream, BytesThatNeverBecomeACharacterAreNotHeldBackForEver)
{
    std::vector<std::int32_t> ids(500, 2);
    std::size_t longest = 0;
    std::size_t quiet = 0;
    for (const std::string& piece : spoken(pieces(), ids, 0)) {
        quiet = piece.empty() ? quiet + 1 : 0;
        longest = std::max(longest, quiet);
    }
    EXPECT_LT(longest, 20U);
}

} // namespace
} // namespace dubito::session
