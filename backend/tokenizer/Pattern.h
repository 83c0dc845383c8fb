// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Error.h"
#include "backend/tokenizer/JsonPart.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct pcre2_real_code_8;
struct pcre2_real_match_context_8;
struct pcre2_real_match_data_8;

namespace dubito::tokenizer {

/// Bytes [begin, end) of some text.
struct TextRange {
    std::size_t begin = 0;
    std::size_t end = 0;

    friend bool operator==(const TextRange&, const TextRange&) = default;
};

/// What a Split or Replace looks for: a literal text, or a regular expression over Unicode characters.
///
/// Immutable; any number of threads may search with it at once, each with a Finder of its own.
class Pattern {
public:
    /// Reads {"String": …} or {"Regex": …}; anything else, and an expression that cannot be compiled, is refused.
    static Pattern read(const JsonPart& part);

    static Pattern literal(std::string text);

    /// An Error that quotes the expression when it cannot be compiled.
    static Result<Pattern> regex(std::string_view expression);

    /// True for the empty literal, which is found everywhere.
    bool isEmpty() const { return m_code == nullptr && m_literal.empty(); }

private:
    friend class Finder;

    struct FreeCode {
        void operator()(pcre2_real_code_8* code) const;
    };

    Pattern() = default;

    std::string m_literal; // in force when there is no code
    std::unique_ptr<pcre2_real_code_8, FreeCode> m_code;
};

/// Searches texts for one Pattern, which must outlive it. Belongs to one thread; make one per encoding, not per piece.
///
/// An expression that would search without end (they exist: "(a*)*b") is given a bounded number of steps for the life
/// of the finder. After that nothing is found any more, and gaveUp() says so.
class Finder {
public:
    explicit Finder(const Pattern& pattern);

    /// Calls `found` for every match from left to right. Matches do not overlap; an empty one right behind another is
    /// left out. Requires: `text` is well-formed UTF-8.
    template <typename Found>
    void eachMatch(std::string_view text, Found found)
    {
        std::size_t from = 0;
        std::size_t lastEnd = std::string_view::npos;
        while (const auto match = next(text, from)) {
            if (match->begin == match->end && match->end == lastEnd) {
                if (from >= text.size()) {
                    return;
                }
                from = behindCharacter(text, from);
            } else {
                found(*match);
                from = lastEnd = match->end;
            }
        }
    }

    bool gaveUp() const { return m_gaveUp; }

private:
    struct FreeData {
        void operator()(pcre2_real_match_data_8* data) const;
    };
    struct FreeContext {
        void operator()(pcre2_real_match_context_8* context) const;
    };

    static std::size_t behindCharacter(std::string_view text, std::size_t at);

    /// The first match that begins at `from` or later.
    std::optional<TextRange> next(std::string_view text, std::size_t from);
    int match(std::string_view text, std::size_t from, std::uint32_t steps);

    const Pattern* m_pattern;
    std::unique_ptr<pcre2_real_match_data_8, FreeData> m_data;
    std::unique_ptr<pcre2_real_match_context_8, FreeContext> m_context;
    std::int64_t m_stepsLeft;
    bool m_gaveUp = false;
};

} // namespace dubito::tokenizer
