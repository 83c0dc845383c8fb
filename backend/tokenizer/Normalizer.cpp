// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/tokenizer/Normalizer.h"

#include "backend/base/Check.h"
#include "backend/tokenizer/Utf8.h"

#include <fmt/format.h>
#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <utility>

namespace dubito::tokenizer {

namespace {

template <typename... Cases>
struct Overload : Cases... {
    using Cases::operator()...;
};
template <typename... Cases>
Overload(Cases...) -> Overload<Cases...>;

/// Below this code point a text already has the form.
char32_t firstConcerned(NormalForm form) { return form == NormalForm::Nfc ? 0x300 : 0x80; }

utf8proc_option_t optionsOf(NormalForm form)
{
    const bool composes = form == NormalForm::Nfc || form == NormalForm::Nfkc;
    const bool isCompatible = form == NormalForm::Nfkc || form == NormalForm::Nfkd;
    return static_cast<utf8proc_option_t>(
        UTF8PROC_STABLE | (composes ? UTF8PROC_COMPOSE : UTF8PROC_DECOMPOSE) | (isCompatible ? UTF8PROC_COMPAT : 0));
}

std::vector<utf8proc_int32_t> decompose(std::string_view text, utf8proc_option_t options)
{
    std::array<utf8proc_int32_t, 64> parts {}; // the longest decomposition has 18
    std::vector<utf8proc_int32_t> points;
    points.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const Character character = characterAt(text, at);
        const auto count = utf8proc_decompose_char(
            static_cast<utf8proc_int32_t>(character.codePoint), parts.data(), parts.size(), options, nullptr);
        CHECK(count > 0 && static_cast<std::size_t>(count) <= parts.size(), "a character that cannot be decomposed");
        points.insert(points.end(), parts.begin(), parts.begin() + count);
        at += character.bytes;
    }
    return points;
}

auto combiningClass(utf8proc_int32_t point) { return utf8proc_get_property(point)->combining_class; }

/// The canonical order of marks. Not left to utf8proc, whose insertion sort is quadratic on a long run of them.
void orderMarks(std::vector<utf8proc_int32_t>& points)
{
    const auto isStarter = [](utf8proc_int32_t point) { return combiningClass(point) == 0; };
    for (auto first = points.begin(); first != points.end();) {
        first = std::find_if_not(first, points.end(), isStarter);
        const auto last = std::find_if(first, points.end(), isStarter);
        std::stable_sort(first, last, [](auto a, auto b) { return combiningClass(a) < combiningClass(b); });
        first = last;
    }
}

void strip(std::string& text, const bool& left, const bool& right)
{
    std::size_t begin = 0;
    std::size_t end = 0;
    for (std::size_t at = 0; at < text.size();) {
        const Character character = characterAt(text, at);
        const bool isBlank = isWhiteSpace(character.codePoint);
        at += character.bytes;
        if (!isBlank) {
            end = at;
        } else if (end == 0) {
            begin = at;
        }
    }
    text.erase(right ? end : text.size());
    text.erase(0, left ? std::min(begin, text.size()) : 0);
}

} // namespace

std::string toNormalForm(std::string_view text, NormalForm form)
{
    const auto isConcerned = [form](char c) {
        // U+0300 is spelled CC 80, and no character below it begins with a byte as high.
        return static_cast<unsigned char>(c) >= (firstConcerned(form) == 0x80 ? 0x80 : 0xCC);
    };
    if (std::none_of(text.begin(), text.end(), isConcerned)) {
        return std::string(text);
    }
    const utf8proc_option_t options = optionsOf(form);
    std::vector<utf8proc_int32_t> points = decompose(text, options);
    orderMarks(points);
    const auto count = utf8proc_normalize_utf32(points.data(), static_cast<utf8proc_ssize_t>(points.size()), options);
    CHECK(count >= 0, "a text that cannot be composed");
    std::string normal;
    normal.reserve(text.size());
    for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
        appendCharacter(normal, static_cast<char32_t>(points[i]));
    }
    return normal;
}

