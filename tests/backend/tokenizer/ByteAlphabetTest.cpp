// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/tokenizer/ByteAlphabet.h"

#include <gtest/gtest.h>

namespace dubito::tokenizer {
namespace {

/// The one letter of a text, which takes a byte or two.
char32_t letterIn(const std::string& text)
{
    const auto at = [&](std::size_t i) { return static_cast<char32_t>(static_cast<unsigned char>(text.at(i))); };
    return text.size() == 1 ? at(0) : (at(0) & 0x1F) << 6 | (at(1) & 0x3F);
}

TEST(ByteAlphabet, EveryByteHasALetterOfItsOwn)
{
    for (int byte = 0; byte < 256; ++byte) {
        std::string text;
        appendSpelled(text, std::string(1, static_cast<char>(byte)));
        EXPECT_EQ(byteOfLetter(letterIn(text)), byte) << text;
    }
}

TEST(ByteAlphabet, KnownSpellings)
{
    std::string text = ">";
    appendSpelled(text, " a\n\xE2\x82\xAC");
    EXPECT_EQ(text, ">ĠaĊâĤ¬");
}

TEST(ByteAlphabet, OtherCharactersSpellNoByte)
{
    EXPECT_FALSE(byteOfLetter(U' '));
    EXPECT_FALSE(byteOfLetter(0xAD));
    EXPECT_FALSE(byteOfLetter(0x144));
    EXPECT_FALSE(byteOfLetter(0x10FFFF));
}

} // namespace
} // namespace dubito::tokenizer
