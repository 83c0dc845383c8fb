// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/provenance/Explanation.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace dubito::provenance {

/// One byte for each character of a text, so that matchers count characters and never see half of one.
///
/// ASCII stands for itself in lower case. Every other character becomes one of the symbols below: all that the rules
/// want to know of it. Letters, digits and white space are those of Python's regular expressions on text (\w, \d, \s).
namespace symbol {
inline constexpr unsigned char kLetter = 0x80; ///< a word character outside ASCII
inline constexpr unsigned char kOther = 0x81;  ///< not a word character, no space
inline constexpr unsigned char kSpace = 0x82;
inline constexpr unsigned char kCopyright = 0x83; ///< ©
inline constexpr unsigned char kDotlessI = 0x84;  ///< ı: an "i" where case is ignored
inline constexpr unsigned char kDottedI = 0x85;   ///< İ: the same, and two characters in lower case
inline constexpr unsigned char kLongS = 0x86;     ///< ſ: an "s" where case is ignored
inline constexpr unsigned char kDigit = 0x90;     ///< a decimal digit outside ASCII: 0x90 + its value

bool isWord(char c);
bool isDigit(char c);
bool isSpace(char c);
/// Requires: isDigit(c).
int digitValue(char c);
/// `letter` in lower-case ASCII; case ignored as Python's re.IGNORECASE does.
bool isSameLetter(char c, char letter);
} // namespace symbol

class FoldedText {
public:
    explicit FoldedText(std::string_view text);

    /// One symbol for each character.
    std::string_view characters() const { return m_characters; }

    /// The text in lower case, as Python lowers it: the same, but İ is "i" and a mark.
    std::string_view lowered() const { return m_lowered.empty() ? m_characters : m_lowered; }

    /// Bytes of the original behind symbols [begin, end).
    Span bytesOfCharacters(std::size_t begin, std::size_t end) const;
    Span bytesOfLowered(std::size_t begin, std::size_t end) const;

private:
    void lower();

    std::string m_characters;
    std::string m_lowered;                ///< only where it differs
    std::vector<std::uint32_t> m_offsets; ///< byte where each symbol begins; empty when all is ASCII
    std::vector<std::uint32_t> m_loweredOffsets;
    std::size_t m_bytes = 0;
};

} // namespace dubito::provenance
