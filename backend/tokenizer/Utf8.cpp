// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/tokenizer/Utf8.h"

#include <utf8proc.h>

#include <array>

namespace dubito::tokenizer {

namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

unsigned char byteAt(std::string_view text, std::size_t at) { return static_cast<unsigned char>(text[at]); }

/// What may follow a leading byte; `length` 0 for a byte that cannot lead.
struct Lead {
    std::size_t length = 0;
    unsigned char low = 0x80; ///< bounds of the second byte: they exclude overlong forms and surrogates
    unsigned char high = 0xBF;
};

Lead leadOf(unsigned char byte)
{
    if (byte < 0x80) {
        return { .length = 1 };
    }
    if (byte >= 0xC2 && byte <= 0xDF) {
        return { .length = 2 };
    }
    if (byte >= 0xE0 && byte <= 0xEF) {
        return { .length = 3,
            .low = static_cast<unsigned char>(byte == 0xE0 ? 0xA0 : 0x80),
            .high = static_cast<unsigned char>(byte == 0xED ? 0x9F : 0xBF) };
    }
    if (byte >= 0xF0 && byte <= 0xF4) {
        return { .length = 4,
            .low = static_cast<unsigned char>(byte == 0xF0 ? 0x90 : 0x80),
            .high = static_cast<unsigned char>(byte == 0xF4 ? 0x8F : 0xBF) };
    }
    return {};
}

struct Part {
    std::size_t bytes = 1;
    bool wellFormed = false;
};

/// The character at `at`, or the longest beginning of one that is there (at least one byte).
Part partAt(std::string_view text, std::size_t at)
{
    const Lead lead = leadOf(byteAt(text, at));
    if (lead.length == 0) {
        return {};
    }
    for (std::size_t i = 1; i < lead.length; ++i) {
        const unsigned char low = i == 1 ? lead.low : 0x80;
        const unsigned char high = i == 1 ? lead.high : 0xBF;
        if (at + i >= text.size() || byteAt(text, at + i) < low || byteAt(text, at + i) > high) {
            return { .bytes = i };
        }
    }
    return { .bytes = lead.length, .wellFormed = true };
}

/// The first byte from `at` on that does not belong to a well-formed character.
std::size_t endOfWellFormed(std::string_view text, std::size_t at)
{
    while (at < text.size()) {
        const Part part = partAt(text, at);
        if (!part.wellFormed) {
            break;
        }
        at += part.bytes;
    }
    return at;
}

utf8proc_category_t categoryOf(char32_t codePoint)
{
    return utf8proc_category(static_cast<utf8proc_int32_t>(codePoint));
}

} // namespace

Character characterAt(std::string_view text, std::size_t at)
{
    const unsigned char first = byteAt(text, at);
    const auto more = [&](std::size_t i) { return static_cast<char32_t>(byteAt(text, at + i) & 0x3F); };
    if (first < 0x80) {
        return { first, 1 };
    }
    if (first < 0xE0) {
        return { static_cast<char32_t>(first & 0x1F) << 6 | more(1), 2 };
    }
    if (first < 0xF0) {
        return { static_cast<char32_t>(first & 0x0F) << 12 | more(1) << 6 | more(2), 3 };
    }
    return { static_cast<char32_t>(first & 0x07) << 18 | more(1) << 12 | more(2) << 6 | more(3), 4 };
}

void appendCharacter(std::string& text, char32_t codePoint)
{
    std::array<utf8proc_uint8_t, 4> bytes {};
    const auto count = utf8proc_encode_char(static_cast<utf8proc_int32_t>(codePoint), bytes.data());
    for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
        text.push_back(static_cast<char>(bytes[i]));
    }
}

std::string toUtf8(char32_t codePoint)
{
    std::string text;
    appendCharacter(text, codePoint);
    return text;
}

bool isWellFormed(std::string_view text) { return endOfWellFormed(text, 0) == text.size(); }

std::string repaired(std::string_view text)
{
    std::string whole;
    whole.reserve(text.size());
    std::size_t at = 0;
    while (at < text.size()) {
        const std::size_t end = endOfWellFormed(text, at);
        whole.append(text.substr(at, end - at));
        at = end;
        if (at < text.size()) {
            whole.append(kReplacement);
            at += partAt(text, at).bytes;
        }
    }
    return whole;
}

std::string clipped(std::string_view text, std::size_t bytes)
{
    if (text.size() <= bytes) {
        return std::string(text);
    }
    while (bytes > 0 && (byteAt(text, bytes) & 0xC0) == 0x80) {
        --bytes;
    }
    return std::string(text.substr(0, bytes)) + "…";
}

bool isWhiteSpace(char32_t codePoint)
{
    if (codePoint <= 0x20) {
        return codePoint == 0x20 || (codePoint >= 0x09 && codePoint <= 0x0D);
    }
    return codePoint == 0x85 || codePoint == 0xA0 || codePoint == 0x1680 || (codePoint >= 0x2000 && codePoint <= 0x200A)
        || codePoint == 0x2028 || codePoint == 0x2029 || codePoint == 0x202F || codePoint == 0x205F
        || codePoint == 0x3000;
}

bool isNumeric(char32_t codePoint)
{
    if (codePoint < 0x80) {
        return codePoint >= U'0' && codePoint <= U'9';
    }
    const auto category = categoryOf(codePoint);
    return category == UTF8PROC_CATEGORY_ND || category == UTF8PROC_CATEGORY_NL || category == UTF8PROC_CATEGORY_NO;
}

bool isWordCharacter(char32_t codePoint)
{
    constexpr char32_t kNonJoiner = 0x200C;
    constexpr char32_t kJoiner = 0x200D;
    const auto isFrom = [codePoint](char32_t first, char32_t last) { return codePoint >= first && codePoint <= last; };
    const bool isEnclosedLetter = isFrom(0x24B6, 0x24E9) || isFrom(0x1F130, 0x1F149) || isFrom(0x1F150, 0x1F169)
        || isFrom(0x1F170, 0x1F189);
    switch (categoryOf(codePoint)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ME:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_PC:
        return true;
    default:
        return isEnclosedLetter || codePoint == kNonJoiner || codePoint == kJoiner;
    }
}

} // namespace dubito::tokenizer
