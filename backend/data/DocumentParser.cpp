// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/data/DocumentParser.h"

#include "backend/base/Text.h"
#include "backend/data/FieldNames.h"
#include "backend/data/LineReader.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <array>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

namespace dubito::data {

namespace {

namespace dom = simdjson::dom;

constexpr double kLargestAuthority = 0.99;
/// A parser larger than this is given back after the line that made it grow.
constexpr std::size_t kKeptLineBytes = std::size_t { 1 } << 20;

Error refused(std::string reason) { return { ErrorCode::Data, std::move(reason), {} }; }

std::string_view typeInWords(dom::element_type type)
{
    switch (type) {
    case dom::element_type::ARRAY:
        return "a list";
    case dom::element_type::OBJECT:
        return "an object";
    case dom::element_type::STRING:
        return "a string";
    case dom::element_type::BOOL:
        return "true or false";
    case dom::element_type::NULL_VALUE:
        return "null";
    default:
        return "a number";
    }
}

/// Python writes such lines, and no JSON parser has to read them.
bool holdsNonFinite(std::string_view line)
{
    bool inString = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (inString && line[i] == '\\') {
            ++i;
        } else if (line[i] == '"') {
            inString = !inString;
        } else if (!inString && (line.substr(i).starts_with("NaN") || line.substr(i).starts_with("Infinity"))) {
            return true;
        }
    }
    return false;
}

std::string reasonOf(simdjson::error_code code, std::string_view line)
{
    if (code != simdjson::UTF8_ERROR && holdsNonFinite(line)) {
        return "holds NaN or Infinity, which JSON does not know; write a number, or leave the field out";
    }
    switch (code) {
    case simdjson::UTF8_ERROR:
        return "is not valid UTF-8; convert the file to UTF-8";
    case simdjson::UNCLOSED_STRING:
        return "is cut: a string is not closed";
    case simdjson::UNESCAPED_CHARS:
        return "holds a control character inside a string; escape it (\\n, \\t, \\u....)";
    case simdjson::STRING_ERROR:
        return "holds an escape that JSON does not know, or half of a surrogate pair";
    case simdjson::NUMBER_ERROR:
        return "holds a number that JSON does not know, or one too large for a double";
    case simdjson::DEPTH_ERROR:
        return "is nested deeper than 1,024 levels";
    case simdjson::MEMALLOC:
        return "needs more memory than there is";
    default:
        return "is no valid JSON object; one object a line is wanted";
    }
}

bool isDigit(char c) { return c >= '0' && c <= '9'; }

/// The same line, but whole numbers wider than 64 bits are written as doubles ("e0" behind them): JSON allows them, the
/// parser does not, and they usually stand in a field that nobody reads.
std::string withWideIntegersAsDoubles(std::string_view line)
{
    constexpr std::size_t kNarrow = 18;
    std::string result;
    result.reserve(line.size() + 64 + LineReader::kPadding);
    bool inString = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        result.push_back(c);
        if (inString && c == '\\' && i + 1 < line.size()) {
            result.push_back(line[++i]);
        } else if (c == '"') {
            inString = !inString;
        } else if (!inString && isDigit(c)) {
            const std::size_t first = i;
            while (i + 1 < line.size() && isDigit(line[i + 1])) {
                result.push_back(line[++i]);
            }
            const char before = first == 0 ? ' ' : line[first - 1];
            const char after = i + 1 < line.size() ? line[i + 1] : ' ';
            const bool isWhole = std::string_view(".eE+").find(before) == std::string_view::npos
                && std::string_view(".eE").find(after) == std::string_view::npos;
            if (isWhole && i - first + 1 > kNarrow) {
                result += "e0";
            }
        }
    }
    return result;
}

std::optional<double> toNumber(const dom::element& value)
{
    switch (value.type()) {
    case dom::element_type::INT64:
        return static_cast<double>(value.get_int64().value_unsafe());
    case dom::element_type::UINT64:
        return static_cast<double>(value.get_uint64().value_unsafe());
    case dom::element_type::DOUBLE:
        return value.get_double().value_unsafe();
    default:
        return std::nullopt;
    }
}

