// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/provenance/FoldedText.h"

#include <utf8proc.h>

#include <algorithm>

namespace dubito::provenance {

namespace {

enum class Trait : std::uint8_t { None = 0, Word = 1, Digit = 2, Space = 4 };

constexpr std::uint8_t bits(Trait trait) { return static_cast<std::uint8_t>(trait); }

constexpr std::array<std::uint8_t, 256> traitTable()
{
    std::array<std::uint8_t, 256> table {};
    for (std::size_t c = 'a'; c <= 'z'; ++c) {
        table[c] = bits(Trait::Word);
    }
    table['_'] = bits(Trait::Word);
    for (std::size_t value = 0; value < 10; ++value) {
        table['0' + value] = bits(Trait::Word) | bits(Trait::Digit);
        table[symbol::kDigit + value] = bits(Trait::Word) | bits(Trait::Digit);
    }
    for (const unsigned char word : { symbol::kLetter, symbol::kDotlessI, symbol::kDottedI, symbol::kLongS }) {
        table[word] = bits(Trait::Word);
    }
    for (const std::size_t space : { 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x1c, 0x1d, 0x1e, 0x1f, 0x20 }) {
        table[space] = bits(Trait::Space);
    }
    table[symbol::kSpace] = bits(Trait::Space);
    return table;
}

constexpr auto kTraits = traitTable();

bool hasTrait(char c, Trait trait) { return (kTraits[static_cast<unsigned char>(c)] & bits(trait)) != 0; }

char toSymbol(unsigned char value) { return static_cast<char>(value); }

bool isDecimal(std::int32_t codePoint) { return utf8proc_category(codePoint) == UTF8PROC_CATEGORY_ND; }

/// Unicode keeps the decimal digits of a script together, from zero to nine.
unsigned char foreignDigit(std::int32_t codePoint)
{
    std::int32_t zero = codePoint;
    while (isDecimal(zero - 1)) {
        --zero;
    }
    return static_cast<unsigned char>(symbol::kDigit + (codePoint - zero) % 10);
}

bool isForeignSpace(std::int32_t codePoint)
{
    return codePoint == 0x85 || codePoint == 0x2028 || codePoint == 0x2029
        || utf8proc_category(codePoint) == UTF8PROC_CATEGORY_ZS;
}

unsigned char foreignSymbol(std::int32_t codePoint)
{
    switch (codePoint) {
    case 0xA9:
        return symbol::kCopyright;
    case 0x130:
        return symbol::kDottedI;
    case 0x131:
        return symbol::kDotlessI;
    case 0x17F:
        return symbol::kLongS;
    case 0x212A: // the sign for kelvin: its lower case is an ordinary k
        return 'k';
    default:
        break;
    }
    switch (utf8proc_category(codePoint)) {
    case UTF8PROC_CATEGORY_ND:
        return foreignDigit(codePoint);
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO:
        return symbol::kLetter;
    default:
        return isForeignSpace(codePoint) ? symbol::kSpace : symbol::kOther;
    }
}

char loweredAscii(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool isAscii(char c) { return static_cast<unsigned char>(c) < 0x80; }

Span spanOf(const std::vector<std::uint32_t>& offsets, std::size_t begin, std::size_t end, std::size_t bytes)
{
    if (offsets.empty()) {
        return { begin, end };
    }
    return { begin < offsets.size() ? offsets[begin] : bytes, end < offsets.size() ? offsets[end] : bytes };
}

} // namespace

namespace symbol {

bool isWord(char c) { return hasTrait(c, Trait::Word); }
bool isDigit(char c) { return hasTrait(c, Trait::Digit); }
bool isSpace(char c) { return hasTrait(c, Trait::Space); }

int digitValue(char c)
{
    const auto value = static_cast<unsigned char>(c);
    return value >= kDigit ? value - kDigit : value - '0';
}

bool isSameLetter(char c, char letter)
{
    const auto value = static_cast<unsigned char>(c);
    return c == letter || (letter == 'i' && (value == kDotlessI || value == kDottedI))
        || (letter == 's' && value == kLongS);
}

} // namespace symbol

FoldedText::FoldedText(std::string_view text)
    : m_bytes(text.size())
{
    m_characters.reserve(text.size());
    const auto foreign = std::ranges::find_if_not(text, isAscii);
    const auto plain = static_cast<std::size_t>(foreign - text.begin());
    std::ranges::transform(text.substr(0, plain), std::back_inserter(m_characters), loweredAscii);
    if (plain == text.size()) {
        return;
    }
    m_offsets.resize(plain);
    for (std::size_t i = 0; i < plain; ++i) {
        m_offsets[i] = static_cast<std::uint32_t>(i);
    }
    bool hasDottedI = false;
    for (std::size_t at = plain; at < text.size();) {
        utf8proc_int32_t codePoint = 0;
        const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data() + at);
        const auto length = utf8proc_iterate(bytes, static_cast<utf8proc_ssize_t>(text.size() - at), &codePoint);
        m_offsets.push_back(static_cast<std::uint32_t>(at));
        if (length <= 0) {
            m_characters.push_back(toSymbol(symbol::kOther));
            ++at;
            continue;
        }
        m_characters.push_back(codePoint < 0x80 ? loweredAscii(text[at]) : toSymbol(foreignSymbol(codePoint)));
        hasDottedI = hasDottedI || codePoint == 0x130;
        at += static_cast<std::size_t>(length);
    }
    if (hasDottedI) {
        lower();
    }
}

void FoldedText::lower()
{
    for (std::size_t i = 0; i < m_characters.size(); ++i) {
        const bool isDottedI = m_characters[i] == toSymbol(symbol::kDottedI);
        m_lowered.push_back(isDottedI ? 'i' : m_characters[i]);
        m_loweredOffsets.push_back(m_offsets[i]);
        if (isDottedI) {
            m_lowered.push_back(toSymbol(symbol::kOther));
            m_loweredOffsets.push_back(m_offsets[i]);
        }
    }
}

Span FoldedText::bytesOfCharacters(std::size_t begin, std::size_t end) const
{
    return spanOf(m_offsets, begin, end, m_bytes);
}

Span FoldedText::bytesOfLowered(std::size_t begin, std::size_t end) const
{
    return spanOf(m_lowered.empty() ? m_offsets : m_loweredOffsets, begin, end, m_bytes);
}

} // namespace dubito::provenance