std::string toLowercase(std::string_view text)
{
    constexpr char32_t kDottedCapitalI = 0x130;
    std::string lower;
    lower.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const Character character = characterAt(text, at);
        at += character.bytes;
        if (character.codePoint == kDottedCapitalI) {
            lower += "i\xCC\x87"; // the only character with a lower case of two
        } else {
            const auto point = utf8proc_tolower(static_cast<utf8proc_int32_t>(character.codePoint));
            appendCharacter(lower, static_cast<char32_t>(point));
        }
    }
    return lower;
}

bool replaceAll(std::string& text, const Pattern& pattern, std::string_view content, std::size_t atMost)
{
    Finder finder(pattern);
    std::string changed;
    std::size_t done = 0;
    bool isChanged = false;
    finder.eachMatch(text, [&](TextRange match) {
        if (changed.size() <= atMost) {
            changed.append(text, done, match.begin - done).append(content);
        }
        done = match.end;
        isChanged = true;
    });
    if (changed.size() + text.size() - done > atMost) {
        return false;
    }
    if (isChanged) {
        changed.append(text, done, std::string::npos);
        text = std::move(changed);
    }
    return !finder.gaveUp();
}

Pattern readReplacePattern(const JsonPart& part)
{
    Pattern pattern = Pattern::read(part.at("pattern"));
    if (pattern.isEmpty()) {
        part.at("pattern").refuse("must not be empty: the empty text is found everywhere");
    }
    return pattern;
}

Normalizer Normalizer::read(const JsonPart& part)
{
    Normalizer normalizer;
    if (!part.isNull()) {
        normalizer.append(part);
    }
    return normalizer;
}

void Normalizer::append(const JsonPart& part)
{
    const std::string type = part.type();
    if (m_steps.size() >= JsonPart::kMostSteps) {
        part.refuse(fmt::format("is one step too many; {} are allowed", JsonPart::kMostSteps));
    } else if (type == "Sequence") {
        for (const JsonPart& step : part.list("normalizers")) {
            append(step);
        }
    } else if (type == "NFC") {
        m_steps.emplace_back(NormalForm::Nfc);
    } else if (type == "NFD") {
        m_steps.emplace_back(NormalForm::Nfd);
    } else if (type == "NFKC") {
        m_steps.emplace_back(NormalForm::Nfkc);
    } else if (type == "NFKD") {
        m_steps.emplace_back(NormalForm::Nfkd);
    } else if (type == "Lowercase") {
        m_steps.emplace_back(Lowercase {});
    } else if (type == "Strip") {
        m_steps.emplace_back(Strip { part.isOnUnlessSaid("strip_left"), part.isOnUnlessSaid("strip_right") });
    } else if (type == "Prepend") {
        m_steps.emplace_back(Prepend { part.insertion("prepend") });
    } else if (type == "Replace") {
        m_steps.emplace_back(Replace { readReplacePattern(part), part.insertion("content") });
    } else {
        part.refuse(fmt::format("is a normalizer \"{}\", which is not supported", type));
    }
}

bool Normalizer::apply(std::string& text) const
{
    bool isWhole = true;
    const std::size_t atMost = mostBytes(text.size());
    const auto step = Overload {
        [&](NormalForm form) { text = toNormalForm(text, form); },
        [&](const Lowercase&) { text = toLowercase(text); },
        [&](const Strip& sides) { strip(text, sides.left, sides.right); },
        [&](const Prepend& prefix) { text.insert(0, text.empty() ? std::string() : prefix.text); },
        [&](const Replace& rule) { isWhole = replaceAll(text, rule.pattern, rule.content, atMost) && isWhole; },
    };
    for (const Step& next : m_steps) {
        std::visit(step, next);
    }
    return isWhole;
}

} // namespace dubito::tokenizer