/// Metadata as text: a string as it is, a number in digits, nothing for the rest.
std::optional<std::string> toMetadata(const dom::element& value)
{
    switch (value.type()) {
    case dom::element_type::STRING:
        return std::string(value.get_string().value_unsafe());
    case dom::element_type::INT64:
        return std::to_string(value.get_int64().value_unsafe());
    case dom::element_type::UINT64:
        return std::to_string(value.get_uint64().value_unsafe());
    case dom::element_type::DOUBLE:
        return exactNumber(value.get_double().value_unsafe());
    default:
        return std::nullopt;
    }
}

YearText toYear(const dom::element& value)
{
    if (value.type() == dom::element_type::INT64) {
        return value.get_int64().value_unsafe();
    }
    if (auto text = toMetadata(value)) {
        return std::move(*text);
    }
    return {};
}

std::vector<std::string> toEvidence(const dom::element& value)
{
    std::vector<std::string> roots;
    if (value.type() == dom::element_type::STRING) {
        roots.emplace_back(value.get_string().value_unsafe());
    } else if (value.type() == dom::element_type::ARRAY) {
        // A name of its own: the loop would outlive a temporary.
        const dom::array given = value.get_array().value_unsafe();
        for (const dom::element root : given) {
            if (auto text = toMetadata(root)) {
                roots.push_back(std::move(*text));
            }
        }
    }
    return roots;
}

/// What one line said, field by field, before it is judged as a whole.
struct Found {
    std::optional<std::string_view> text;
    std::optional<std::string_view> prompt;
    std::optional<std::string_view> completion;
    std::array<std::string_view, kFieldCount> keys {}; ///< the spelling that gave each field
    std::array<bool, kFieldCount> present {};

    bool has(Field field) const { return present[static_cast<std::size_t>(field)]; }
    std::string_view key(Field field) const { return keys[static_cast<std::size_t>(field)]; }
};

Error twice(std::string_view key) { return refused(fmt::format("gives \"{}\" twice, with different values", key)); }

Result<void> takeString(std::string_view key, const dom::element& value, std::optional<std::string_view>& target)
{
    if (value.type() != dom::element_type::STRING) {
        return refused(fmt::format("has {} as \"{}\"; a string is wanted", typeInWords(value.type()), key));
    }
    const std::string_view text = value.get_string().value_unsafe();
    if (target && *target != text) {
        return twice(key);
    }
    target = text;
    return {};
}

Result<void> takeLabel(std::string_view key, const dom::element& value, double largest, std::optional<double>& target)
{
    const auto number = toNumber(value);
    if (!number) {
        return refused(fmt::format("has {} as \"{}\"; a number is wanted", typeInWords(value.type()), key));
    }
    if (!std::isfinite(*number) || *number < 0 || *number > largest) {
        const std::string range = std::isfinite(largest) ? fmt::format("from 0 to {}", largest) : "0 or more";
        return refused(fmt::format("has {} = {}; it must be {}", key, *number, range));
    }
    if (target && *target != *number) {
        return twice(key);
    }
    target = number;
    return {};
}

void takeText(const dom::element& value, std::string& target)
{
    if (auto text = toMetadata(value); text && target.empty()) {
        target = std::move(*text);
    }
}

Result<void> takeField(Field field, std::string_view key, const dom::element& value, Found& found, Document& document)
{
    switch (field) {
    case Field::Text:
        return takeString(key, value, found.text);
    case Field::Prompt:
    case Field::Completion: {
        auto& target = field == Field::Prompt ? found.prompt : found.completion;
        // Beside a text these are columns of somebody else: only a string means ours.
        return value.type() == dom::element_type::STRING ? takeString(key, value, target) : Result<void> {};
    }
    case Field::Authority:
        return takeLabel(key, value, kLargestAuthority, document.authority);
    case Field::Entropy:
        return takeLabel(key, value, HUGE_VAL, document.entropy);
    case Field::Id:
        takeText(value, document.id);
        return {};
    case Field::Title:
        takeText(value, document.title);
        return {};
    case Field::SourceType:
        takeText(value, document.sourceType);
        return {};
    case Field::Publisher:
        takeText(value, document.publisher);
        return {};
    case Field::Source:
        takeText(value, document.source);
        return {};
    case Field::Url:
        takeText(value, document.url);
        return {};
    case Field::Year:
        document.year = toYear(value);
        return {};
    case Field::Date:
        document.date = toYear(value);
        return {};
    case Field::PublicationDate:
        document.publicationDate = toYear(value);
        return {};
    case Field::Published:
        document.published = toYear(value);
        return {};
    case Field::Evidence:
        document.evidence = toEvidence(value);
        return {};
    }
    return {};
}

