// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/config/ConfigText.h"

#include "backend/base/Check.h"
#include "backend/config/ConfigFile.h"
#include "backend/config/ConfigYaml.h"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <map>
#include <optional>
#include <vector>

namespace dubito::config {

namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

using Values = std::map<std::string_view, Value>;

Values valuesOf(const FileReading& reading)
{
    Values values;
    for (const FileValue& value : reading.values) {
        values[value.field->key] = value.value;
    }
    return values;
}

struct Entry {
    YAML::Node key;
    YAML::Node value;
};

std::optional<Entry> entryOf(const YAML::Node& map, std::string_view name)
{
    if (map.IsMap()) {
        for (const auto& entry : map) {
            if (entry.first.IsScalar() && entry.first.Scalar() == name) {
                return Entry { entry.first, entry.second };
            }
        }
    }
    return std::nullopt;
}

bool isBlank(char c) { return c == ' ' || c == '\t'; }
bool isLineEnd(char c) { return c == '\n' || c == '\r'; }

/// One text and the places in it, as byte offsets.
class Places {
public:
    explicit Places(std::string_view text)
        : m_text(text)
        , m_shift(text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0)
    {
    }

    std::size_t at(const YAML::Mark& mark) const
    {
        return mark.is_null() ? m_text.size() : std::min(m_text.size(), static_cast<std::size_t>(mark.pos) + m_shift);
    }

    std::size_t skipBlanks(std::size_t from) const
    {
        while (from < m_text.size() && isBlank(m_text[from])) {
            ++from;
        }
        return from;
    }

    /// Behind the colon of a key; nothing when none is found on its line.
    std::optional<std::size_t> behindColon(const Entry& entry) const
    {
        const std::size_t key = at(entry.key.Mark());
        const bool isQuoted = key < m_text.size() && (m_text[key] == '"' || m_text[key] == '\'');
        const std::size_t end = isQuoted ? endOfQuoted(key) : key + entry.key.Scalar().size();
        const std::size_t colon = skipBlanks(std::min(end, m_text.size()));
        return colon < m_text.size() && m_text[colon] == ':' ? std::optional(colon + 1) : std::nullopt;
    }

    bool isEmptyAt(std::size_t from) const
    {
        return from == m_text.size() || isLineEnd(m_text[from]) || m_text[from] == '#';
    }

    /// Over tags and anchors to the value itself.
    std::size_t skipProperties(std::size_t from) const
    {
        while (from < m_text.size() && (m_text[from] == '!' || m_text[from] == '&')) {
            from = skipBlanks(std::min(m_text.find_first_of(" \t\r\n", from), m_text.size()));
        }
        return from;
    }

    std::size_t endOfScalar(std::size_t from, bool inFlow) const
    {
        if (m_text[from] == '"' || m_text[from] == '\'') {
            return endOfQuoted(from);
        }
        std::size_t end = from;
        while (end < m_text.size() && !isLineEnd(m_text[end]) && !(inFlow && std::string_view(",]}").find(m_text[end]) != std::string_view::npos)
            && !(m_text[end] == '#' && end > from && isBlank(m_text[end - 1]))) {
            ++end;
        }
        while (end > from && isBlank(m_text[end - 1])) {
            --end;
        }
        return end;
    }

    /// The start of the line after this place, or the end of the text.
    std::size_t nextLine(std::size_t from) const
    {
        const auto end = m_text.find('\n', from);
        return end == std::string_view::npos ? m_text.size() : end + 1;
    }

    /// Behind the last line that belongs to an entry whose key stands in this column.
    std::size_t behindEntry(std::size_t key, std::size_t column) const
    {
        std::size_t behind = nextLine(key);
        for (std::size_t line = behind; line < m_text.size(); line = nextLine(line)) {
            const std::size_t first = skipBlanks(line);
            const bool isEmptyLine = isEmptyAt(first) && (first == m_text.size() || m_text[first] != '#');
            if (!isEmptyLine && first - line <= column) {
                break;
            }
            behind = isEmptyLine ? behind : nextLine(line);
        }
        return behind;
    }

private:
    std::size_t endOfQuoted(std::size_t from) const
    {
        const char quote = m_text[from];
        for (std::size_t i = from + 1; i < m_text.size(); ++i) {
            if (quote == '"' && m_text[i] == '\\') {
                ++i;
            } else if (m_text[i] == quote && quote == '\'' && i + 1 < m_text.size() && m_text[i + 1] == quote) {
                ++i;
            } else if (m_text[i] == quote) {
                return i + 1;
            }
        }
        return m_text.size();
    }

    std::string_view m_text;
    std::size_t m_shift;
};

/// One replacement, not yet proven.
struct Edit {
    std::size_t from = 0;
    std::size_t to = 0;
    std::string text;
};

std::string applied(std::string_view text, const Edit& edit)
{
    return fmt::format("{}{}{}", text.substr(0, edit.from), edit.text, text.substr(edit.to));
}

std::string_view lineEndOf(std::string_view text)
{
    return text.find("\r\n") == std::string_view::npos ? "\n" : "\r\n";
}

/// "fields:" and below it "  text: body", from this column on.
std::string blockLines(std::span<const std::string_view> parts, const std::string& scalar, std::size_t column, std::string_view lineEnd)
{
    std::string lines;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const bool isLast = i + 1 == parts.size();
        lines += fmt::format("{}{}:{}{}", std::string(column + 2 * i, ' '), parts[i], isLast ? " " + scalar : "", lineEnd);
    }
    return lines;
}

