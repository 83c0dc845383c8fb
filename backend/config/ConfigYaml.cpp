// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/config/ConfigYaml.h"

#include "backend/base/Check.h"
#include "backend/base/Text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cctype>

namespace dubito::config {

namespace {

constexpr std::size_t kCommentWidth = 110;

bool isPlainCharacter(unsigned char c) { return std::isalnum(c) || c == '_' || c == '.' || c == '/' || c == '-' || c == '+'; }

/// Letters, digits and the characters of paths; nothing that YAML 1.1 or 1.2 takes for something else.
bool isPlain(const std::string& text)
{
    return !text.empty() && text != "null" && text != "Null" && text != "NULL" && text.front() != '-'
        && std::ranges::all_of(text, [](char c) { return isPlainCharacter(static_cast<unsigned char>(c)); })
        && text != "..." && !parseNumber(text) && !parseSwitch(text);
}

std::string inDoubleQuotes(const std::string& text)
{
    std::string result = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            result += '\\';
        }
        result += c;
    }
    return result + '"';
}

/// The words of a text in lines of comment.
std::string comment(std::string_view text, std::string_view indent)
{
    std::string result;
    std::string line;
    const auto finishLine = [&] {
        result += fmt::format("{}#{}\n", indent, line);
        line.clear();
    };
    while (!text.empty()) {
        const auto end = std::min(text.find(' '), text.size());
        if (!line.empty() && indent.size() + line.size() + end + 2 > kCommentWidth) {
            finishLine();
        }
        line += fmt::format(" {}", text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    finishLine();
    return result;
}

/// Writes keys in the order of the table, opening a section where one begins.
class SectionWriter {
public:
    /// Opens the sections of the key; returns the indentation of its line.
    std::string open(std::string_view key)
    {
        const auto parts = partsOf(key);
        std::size_t common = 0;
        while (common < m_open.size() && common + 1 < parts.size() && m_open[common] == parts[common]) {
            ++common;
        }
        m_open.assign(parts.begin(), parts.end() - 1);
        for (std::size_t depth = common; depth < m_open.size(); ++depth) {
            text += fmt::format("{}{}{}:\n", depth == 0 ? "\n" : "", std::string(depth * 2, ' '), m_open[depth]);
        }
        return std::string(m_open.size() * 2, ' ');
    }

    std::string text;

private:
    std::vector<std::string_view> m_open;
};

std::string_view nameOf(std::string_view key) { return key.substr(key.rfind('.') + 1); }

std::string rulesOf(const Field& field)
{
    std::string text = expectation(field);
    text += field.when == When::NextStep ? "; acts at the next step." : "; acts at the next start.";
    if (!field.aliases.empty()) {
        text += fmt::format(" Also read as {}.", fmt::join(field.aliases, " and "));
    }
    text.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(text.front())));
    return text;
}

std::string originToText(const Origin& origin)
{
    return origin.place.empty() ? std::string(toWord(origin.layer))
                                : fmt::format("{}: {}", toWord(origin.layer), escaped(origin.place));
}

void requireAll(std::span<const Origin> origins)
{
    CHECK(origins.size() == fields().size(), "origins that do not belong to the table");
}

} // namespace

std::vector<std::string_view> partsOf(std::string_view key)
{
    std::vector<std::string_view> parts;
    for (auto dot = key.find('.'); dot != std::string_view::npos; dot = key.find('.')) {
        parts.push_back(key.substr(0, dot));
        key.remove_prefix(dot + 1);
    }
    parts.push_back(key);
    return parts;
}

std::string yamlScalar(const Value& value)
{
    const auto* text = std::get_if<std::string>(&value);
    if (text == nullptr || *text == "on" || *text == "off") {
        return toText(value);
    }
    return isPlain(*text) ? *text : inDoubleQuotes(*text);
}

std::string effectiveYaml(const Config& config, std::span<const Origin> origins)
{
    requireAll(origins);
    SectionWriter writer;
    writer.text = "# The configuration of this run: every value, and who set it.\n";
    for (std::size_t i = 0; i < origins.size(); ++i) {
        const Field& field = fields()[i];
        const std::string indent = writer.open(field.key);
        writer.text += fmt::format("{}{}: {} # {}\n", indent, nameOf(field.key), yamlScalar(field.get(config)),
            originToText(origins[i]));
    }
    return writer.text;
}

std::string defaultYaml()
{
    const Config defaults;
    SectionWriter writer;
    writer.text = "# SPDX-License-Identifier: GPL-3.0-or-later\n"
                  "# Every key of Dubito with its default, written by \"dubito config default\": change the table, not this file.\n"
                  "# A configuration of your own needs only the keys in which it differs. MiB and GiB are 2^20 and 2^30 bytes.\n";
    for (const Field& field : fields()) {
        const std::string indent = writer.open(field.key);
        writer.text += comment(field.help, indent) + comment(rulesOf(field), indent);
        writer.text += fmt::format("{}{}: {}\n", indent, nameOf(field.key), yamlScalar(field.get(defaults)));
    }
    return writer.text;
}

std::string reportText(const Config& config, std::span<const Origin> origins)
{
    requireAll(origins);
    std::string text;
    for (std::size_t i = 0; i < origins.size(); ++i) {
        const Field& field = fields()[i];
        const std::string value = yamlScalar(field.get(config));
        text += fmt::format("{:<44} {:<24} {}\n", field.key,
            field.unit.empty() ? value : fmt::format("{} {}", value, field.unit), originToText(origins[i]));
    }
    return text;
}

std::string reportJson(const Config& config, std::span<const Origin> origins)
{
    requireAll(origins);
    const Config defaults;
    const auto asJson = [](const Value& value) {
        return std::visit([](const auto& held) { return nlohmann::ordered_json(held); }, value);
    };
    auto rows = nlohmann::ordered_json::array();
    for (std::size_t i = 0; i < origins.size(); ++i) {
        const Field& field = fields()[i];
        rows.push_back({ { "key", field.key }, { "value", asJson(field.get(config)) }, { "unit", field.unit },
            { "layer", toWord(origins[i].layer) }, { "place", escaped(origins[i].place) },
            { "live", field.when == When::NextStep }, { "default", asJson(field.get(defaults)) } });
    }
    return rows.dump(2) + "\n";
}

} // namespace dubito::config
