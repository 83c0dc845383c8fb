// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/data/JsonlReader.h"
#include "tests/oracle/Oracle.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <unistd.h>

namespace dubito::oracle {

namespace {

namespace fs = std::filesystem;
using nlohmann::json;

std::string fromHex(const std::string& hex)
{
    std::string bytes;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
        bytes.push_back(static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16)));
    }
    return bytes;
}

std::string lineOf(const json& item)
{
    if (item.contains("line_hex")) {
        return fromHex(item["line_hex"]);
    }
    const json& parts = item.at("line_parts");
    std::string line = fromHex(parts["head_hex"]);
    const std::string fill = fromHex(parts["fill_hex"]);
    for (std::size_t i = 0; i < parts["fill_count"].get<std::size_t>(); ++i) {
        line += fill;
    }
    return line + fromHex(parts["tail_hex"]);
}

/// The program's own names for the fields of the cases.
config::Data settingsOf(const json& cases)
{
    config::Data settings;
    const json& fields = cases.at("fields");
    settings.fields.text = fields.at("text");
    settings.fields.authority = fields.at("authority");
    settings.fields.entropy = fields.at("entropy");
    return settings;
}

struct Reading {
    std::vector<data::Document> documents;
    data::ReadReport report;
    std::string error;
};

Reading readAll(const fs::path& file, const config::Data& settings)
{
    Reading reading;
    auto reader = data::JsonlReader::open(file, settings);
    if (!reader) {
        reading.error = toText(reader.error());
        return reading;
    }
    for (;;) {
        data::Document document;
        const auto step = reader->next(document);
        if (!step) {
            reading.error = toText(step.error());
            break;
        }
        if (*step == data::JsonlReader::Step::End) {
            break;
        }
        if (*step == data::JsonlReader::Step::Document) {
            reading.documents.push_back(std::move(document));
        }
    }
    reading.report = reader->report();
    return reading;
}

/// A temporary file that holds the line and a newline.
class OneLineFile {
public:
    explicit OneLineFile(const std::string& line)
    {
        const std::string pattern = (fs::temp_directory_path() / "dubito-line-XXXXXX").string();
        m_name.assign(pattern.begin(), pattern.end());
        m_name.push_back('\0');
        ::close(::mkstemp(m_name.data()));
        std::ofstream(m_name.data(), std::ios::binary) << line << "\n";
    }
    OneLineFile(const OneLineFile&) = delete;
    OneLineFile& operator=(const OneLineFile&) = delete;
    ~OneLineFile() { ::unlink(m_name.data()); }

    fs::path path() const { return m_name.data(); }

private:
    std::vector<char> m_name;
};

std::string describe(const Reading& reading)
{
    return fmt::format("{} documents, {} blank, {} refused{}{}", reading.report.documents, reading.report.blank,
        reading.report.refused, reading.report.problems.empty() ? "" : ", " + reading.report.problems.front().reason,
        reading.error.empty() ? "" : ", error " + reading.error);
}

bool isAsExpected(const std::string& expect, const Reading& reading)
{
    const data::ReadReport& report = reading.report;
    const bool accepted = report.documents == 1 && report.refused == 0;
    const bool refused = report.documents == 0 && report.refused == 1 && !report.problems.front().reason.empty();
    if (expect == "accept") {
        return accepted;
    }
    if (expect == "reject") {
        return refused;
    }
    if (expect == "skip") {
        return report.documents == 0 && report.refused == 0;
    }
    return expect == "either" && (accepted || refused);
}

bool isSameDocument(const json& parsed, const data::Document& document)
{
    return parsed.at("text").get<std::string>() == document.text
        && parsed.at("authority").get<double>() == document.authority
        && parsed.at("entropy").get<double>() == document.entropy;
}

KindReport checkLines(const fs::path& oracle)
{
    KindReport report;
    const auto file = oracle / "jsonl" / "cases.json";
    if (!fs::exists(file)) {
        return report;
    }
    const json cases = readJson(file);
    const config::Data settings = settingsOf(cases);
    for (const json& item : cases.at("lines")) {
        ++report.found;
        const OneLineFile one(lineOf(item));
        const Reading reading = readAll(one.path(), settings);
        const std::string name = item.at("name");
        if (!isAsExpected(item.at("expect"), reading)) {
            report.fail(
                fmt::format("{}: expected {}, got {}", name, item.at("expect").get<std::string>(), describe(reading)));
        } else if (item.contains("parsed") && !reading.documents.empty()
            && !isSameDocument(item.at("parsed"), reading.documents.front())) {
            report.fail(fmt::format("{}: the values differ", name));
        }
        ++report.checked;
    }
    return report;
}

bool isFileAsExpected(const json& item, const Reading& reading, const fs::path& file)
{
    const std::string expect = item.at("expect");
    const data::ReadReport& report = reading.report;
    const bool accepted = reading.error.empty() && report.refused == 0
        && report.documents == item.value("rows", json()).get<std::int64_t>();
    if (expect == "accept") {
        return accepted;
    }
    if (expect == "either") {
        return accepted || report.refused > 0 || !reading.error.empty();
    }
    if (item.at("bad_line").is_null()) {
        return !data::requireDocuments(report, file);
    }
    return !report.problems.empty() && report.problems.front().line == item.at("bad_line").get<std::int64_t>();
}

KindReport checkFiles(const fs::path& oracle)
{
    KindReport report;
    const auto folder = oracle / "jsonl";
    if (!fs::exists(folder / "cases.json")) {
        return report;
    }
    const json cases = readJson(folder / "cases.json");
    std::vector<fs::path> named;
    for (json item : cases.at("files")) {
        ++report.found;
        if (item.at("rows").is_null()) {
            item["rows"] = -1;
        }
        const auto file = folder / item.at("file").get<std::string>();
        named.push_back(file);
        const Reading reading = readAll(file, settingsOf(cases));
        if (!isFileAsExpected(item, reading, file)) {
            report.fail(fmt::format("{}: expected {}, got {}", item.at("file").get<std::string>(),
                item.at("expect").get<std::string>(), describe(reading)));
        }
        ++report.checked;
    }
    for (const auto& file : filesIn(folder / "files", ".jsonl")) {
        if (std::ranges::find(named, file) == named.end()) {
            report.fail(file.string() + " is there, but cases.json does not name it");
        }
    }
    return report;
}

} // namespace

void addJsonlKinds(std::vector<Kind>& kinds)
{
    kinds.push_back({ "jsonl lines", checkLines });
    kinds.push_back({ "jsonl files", checkFiles });
}

} // namespace dubito::oracle
