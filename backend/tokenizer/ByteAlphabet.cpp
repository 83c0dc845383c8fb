// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/tokenizer/ByteAlphabet.h"

#include <array>
#include <cstddef>

namespace dubito::tokenizer {

namespace {

constexpr std::size_t kBytes = 256;
constexpr std::size_t kLetters = 0x144; // the last letter is U+0143

constexpr bool standsForItself(std::size_t byte)
{
    return (byte >= 0x21 && byte <= 0x7E) || (byte >= 0xA1 && byte <= 0xAC) || (byte >= 0xAE && byte <= 0xFF);
}

constexpr std::array<char32_t, kBytes> makeLetters()
{
    std::array<char32_t, kBytes> letters {};
    char32_t next = 0x100;
    for (std::size_t byte = 0; byte < kBytes; ++byte) {
        letters[byte] = standsForItself(byte) ? static_cast<char32_t>(byte) : next++;
    }
    return letters;
}

constexpr auto kLetterOfByte = makeLetters();

constexpr std::array<std::int16_t, kLetters> makeBytes()
{
    std::array<std::int16_t, kLetters> bytes {};
    for (auto& byte : bytes) {
        byte = -1;
    }
    for (std::size_t byte = 0; byte < kBytes; ++byte) {
        bytes[kLetterOfByte[byte]] = static_cast<std::int16_t>(byte);
    }
    return bytes;
}

constexpr auto kByteOfLetter = makeBytes();

} // namespace

std::optional<unsigned char> byteOfLetter(char32_t letter)
{
    if (letter >= kLetters || kByteOfLetter[letter] < 0) {
        return std::nullopt;
    }
    return static_cast<unsigned char>(kByteOfLetter[letter]);
}

void appendSpelled(std::string& text, std::string_view bytes)
{
    for (const char c : bytes) {
        const char32_t letter = kLetterOfByte[static_cast<unsigned char>(c)];
        if (letter < 0x80) {
            text.push_back(static_cast<char>(letter));
        } else {
            text.push_back(static_cast<char>(0xC0 | letter >> 6));
            text.push_back(static_cast<char>(0x80 | (letter & 0x3F)));
        }
    }
}

} // namespace dubito::tokenizer
