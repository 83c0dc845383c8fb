// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/tokenizer/ByteAlphabet.h"

#include <gtest/gtest.h>

namespace dubito::tokenizer {
namespace {

TEST(ByteAlphabet, EveryByteHasALetterOfItsOwn)
{
    for (int byte = 0; byte < 256; ++byte) {
        EXPECT_EQ(byteOfLetter(letterOfByte(static_cast<unsigned char>(byte))), byte);
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
