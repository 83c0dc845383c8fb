// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace dubito::tokenizer {

/// One character of a text: its code point and how many bytes it takes.
struct Character {
    char32_t codePoint = 0;
    std::size_t bytes = 0;

    friend bool operator==(const Character&, const Character&) = default;
};

/// The character at `at`. Requires: `text` is well-formed and `at` is the start of a character in it.
Character characterAt(std::string_view text, std::size_t at);

void appendCharacter(std::string& text, char32_t codePoint);
std::string toUtf8(char32_t codePoint);

bool isWellFormed(std::string_view text);

/// `text` with one U+FFFD for every maximal ill-formed part, as browsers and Python decode it.
std::string repaired(std::string_view text);

/// `text`, or its beginning and "…" when it has more than `bytes` bytes: what a message may quote of a foreign file.
std::string clipped(std::string_view text, std::size_t bytes);

/// The Unicode property White_Space.
bool isWhiteSpace(char32_t codePoint);

/// General category Nd, Nl or No: also superscripts, fractions and roman numerals.
bool isNumeric(char32_t codePoint);

/// What \w means to Unicode: letters, marks, decimal digits, connecting punctuation, joiners.
bool isWordCharacter(char32_t codePoint);

} // namespace dubito::tokenizer
