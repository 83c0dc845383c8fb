// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/tokenizer/PatternDialect.h"

#include <fmt/format.h>

#include <cstddef>
#include <optional>

namespace dubito::tokenizer {

namespace {

// Contents of character classes. A property comes last, so that a hyphen behind it stays a hyphen.
constexpr std::string_view kSpace = R"(\x09-\x0d\x{85}\p{Z})";
constexpr std::string_view kWord = R"(\p{Alphabetic}\p{M}\p{Nd}\p{Pc})";

/// Walks once over the pattern, outside and inside of classes.
class Respelling {
public:
    explicit Respelling(std::string_view pattern)
        : m_pattern(pattern)
    {
        m_result.reserve(2 * pattern.size());
    }

    Result<std::string> run()
    {
        while (m_at < m_pattern.size() && !m_problem) {
            if (m_pattern[m_at] == '\\' && m_at + 1 < m_pattern.size()) {
                takeEscape(m_pattern[m_at + 1]);
            } else if (m_isInClass) {
                takeInClass();
            } else {
                takeOutside();
            }
        }
        if (m_problem) {
            return Error { ErrorCode::Model, *m_problem, {} };
        }
        return std::move(m_result);
    }

private:
    void copy(std::size_t count)
    {
        m_result += m_pattern.substr(m_at, count);
        m_at += count;
    }

    bool isNext(std::string_view text) const { return m_pattern.substr(m_at).starts_with(text); }

    void refuse(std::string_view what)
    {
        m_problem = fmt::format(
            "the pattern \"{}\" uses {} at character {}, which is not supported", m_pattern, what, m_at + 1);
    }

    void takeSet(std::string_view set)
    {
        m_result += m_isInClass ? std::string(set) : fmt::format("[{}]", set);
        m_at += 2;
    }

    void takeAbsence(std::string_view set)
    {
        if (m_isInClass) {
            refuse(fmt::format("\\{} inside a character class", m_pattern[m_at + 1]));
            return;
        }
        m_result += fmt::format("[^{}]", set);
        m_at += 2;
    }

    void takeWordBorder(std::string_view before, std::string_view behind)
    {
        m_result += fmt::format("(?:(?<=[{0}])(?{1}[{0}])|(?<![{0}])(?{2}[{0}]))", kWord, before, behind);
        m_at += 2;
    }

    void takeEscape(char letter)
    {
        switch (letter) {
        case 's':
            return takeSet(kSpace);
        case 'S':
            // PCRE2's own \S lacks only U+180E, which lets it stand in a class, negated or not.
            return m_isInClass ? takeSet(R"(\S\x{180e})") : takeAbsence(kSpace);
        case 'w':
            return takeSet(kWord);
        case 'W':
            return takeAbsence(kWord);
        case 'h':
            return takeSet("0-9A-Fa-f");
        case 'H':
            return takeAbsence("0-9A-Fa-f");
        case 'b':
            return m_isInClass ? copy(2) : takeWordBorder("!", "=");
        case 'B':
            return m_isInClass ? copy(2) : takeWordBorder("=", "!");
        default:
            return copy(2);
        }
    }

    void takeInClass()
    {
        if (isNext("[:")) {
            const auto end = m_pattern.find(":]", m_at);
            copy(end == std::string_view::npos ? 1 : end + 2 - m_at);
        } else if (isNext("[")) {
            refuse("a character class inside a character class");
        } else if (isNext("&&")) {
            refuse("an intersection of character classes");
        } else {
            m_isInClass = !isNext("]");
            copy(1);
        }
    }

    void takeOutside()
    {
        if (isNext("[")) {
            m_isInClass = true;
            copy(1);
            if (isNext("^")) {
                copy(1);
            }
            if (isNext("]")) {
                copy(1); // a bracket at the very beginning is itself
            }
        } else if (isNext("(?") && hasFlagM()) {
            refuse("the flag m");
        } else {
            copy(1);
        }
    }

    /// Whether the group at the cursor begins with switches such as (?mi: … among which is m.
    bool hasFlagM() const
    {
        const auto flags = m_pattern.substr(m_at + 2);
        const auto end = flags.find_first_not_of("imsx-");
        const bool isSwitch = end != std::string_view::npos && (flags[end] == ':' || flags[end] == ')');
        return isSwitch && flags.substr(0, end).find('m') != std::string_view::npos;
    }

    std::string_view m_pattern;
    std::size_t m_at = 0;
    bool m_isInClass = false;
    std::string m_result;
    std::optional<std::string> m_problem;
};

} // namespace

Result<std::string> toPcre(std::string_view pattern) { return Respelling(pattern).run(); }

} // namespace dubito::tokenizer
