// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/tokenizer/Pattern.h"

#include "backend/base/Check.h"
#include "backend/tokenizer/PatternDialect.h"
#include "backend/tokenizer/Utf8.h"

#include <fmt/format.h>

#include <array>
#include <utility>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

namespace dubito::tokenizer {

namespace {

constexpr std::size_t kLongestExpression = std::size_t { 32 } << 10;
constexpr std::uint32_t kHeapKiB = 128 * 1024;

/// How many steps a search may take: nearly all need the first; a line of 100,000 blanks needs the second.
constexpr std::array<std::uint32_t, 3> kSteps { 1U << 13, 1U << 19, 1U << 23 };

/// What failed searches of one Finder may cost together: well below a second.
constexpr std::int64_t kStepsInAll = std::int64_t { 1 } << 25;

std::string pcreMessage(int number)
{
    std::array<PCRE2_UCHAR, 256> text {};
    pcre2_get_error_message(number, text.data(), text.size());
    return reinterpret_cast<const char*>(text.data());
}

PCRE2_SPTR units(std::string_view text) { return reinterpret_cast<PCRE2_SPTR>(text.data()); }

/// Line feed alone ends a line and ^ $ know lines, as in the library that the files were made with.
pcre2_code* compile(std::string_view expression, int& number, std::size_t& offset)
{
    struct FreeContext {
        void operator()(pcre2_compile_context* context) const { pcre2_compile_context_free(context); }
    };
    const std::unique_ptr<pcre2_compile_context, FreeContext> context(pcre2_compile_context_create(nullptr));
    CHECK(context != nullptr, "no memory for a pattern");
    pcre2_set_newline(context.get(), PCRE2_NEWLINE_LF);
    pcre2_set_parens_nest_limit(context.get(), 100);
    constexpr std::uint32_t kOptions = PCRE2_UTF | PCRE2_UCP | PCRE2_MULTILINE | PCRE2_NEVER_BACKSLASH_C;
    return pcre2_compile(units(expression), expression.size(), kOptions, &number, &offset, context.get());
}

} // namespace

void Pattern::FreeCode::operator()(pcre2_real_code_8* code) const { pcre2_code_free(code); }
void Finder::FreeData::operator()(pcre2_real_match_data_8* data) const { pcre2_match_data_free(data); }
void Finder::FreeContext::operator()(pcre2_real_match_context_8* context) const { pcre2_match_context_free(context); }

Pattern Pattern::literal(std::string text)
{
    Pattern pattern;
    pattern.m_literal = std::move(text);
    return pattern;
}

Result<Pattern> Pattern::regex(std::string_view expression)
{
    if (expression.size() > kLongestExpression) {
        return Error { ErrorCode::Model,
            fmt::format("is a pattern of {} bytes; {} are allowed", expression.size(), kLongestExpression), {} };
    }
    const auto respelled = toPcre(expression);
    if (!respelled) {
        return respelled.error();
    }
    int number = 0;
    std::size_t offset = 0;
    Pattern pattern;
    pattern.m_code.reset(compile(*respelled, number, offset));
    if (pattern.m_code == nullptr) {
        return Error { ErrorCode::Model,
            fmt::format("the pattern \"{}\" cannot be read: {}", expression, pcreMessage(number)), {} };
    }
    // Where the machine has no JIT the interpreter finds the same.
    pcre2_jit_compile(pattern.m_code.get(), PCRE2_JIT_COMPLETE);
    return pattern;
}

Pattern Pattern::read(const JsonPart& part)
{
    if (part.has("String")) {
        return literal(part.text("String"));
    }
    if (!part.has("Regex")) {
        part.refuse("must be {\"String\": …} or {\"Regex\": …}");
        return {};
    }
    auto pattern = regex(part.text("Regex"));
    if (!pattern) {
        part.at("Regex").refuse("cannot be used: " + pattern.error().message);
        return {};
    }
    return std::move(*pattern);
}

Finder::Finder(const Pattern& pattern)
    : m_pattern(&pattern)
    , m_stepsLeft(kStepsInAll)
{
    if (pattern.m_code != nullptr) {
        m_data.reset(pcre2_match_data_create(1, nullptr));
        m_context.reset(pcre2_match_context_create(nullptr));
        CHECK(m_data != nullptr && m_context != nullptr, "no memory for a search");
        pcre2_set_heap_limit(m_context.get(), kHeapKiB);
    }
}

std::size_t Finder::behindCharacter(std::string_view text, std::size_t at) { return at + characterAt(text, at).bytes; }

int Finder::match(std::string_view text, std::size_t from, std::uint32_t steps)
{
    const auto run = [&](std::uint32_t options) {
        return pcre2_match(m_pattern->m_code.get(), units(text), text.size(), from, options | PCRE2_NO_UTF_CHECK,
            m_data.get(), m_context.get());
    };
    pcre2_set_match_limit(m_context.get(), steps);
    const int answer = run(0);
    // Compiled code has a small stack; the interpreter keeps its own on the heap.
    return answer == PCRE2_ERROR_JIT_STACKLIMIT ? run(PCRE2_NO_JIT) : answer;
}

std::optional<TextRange> Finder::next(std::string_view text, std::size_t from)
{
    if (m_data == nullptr) {
        const auto begin = text.find(m_pattern->m_literal, from);
        return begin == std::string_view::npos
            ? std::nullopt
            : std::optional(TextRange { begin, begin + m_pattern->m_literal.size() });
    }
    for (const std::uint32_t steps : kSteps) {
        if (m_gaveUp) {
            break;
        }
        const int answer = match(text, from, steps);
        if (answer == PCRE2_ERROR_NOMATCH) {
            return std::nullopt;
        }
        if (answer >= 0) {
            const auto* range = pcre2_get_ovector_pointer(m_data.get());
            return TextRange { range[0], range[1] };
        }
        m_stepsLeft -= steps;
        m_gaveUp = m_stepsLeft < 0;
    }
    m_gaveUp = true;
    return std::nullopt;
}

} // namespace dubito::tokenizer
