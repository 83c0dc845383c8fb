// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/base/Text.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <vector>

namespace dubito {

namespace {

template <typename Number>
std::optional<Number> parseWhole(std::string_view text)
{
    text = trimmed(text);
    if (text.starts_with('+')) {
        text.remove_prefix(1);
    }
    Number value {};
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (problem != std::errc() || end != text.data() + text.size()) {
        return std::nullopt;
    }
    return value;
}

std::size_t editDistance(std::string_view a, std::string_view b)
{
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) {
        row[j] = j;
    }
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({ replaced, row[j] + 1, row[j - 1] + 1 });
        }
    }
    return row[b.size()];
}

std::string printed(const char* format, double value)
{
    std::array<char, 64> text {};
    std::snprintf(text.data(), text.size(), format, value);
    return text.data();
}

struct CodePoint {
    std::uint32_t value = 0;
    std::size_t bytes = 0; ///< 0: no UTF-8 here
};

/// The code point at the start of `text`; overlong forms and surrogates are none.
CodePoint firstCodePoint(std::string_view text)
{
    const auto byteAt = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(text[i])); };
    const std::uint32_t first = byteAt(0);
    if (first < 0x80) {
        return { first, 1 };
    }
    const std::size_t bytes = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || text.size() < bytes) {
        return {};
    }
    std::uint32_t value = first & (0x7FU >> bytes);
    for (std::size_t i = 1; i < bytes; ++i) {
        if ((byteAt(i) & 0xC0U) != 0x80U) {
            return {};
        }
        value = value << 6U | (byteAt(i) & 0x3FU);
    }
    constexpr std::array<std::uint32_t, 5> kSmallest { 0, 0, 0x80, 0x800, 0x10000 };
    if (value < kSmallest[bytes] || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) {
        return {};
    }
    return { value, bytes };
}

bool isUnsafe(std::uint32_t value)
{
    const bool control = value < 0x20 || (value >= 0x7F && value < 0xA0) || value == 0x2028 || value == 0x2029;
    const bool turnsDirection = (value >= 0x202A && value <= 0x202E) || (value >= 0x2066 && value <= 0x2069);
    return control || turnsDirection;
}

std::string escape(std::uint32_t value)
{
    switch (value) {
    case '\n':
        return "\\n";
    case '\r':
        return "\\r";
    case '\t':
        return "\\t";
    default: {
        std::array<char, 16> text {};
        std::snprintf(text.data(), text.size(), value < 0x100 ? "\\x%02x" : "\\u{%04x}", static_cast<unsigned>(value));
        return text.data();
    }
    }
}

} // namespace

std::string bytesToText(std::int64_t bytes)
{
    const double size = static_cast<double>(bytes < 0 ? -bytes : bytes);
    const std::string sign = bytes < 0 ? "-" : "";
    if (size >= static_cast<double>(kGiB)) {
        return sign + printed("%.2f GiB", size / static_cast<double>(kGiB));
    }
    if (size >= static_cast<double>(kMiB)) {
        return sign + printed(size < 10.0 * static_cast<double>(kMiB) ? "%.1f MiB" : "%.0f MiB", size / static_cast<double>(kMiB));
    }
    return sign + printed("%.0f KiB", size / 1024.0);
}

std::string countToText(std::int64_t count)
{
    std::string digits = std::to_string(count);
    const std::ptrdiff_t first = count < 0 ? 1 : 0;
    for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > first; at -= 3) {
        digits.insert(static_cast<std::size_t>(at), ",");
    }
    return digits;
}

std::string countOf(std::int64_t count, std::string_view noun)
{
    return countToText(count) + ' ' + std::string(noun) + (count == 1 ? "" : "s");
}