/// "fields: {text: body}".
std::string flowEntry(std::span<const std::string_view> parts, const std::string& scalar)
{
    std::string entry = scalar;
    for (std::size_t i = parts.size(); i-- > 0;) {
        entry = fmt::format("{}: {}", parts[i], i + 1 == parts.size() ? entry : "{" + entry + "}");
    }
    return entry;
}

/// Finds where a key stands, or where it could.
class Editor {
public:
    explicit Editor(std::string_view text)
        : m_text(text)
        , m_places(text)
        , m_root(YAML::Load(std::string(text)))
    {
    }

    std::optional<Edit> edit(std::string_view path, const std::string& scalar) const
    {
        const auto parts = partsOf(path);
        YAML::Node map = m_root;
        std::optional<Entry> parent;
        bool inFlow = false;
        for (std::size_t depth = 0; depth < parts.size(); ++depth) {
            inFlow = inFlow || (map.IsMap() && map.Style() == YAML::EmitterStyle::Flow);
            const auto entry = entryOf(map, parts[depth]);
            if (!entry) {
                return insertion(std::span(parts).subspan(depth), scalar, map, parent);
            }
            if (depth + 1 == parts.size()) {
                return replacement(*entry, scalar, inFlow);
            }
            parent = entry;
            map.reset(entry->value);
        }
        return std::nullopt;
    }

    bool has(std::string_view path) const
    {
        YAML::Node map = m_root;
        for (const auto part : partsOf(path)) {
            const auto entry = entryOf(map, part);
            if (!entry) {
                return false;
            }
            map.reset(entry->value);
        }
        return true;
    }

private:
    std::optional<Edit> replacement(const Entry& entry, const std::string& scalar, bool inFlow) const
    {
        const auto colon = m_places.behindColon(entry);
        if (!colon) {
            return std::nullopt;
        }
        const std::size_t start = m_places.skipProperties(m_places.skipBlanks(*colon));
        if (m_places.isEmptyAt(start)) {
            return Edit { *colon, *colon, " " + scalar };
        }
        return Edit { start, m_places.endOfScalar(start, inFlow), scalar };
    }

    std::optional<Edit> insertion(std::span<const std::string_view> parts, const std::string& scalar, const YAML::Node& map,
        const std::optional<Entry>& parent) const
    {
        const std::string_view lineEnd = lineEndOf(m_text);
        if (map.IsMap() && map.Style() == YAML::EmitterStyle::Flow) {
            const std::size_t brace = m_text.find('{', m_places.at(map.Mark()));
            const std::size_t inside = brace == std::string_view::npos ? m_text.size() : brace + 1;
            return Edit { inside, inside, flowEntry(parts, scalar) + (map.size() > 0 ? ", " : "") };
        }
        if (!parent) {
            return onOwnLines(m_text.size(), blockLines(parts, scalar, rootColumn(), lineEnd));
        }
        if (map.IsMap() && map.size() > 0) {
            const auto column = static_cast<std::size_t>(map.begin()->first.Mark().column);
            std::size_t last = 0;
            for (const auto& entry : map) {
                last = std::max(last, m_places.at(entry.first.Mark()));
            }
            return onOwnLines(m_places.behindEntry(last, column), blockLines(parts, scalar, column, lineEnd));
        }
        const YAML::Mark key = parent->key.Mark();
        return onOwnLines(m_places.nextLine(m_places.at(key)),
            blockLines(parts, scalar, static_cast<std::size_t>(std::max(0, key.column)) + 2, lineEnd));
    }

    std::size_t rootColumn() const
    {
        return m_root.IsMap() && m_root.size() > 0 ? static_cast<std::size_t>(m_root.begin()->first.Mark().column) : 0;
    }

    Edit onOwnLines(std::size_t at, const std::string& lines) const
    {
        const bool startsLine = at == 0 || m_text[at - 1] == '\n' || m_text == kByteOrderMark;
        return { at, at, (startsLine ? "" : std::string(lineEndOf(m_text))) + lines };
    }

    std::string_view m_text;
    Places m_places;
    YAML::Node m_root;
};

Error notInPlace(const Field& field, const FileReading& reading)
{
    const auto found = std::ranges::find(reading.values, &field, &FileValue::field);
    return { ErrorCode::Usage,
        fmt::format("{} cannot be changed here without touching other values; edit this line by hand", field.key),
        found == reading.values.end() ? std::string() : found->where };
}

} // namespace

Result<std::string> withValue(std::string_view text, const Field& field, const Value& value)
{
    const FileReading before = readConfigText(text, "the file");
    if (!before.problems.empty()) {
        return before.problems.front();
    }
    Values expected = valuesOf(before);
    if (const auto old = expected.find(field.key); old != expected.end() && old->second == value) {
        return std::string(text);
    }
    expected[field.key] = value;
    const Editor editor(text); // it was read above: it does not throw now
    std::string_view path = field.key;
    for (const std::string_view alias : field.aliases) {
        path = !editor.has(path) && editor.has(alias) ? alias : path;
    }
    const auto edit = editor.edit(path, yamlScalar(value));
    if (edit) {
        std::string changed = applied(text, *edit);
        const FileReading after = readConfigText(changed, "the file");
        if (after.problems.empty() && valuesOf(after) == expected) {
            return changed;
        }
    }
    return notInPlace(field, before);
}

Result<std::string> withChanges(std::string_view text, std::span<const Difference> changes)
{
    std::string changed(text);
    for (const Difference& change : changes) {
        const Field* field = findField(change.key);
        CHECK(field != nullptr, "a difference names a key that is not in the table");
        const auto value = parseValue(*field, change.after);
        if (!value) {
            return value.error();
        }
        auto next = withValue(changed, *field, *value);
        if (!next) {
            return next.error();
        }
        changed = std::move(next).value();
    }
    return changed;
}

} // namespace dubito::config
