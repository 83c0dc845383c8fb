// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace dubito::tokenizer {

/// The alphabet of byte-level tokenizers (GPT-2): every byte is spelled as one printable character.
///
/// Printable ASCII and most of Latin-1 stand for themselves; the other 68 bytes are U+0100, U+0101 … in order, so
/// that a space reads "Ġ" and a line feed "Ċ".
/// The byte that `letter` spells, or nothing when it is not of this alphabet.
std::optional<unsigned char> byteOfLetter(char32_t letter);

/// Appends the spelling of every byte of `bytes`.
void appendSpelled(std::string& text, std::string_view bytes);

} // namespace dubito::tokenizer