std::string durationToText(double seconds)
{
    const auto whole = static_cast<std::int64_t>(std::llround(std::max(0.0, std::isfinite(seconds) ? seconds : 0.0)));
    const std::int64_t days = whole / 86400;
    std::array<char, 64> text {};
    const auto hour = static_cast<int>(whole / 3600 % 24);
    const auto minute = static_cast<int>(whole / 60 % 60);
    const auto second = static_cast<int>(whole % 60);
    if (days > 0) {
        std::snprintf(text.data(), text.size(), "%lld d %02d:%02d", static_cast<long long>(days), hour, minute);
    } else if (hour > 0) {
        std::snprintf(text.data(), text.size(), "%d:%02d:%02d", hour, minute, second);
    } else {
        std::snprintf(text.data(), text.size(), "%d:%02d", minute, second);
    }
    return text.data();
}

std::string exactNumber(double value)
{
    if (!std::isfinite(value)) {
        return "null";
    }
    if (value == 0 && std::signbit(value)) {
        return "-0.0"; // "-0" is a whole number to most readers, and those have one zero
    }
    std::array<char, 32> text {};
    const auto [end, problem] = std::to_chars(text.data(), text.data() + text.size(), value);
    return problem == std::errc() ? std::string(text.data(), end) : "null";
}

std::int64_t toWholeNumber(double value)
{
    constexpr double kLargest = 9007199254740992.0;
    return std::isnan(value) ? 0 : static_cast<std::int64_t>(std::clamp(value, -kLargest, kLargest));
}

std::optional<double> parseNumber(std::string_view text) { return parseWhole<double>(text); }
std::optional<std::int64_t> parseInteger(std::string_view text) { return parseWhole<std::int64_t>(text); }

std::optional<bool> parseSwitch(std::string_view text)
{
    std::string word(trimmed(text));
    std::ranges::transform(word, word.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    for (const std::string_view yes : { "true", "yes", "on", "1" }) {
        if (word == yes) {
            return true;
        }
    }
    for (const std::string_view no : { "false", "no", "off", "0" }) {
        if (word == no) {
            return false;
        }
    }
    return std::nullopt;
}

std::optional<std::string_view> nearestWord(std::string_view word, std::span<const std::string_view> known)
{
    std::optional<std::string_view> nearest;
    std::size_t best = std::max<std::size_t>(2, word.size() / 3) + 1;
    for (const auto candidate : known) {
        const std::size_t distance = editDistance(word, candidate);
        if (distance < best) {
            best = distance;
            nearest = candidate;
        }
    }
    return nearest;
}

std::string_view trimmed(std::string_view text)
{
    constexpr std::string_view kBlank = " \t\r\n\f\v";
    const auto first = text.find_first_not_of(kBlank);
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

int jsonDepth(std::string_view json)
{
    int depth = 0;
    int deepest = 0;
    bool isInText = false;
    for (std::size_t i = 0; i < json.size(); ++i) {
        const char c = json[i];
        if (isInText) {
            i += c == '\\' ? 1 : 0;
            isInText = c != '"';
        } else if (c == '"') {
            isInText = true;
        } else if (c == '[' || c == '{') {
            deepest = std::max(deepest, ++depth);
        } else if (c == ']' || c == '}') {
            --depth;
        }
    }
    return deepest;
}

std::string escaped(std::string_view text)
{
    std::string result;
    result.reserve(text.size());
    while (!text.empty()) {
        const CodePoint point = firstCodePoint(text);
        const std::size_t taken = point.bytes == 0 ? 1 : point.bytes;
        if (point.bytes == 0) {
            result += escape(static_cast<unsigned char>(text.front()));
        } else if (isUnsafe(point.value)) {
            result += escape(point.value);
        } else {
            result += text.substr(0, taken);
        }
        text.remove_prefix(taken);
    }
    return result;
}

std::string quoted(std::string_view text, std::size_t atMost)
{
    if (text.size() <= atMost) {
        return '"' + escaped(text) + '"';
    }
    std::size_t end = atMost;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) {
        --end; // not in the middle of a character
    }
    return '"' + escaped(text.substr(0, end)) + "…\"";
}

} // namespace dubito