Result<void> judgeLabels(const Found& found)
{
    if (found.has(Field::Authority) == found.has(Field::Entropy)) {
        return {};
    }
    const bool hasAuthority = found.has(Field::Authority);
    return refused(fmt::format("has \"{}\" but no {}; give both labels or neither",
        found.key(hasAuthority ? Field::Authority : Field::Entropy), hasAuthority ? "entropy" : "authority"));
}

Result<void> takeContent(const Found& found, std::string_view textName, Document& document)
{
    if (found.text) {
        document.text.assign(*found.text);
    } else if (found.completion) {
        const std::string_view prompt = found.prompt.value_or(std::string_view());
        document.text.assign(prompt);
        document.text.append(*found.completion);
        document.promptBytes = prompt.size();
    } else {
        return refused(fmt::format("has no \"{}\" (or \"prompt\" and \"completion\")", textName));
    }
    if (document.completion().empty()) {
        return refused("has no text to train on: it is empty");
    }
    return {};
}

void clear(Document& document)
{
    // Not `document = {}`: text, file and line keep what they have, the text also its capacity.
    document.text.clear();
    document.promptBytes = 0;
    document.authority.reset();
    document.entropy.reset();
    for (std::string* text :
        { &document.id, &document.title, &document.sourceType, &document.publisher, &document.source, &document.url }) {
        text->clear();
    }
    for (YearText* year : { &document.year, &document.date, &document.publicationDate, &document.published }) {
        *year = {};
    }
    document.evidence.clear();
}

} // namespace

struct DocumentParser::Parts {
    FieldNames names;
    dom::parser parser;
};

DocumentParser::DocumentParser(const config::DataFields& fields)
    : m_parts(std::make_unique<Parts>(Parts { FieldNames(fields), dom::parser() }))
{
}

DocumentParser::~DocumentParser() = default;
DocumentParser::DocumentParser(DocumentParser&&) noexcept = default;
DocumentParser& DocumentParser::operator=(DocumentParser&&) noexcept = default;

Result<void> DocumentParser::parse(std::string_view line, Document& document)
{
    clear(document);
    if (m_parts->parser.capacity() > kKeptLineBytes && line.size() <= kKeptLineBytes) {
        m_parts->parser = dom::parser();
    }
    auto parsed = m_parts->parser.parse(line.data(), line.size(), false);
    std::string widened;
    if (parsed.error() == simdjson::NUMBER_ERROR) {
        widened = withWideIntegersAsDoubles(line);
        parsed = m_parts->parser.parse(widened.data(), widened.size(), true);
    }
    if (parsed.error() != simdjson::SUCCESS) {
        return refused(reasonOf(parsed.error(), line));
    }
    dom::object object;
    if (parsed.get_object().get(object) != simdjson::SUCCESS) {
        return refused(
            fmt::format("is {}; one JSON object a line is wanted", typeInWords(parsed.value_unsafe().type())));
    }
    Found found;
    for (const auto [key, value] : object) {
        const auto field = m_parts->names.find(key);
        if (!field) {
            continue;
        }
        if (auto taken = takeField(*field, key, value, found, document); !taken) {
            return taken.error();
        }
        const auto index = static_cast<std::size_t>(*field);
        found.present[index] = true;
        found.keys[index] = key;
    }
    if (auto labels = judgeLabels(found); !labels) {
        return labels.error();
    }
    return takeContent(found, m_parts->names.textName(), document);
}

std::size_t DocumentParser::keptBytes() const { return m_parts->parser.capacity(); }

} // namespace dubito::data
