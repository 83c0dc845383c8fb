// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/config/ConfigFile.h"

#include "backend/base/AtomicFile.h"
#include "backend/base/Text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <yaml-cpp/depthguard.h>
#include <yaml-cpp/yaml.h>

#include <map>
#include <optional>
#include <set>
#include <utility>

namespace dubito::config {

namespace {

std::string placeOf(std::string_view name, const YAML::Mark& mark)
{
    if (mark.is_null()) {
        return std::string(name);
    }
    return fmt::format("{}:{}:{}", name, mark.line + 1, mark.column + 1);
}

std::string unknownSectionMessage(std::string_view path)
{
    std::set<std::string_view> sections;
    for (const std::string_view name : fieldNames()) {
        for (auto dot = name.find('.'); dot != std::string_view::npos; dot = name.find('.', dot + 1)) {
            sections.insert(name.substr(0, dot));
        }
    }
    const std::vector<std::string_view> known(sections.begin(), sections.end());
    const auto near = path.size() < 200 ? nearestWord(path, known) : std::nullopt;
    return fmt::format("there is no section {}; {}", dubito::quoted(path),
        near ? fmt::format("did you mean {}?", *near) : fmt::format("there are {}", fmt::join(known, ", ")));
}

/// Walks the sections of one document. Depth is bounded by the table: only what is a section there is entered.
class Reader {
public:
    explicit Reader(std::string_view name)
        : m_name(name)
    {
    }

    void readRoot(const YAML::Node& root)
    {
        if (root.IsMap()) {
            readMap(root, "");
        } else if (!root.IsNull()) {
            refuse("a configuration consists of sections with keys, as in \"training:\" and below it \"  steps: 600\"",
                root.Mark());
        }
    }

    void refuse(std::string message, const YAML::Mark& mark)
    {
        if (m_reading.problems.size() + 1 < kMostProblems) {
            m_reading.problems.push_back({ ErrorCode::Usage, std::move(message), placeOf(m_name, mark) });
        } else if (m_reading.problems.size() < kMostProblems) {
            m_reading.problems.push_back(
                { ErrorCode::Usage, "has more problems than are listed here", std::string(m_name) });
        }
    }

    bool isFull() const { return m_reading.problems.size() >= kMostProblems; }
    FileReading take() { return std::move(m_reading); }

private:
    void readMap(const YAML::Node& map, const std::string& section)
    {
        std::map<std::string, YAML::Mark> seen;
        for (const auto& entry : map) {
            if (isFull()) {
                return;
            }
            const YAML::Mark mark = entry.first.Mark();
            if (!entry.first.IsScalar()) {
                refuse("a key is a plain word", mark);
                continue;
            }
            const std::string& name = entry.first.Scalar();
            const auto [first, isNew] = seen.try_emplace(name, mark);
            if (!isNew) {
                refuse(fmt::format("{} stands here a second time; the first is in line {}", dubito::quoted(name),
                           first->second.line + 1),
                    mark);
                continue;
            }
            readEntry(section.empty() ? name : section + "." + name, mark, entry.second);
        }
    }

    void readEntry(const std::string& path, const YAML::Mark& mark, const YAML::Node& node)
    {
        if (isSection(path)) {
            if (node.IsMap()) {
                readMap(node, path);
            } else if (!node.IsNull()) {
                refuse(fmt::format("{} is a section: its keys stand indented below it", path), mark);
            }
            return;
        }
        if (const Field* field = findField(path)) {
            readValue(*field, path, mark, node);
        } else if (node.IsMap()) {
            refuse(unknownSectionMessage(path), mark);
        } else {
            refuse(unknownKeyMessage(path), mark);
        }
    }

    void readValue(const Field& field, const std::string& path, const YAML::Mark& mark, const YAML::Node& node)
    {
        if (node.IsMap() || node.IsSequence()) {
            refuse(fmt::format("{} must be {}, not a {}", path, expectation(field), node.IsMap() ? "section" : "list"),
                mark);
            return;
        }
        if (const auto first = m_first.find(&field); first != m_first.end()) {
            refuse(fmt::format("{} is set a second time: {} in line {} means the same", path, first->second.path,
                       first->second.line),
                mark);
            return;
        }
        m_first[&field] = { path, mark.line + 1 };
        const bool mayBeEmpty = field.type == Type::Text || field.type == Type::Path;
        if (node.IsNull() && !mayBeEmpty) {
            refuse(fmt::format("{} has no value; it must be {}", path, expectation(field)), mark);
            return;
        }
        auto value = parseValue(field, node.IsNull() ? std::string_view() : std::string_view(node.Scalar()));
        const YAML::Mark place = node.IsNull() ? mark : node.Mark();
        if (!value) {
            refuse(value.error().message, place);
            return;
        }
        m_reading.values.push_back({ &field, std::move(value).value(), placeOf(m_name, place) });
    }

    struct First {
        std::string path;
        int line = 0;
    };

    std::string_view m_name;
    std::map<const Field*, First> m_first;
    FileReading m_reading;
};

std::optional<std::string> whyNoText(std::string_view text)
{
    if (text.size() > kLargestConfigFile) {
        return fmt::format("is larger than {}, which no configuration is",
            bytesToText(static_cast<std::int64_t>(kLargestConfigFile)));
    }
    if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF") || text.find('\0') != std::string_view::npos) {
        return "is no UTF-8 text; save it as UTF-8";
    }
    return std::nullopt;
}

void readDocuments(std::string_view text, Reader& reader)
{
    try {
        const std::vector<YAML::Node> documents = YAML::LoadAll(std::string(text));
        if (documents.size() > 1) {
            reader.refuse("holds more than one document; a configuration is one, without a second \"---\"",
                documents[1].Mark());
        }
        if (!documents.empty()) {
            reader.readRoot(documents[0]);
        }
    } catch (const YAML::DeepRecursion&) {
        reader.refuse("is nested too deeply for a configuration", YAML::Mark::null_mark());
    } catch (const YAML::Exception& problem) {
        reader.refuse(fmt::format("is no valid YAML: {}", escaped(problem.msg)), problem.mark);
    } catch (const std::exception& problem) {
        reader.refuse(fmt::format("cannot be read: {}", escaped(problem.what())), YAML::Mark::null_mark());
    }
}

} // namespace

FileReading readConfigText(std::string_view text, std::string_view name)
{
    const std::string shownName = escaped(name);
    Reader reader(shownName);
    if (auto why = whyNoText(text)) {
        reader.refuse(std::move(*why), YAML::Mark::null_mark());
    } else {
        readDocuments(text, reader);
    }
    return reader.take();
}

FileReading readConfigFile(const std::filesystem::path& file)
{
    const auto text = readText(file, kLargestConfigFile);
    if (!text) {
        Error problem = text.error();
        problem.code = problem.code == ErrorCode::NotFound ? ErrorCode::NotFound : ErrorCode::Usage;
        return { .values = {}, .problems = { std::move(problem) } };
    }
    return readConfigText(*text, file.string());
}

} // namespace dubito::config
