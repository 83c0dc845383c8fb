// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/provenance/PublicationDate.h"

#include <fmt/format.h>

#include <array>

namespace dubito::provenance {

namespace {

using symbol::isDigit;
using symbol::isSpace;
using symbol::isWord;

constexpr std::size_t kHeadCharacters = 2000;
constexpr std::int64_t kEarliest = 1500;
constexpr std::int64_t kLatest = 2030;

struct Place {
    std::int64_t year = 0;
    std::size_t begin = 0;
    std::size_t end = 0;
};

/// The number at four digits, or nothing.
std::optional<std::int64_t> fourDigits(std::string_view text, std::size_t at)
{
    if (at + 4 > text.size()) {
        return std::nullopt;
    }
    std::int64_t year = 0;
    for (const char c : text.substr(at, 4)) {
        if (!isDigit(c)) {
            return std::nullopt;
        }
        year = year * 10 + symbol::digitValue(c);
    }
    return year;
}

bool isBetween(char c, char low, char high) { return c >= low && c <= high; }

/// 1[0-9]{3}|20[0-2][0-9]
bool isYearInMetadata(std::string_view digits)
{
    const bool first = digits[0] == '1' && isBetween(digits[1], '0', '9') && isBetween(digits[2], '0', '9');
    const bool second = digits[0] == '2' && digits[1] == '0' && isBetween(digits[2], '0', '2');
    return (first || second) && isBetween(digits[3], '0', '9');
}

/// 1[89]\d{2}|20[0-2]\d
bool isYearInText(std::string_view digits)
{
    const bool first = digits[0] == '1' && isBetween(digits[1], '8', '9');
    const bool second = digits[0] == '2' && digits[1] == '0' && isBetween(digits[2], '0', '2');
    return first || second;
}

/// The first four digits that stand alone and that `accepts` takes.
std::optional<Place> firstYear(std::string_view text, bool (*accepts)(std::string_view digits))
{
    for (std::size_t at = 0; at + 4 <= text.size(); ++at) {
        const bool begins = at == 0 || !isWord(text[at - 1]);
        const bool ends = at + 4 == text.size() || !isWord(text[at + 4]);
        if (!begins || !ends) {
            continue;
        }
        if (const auto year = fourDigits(text, at); year && accepts(text.substr(at, 4))) {
            return Place { *year, at, at + 4 };
        }
    }
    return std::nullopt;
}

bool startsWith(std::string_view text, std::size_t at, std::string_view word)
{
    if (text.size() - at < word.size()) {
        return false;
    }
    for (std::size_t i = 0; i < word.size(); ++i) {
        if (!symbol::isSameLetter(text[at + i], word[i])) {
            return false;
        }
    }
    return true;
}

std::size_t behindSpaces(std::string_view text, std::size_t at)
{
    while (at < text.size() && isSpace(text[at])) {
        ++at;
    }
    return at;
}

/// How long the word is that announces a date at this place; 0 when there is none.
std::size_t announcementAt(std::string_view text, std::size_t at)
{
    if (static_cast<unsigned char>(text[at]) == symbol::kCopyright) {
        return 1;
    }
    for (const std::string_view word : { "copyright", "published", "written" }) {
        if (startsWith(text, at, word)) {
            return word.size();
        }
    }
    return 0;
}

/// (?:copyright|©|published|written)\s*(?:in\s*)?(\d{4})
std::optional<Place> announcedYear(std::string_view text)
{
    for (std::size_t begin = 0; begin < text.size(); ++begin) {
        const std::size_t length = announcementAt(text, begin);
        if (length == 0) {
            continue;
        }
        std::size_t at = behindSpaces(text, begin + length);
        if (startsWith(text, at, "in")) {
            at = behindSpaces(text, at + 2);
        }
        if (const auto year = fourDigits(text, at)) {
            return Place { *year, begin, at + 4 };
        }
    }
    return std::nullopt;
}

std::optional<std::int64_t> yearOf(const data::YearText& given)
{
    if (const auto* whole = std::get_if<std::int64_t>(&given)) {
        return *whole;
    }
    if (const auto* text = std::get_if<std::string>(&given)) {
        if (const auto place = firstYear(FoldedText(*text).characters(), isYearInMetadata)) {
            return place->year;
        }
    }
    return std::nullopt;
}

bool isPlausible(const std::optional<Place>& place)
{
    return place && place->year >= kEarliest && place->year <= kLatest;
}

} // namespace

std::optional<FoundYear> compatYear(const data::Document& document, const FoldedText& text)
{
    struct Row {
        std::string_view name;
        const data::YearText& given;
    };
    const std::array<Row, 4> rows { { { "year", document.year }, { "date", document.date },
        { "publication_date", document.publicationDate }, { "published", document.published } } };
    for (const Row& row : rows) {
        if (const auto year = yearOf(row.given)) {
            return FoundYear { *year, fmt::format("{}: {}", row.name, *year), std::nullopt };
        }
    }
    const std::string_view head = text.characters().substr(0, kHeadCharacters);
    auto place = announcedYear(head);
    if (!isPlausible(place)) {
        place = firstYear(head, isYearInText);
    }
    if (!isPlausible(place)) {
        return std::nullopt;
    }
    return FoundYear { place->year, std::to_string(place->year), text.bytesOfCharacters(place->begin, place->end) };
}

} // namespace dubito::provenance
