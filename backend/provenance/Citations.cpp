// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/provenance/Citations.h"

#include "backend/provenance/FoldedText.h"

namespace dubito::provenance {

namespace {

using symbol::isDigit;
using symbol::isSpace;
using symbol::isWord;

constexpr std::size_t kNone = std::string_view::npos;

/// Reads forward from a place; never past the end.
class Reader {
public:
    Reader(std::string_view text, std::size_t at)
        : m_text(text)
        , m_at(at)
    {
    }

    std::size_t at() const { return m_at; }

    template <typename Belongs>
    std::size_t skip(const Belongs& belongs)
    {
        const std::size_t begin = m_at;
        while (m_at < m_text.size() && belongs(m_text[m_at])) {
            ++m_at;
        }
        return m_at - begin;
    }

    bool take(char c)
    {
        const bool fits = m_at < m_text.size() && m_text[m_at] == c;
        m_at += fits ? 1 : 0;
        return fits;
    }

    bool takeWord(std::string_view letters)
    {
        if (m_text.size() - m_at < letters.size()) {
            return false;
        }
        for (std::size_t i = 0; i < letters.size(); ++i) {
            if (!symbol::isSameLetter(m_text[m_at + i], letters[i])) {
                return false;
            }
        }
        m_at += letters.size();
        return true;
    }

    bool takeFourDigits()
    {
        for (std::size_t i = 0; i < 4; ++i) {
            if (m_at + i >= m_text.size() || !isDigit(m_text[m_at + i])) {
                return false;
            }
        }
        m_at += 4;
        return true;
    }

private:
    std::string_view m_text;
    std::size_t m_at;
};

/// Each form returns the end of its match that begins at `begin`, or kNone.

/// \[\d+\]
std::size_t numberInBrackets(std::string_view text, std::size_t begin)
{
    Reader reader(text, begin);
    return reader.take('[') && reader.skip(isDigit) > 0 && reader.take(']') ? reader.at() : kNone;
}

enum class Comma : std::uint8_t { Allowed, Refused };

/// Name and year between `open` and `close`: \w+ ,? \s* \d{4}, where the year may also be the end of the word itself.
std::size_t nameAndYear(std::string_view text, std::size_t begin, std::string_view brackets, Comma comma)
{
    Reader reader(text, begin);
    if (!reader.take(brackets[0])) {
        return kNone;
    }
    const std::size_t length = reader.skip(isWord);
    if (length == 0) {
        return kNone;
    }
    if (length > 4 && Reader(text, reader.at() - 4).takeFourDigits() && Reader(text, reader.at()).take(brackets[1])) {
        return reader.at() + 1;
    }
    if (comma == Comma::Allowed) {
        reader.take(',');
    }
    reader.skip(isSpace);
    return reader.takeFourDigits() && reader.take(brackets[1]) ? reader.at() : kNone;
}

/// \(\w+,?\s*\d{4}\)
std::size_t nameInParentheses(std::string_view text, std::size_t begin)
{
    return nameAndYear(text, begin, "()", Comma::Allowed);
}

/// \[\w+\s*\d{4}\]
std::size_t nameInBrackets(std::string_view text, std::size_t begin)
{
    return nameAndYear(text, begin, "[]", Comma::Refused);
}

/// \(\w+\s+et\s+al\.?,?\s*\d{4}\)
std::size_t nameWithOthers(std::string_view text, std::size_t begin)
{
    Reader reader(text, begin);
    if (!reader.take('(') || reader.skip(isWord) == 0 || reader.skip(isSpace) == 0 || !reader.takeWord("et")
        || reader.skip(isSpace) == 0 || !reader.takeWord("al")) {
        return kNone;
    }
    reader.take('.');
    reader.take(',');
    reader.skip(isSpace);
    return reader.takeFourDigits() && reader.take(')') ? reader.at() : kNone;
}

/// ibid | op\.?\s*cit | loc\.?\s*cit
std::size_t latinReference(std::string_view text, std::size_t begin)
{
    Reader reader(text, begin);
    if (reader.takeWord("ibid")) {
        return reader.at();
    }
    if (!reader.takeWord("op") && !reader.takeWord("loc")) {
        return kNone;
    }
    reader.take('.');
    reader.skip(isSpace);
    return reader.takeWord("cit") ? reader.at() : kNone;
}

/// \d+\.\s+\w+,.*?\d{4}: a numbered list of references. The search for the year is shared by all beginnings on a line,
/// or a line of "1. a, 1. a, ..." would take quadratic time.
class NumberedReference {
public:
    explicit NumberedReference(std::string_view text)
        : m_text(text)
    {
    }

    std::size_t operator()(std::string_view, std::size_t begin)
    {
        if (!isDigit(m_text[begin]) || begin < m_hopelessBefore) {
            return kNone;
        }
        Reader reader(m_text, begin);
        reader.skip(isDigit);
        m_hopelessBefore = reader.at(); // a later digit of the same number would fare no better
        if (!reader.take('.') || reader.skip(isSpace) == 0 || reader.skip(isWord) == 0 || !reader.take(',')) {
            return kNone;
        }
        return yearFrom(reader.at());
    }

private:
    std::size_t yearFrom(std::size_t from)
    {
        if (from < m_searchedFrom || from > m_stop) {
            m_searchedFrom = from;
            m_stop = from;
            while (m_stop < m_text.size() && m_text[m_stop] != '\n' && !Reader(m_text, m_stop).takeFourDigits()) {
                ++m_stop;
            }
        }
        return Reader(m_text, m_stop).takeFourDigits() ? m_stop + 4 : kNone;
    }

    std::string_view m_text;
    std::size_t m_hopelessBefore = 0;
    std::size_t m_searchedFrom = 1; ///< [m_searchedFrom, m_stop) holds neither a year nor a line end;
    std::size_t m_stop = 0;         ///< nothing was searched yet
};

template <typename Form>
void count(std::string_view text, Form form, Citations& citations)
{
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = form(text, begin);
        if (end == kNone) {
            ++begin;
            continue;
        }
        if (citations.count == 0 || begin < citations.firstBegin) {
            citations.firstBegin = begin;
            citations.firstEnd = end;
        }
        ++citations.count;
        begin = end;
    }
}

} // namespace

Citations countCitations(std::string_view characters)
{
    Citations citations;
    count(characters, numberInBrackets, citations);
    count(characters, nameInParentheses, citations);
    count(characters, nameWithOthers, citations);
    count(characters, nameInBrackets, citations);
    count(characters, latinReference, citations);
    count(characters, NumberedReference(characters), citations);
    return citations;
}

} // namespace dubito::provenance
