// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/data/JsonlReader.h"

#include "backend/base/Text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <system_error>
#include <utility>

namespace dubito::data {

namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 2> kExtensions { ".jsonl", ".ndjson" };

Result<std::vector<fs::path>> filesOf(const fs::path& corpus)
{
    std::error_code problem;
    if (!fs::is_directory(corpus, problem)) {
        return std::vector<fs::path> { corpus };
    }
    std::vector<fs::path> files;
    fs::directory_iterator entries(corpus, problem);
    for (; !problem && entries != fs::directory_iterator(); entries.increment(problem)) {
        std::error_code ignored;
        const bool isCorpus = std::ranges::find(kExtensions, entries->path().extension().string()) != kExtensions.end();
        if (isCorpus && entries->is_regular_file(ignored)) {
            files.push_back(entries->path());
        }
    }
    if (problem) {
        return Error { ErrorCode::Data, "cannot be listed: " + problem.message(), corpus.string() };
    }
    if (files.empty()) {
        return Error { ErrorCode::Data, "holds no .jsonl or .ndjson file; name the file itself, or rename it",
            corpus.string() };
    }
    std::ranges::sort(files);
    return files;
}

} // namespace

double ReadReport::progress() const
{
    if (totalBytes <= 0) {
        return 1;
    }
    return std::min(1.0, static_cast<double>(bytes) / static_cast<double>(totalBytes));
}

double ReadReport::refusedShare() const
{
    const std::int64_t judged = documents + refused;
    return judged == 0 ? 0 : static_cast<double>(refused) / static_cast<double>(judged);
}

std::string toText(const ReadReport& report)
{
    std::string text
        = countOf(report.documents, "document") + " in " + countOf(report.files, "file");
    if (report.refused > 0) {
        const LineProblem& first = report.problems.front();
        text += fmt::format("; {} refused, first {}:{}: {}", countOf(report.refused, "line"), first.file,
            first.line, first.reason);
    }
    return text;
}

Result<void> requireDocuments(const ReadReport& report, const fs::path& corpus)
{
    if (report.documents > 0) {
        return {};
    }
    if (report.refused == 0) {
        return Error { ErrorCode::Data, "holds no document: it is empty; one JSON object a line is wanted",
            corpus.string() };
    }
    const LineProblem& first = report.problems.front();
    return Error { ErrorCode::Data,
        fmt::format("holds no usable document: {} refused, first line {}, which {}",
            countOf(report.refused, "line") + (report.refused == 1 ? " was" : " were"), first.line, first.reason),
        first.file };
}

Result<JsonlReader> JsonlReader::open(const fs::path& corpus, const config::Data& settings)
{
    auto files = filesOf(corpus);
    if (!files) {
        return files.error();
    }
    JsonlReader reader(std::move(*files), settings);
    if (auto opened = reader.openNextFile(); !opened) {
        return opened.error();
    }
    return reader;
}

JsonlReader::JsonlReader(std::vector<fs::path> files, const config::Data& settings)
    : m_files(std::move(files))
    , m_maxLineBytes(static_cast<std::size_t>(std::max<std::int64_t>(1, settings.maxLineMb) * kMiB))
    , m_parser(settings.fields)
{
    for (const auto& file : m_files) {
        std::error_code problem;
        const auto size = fs::file_size(file, problem);
        m_report.totalBytes += problem ? 0 : static_cast<std::int64_t>(size);
    }
}

/// False when there is no further file.
Result<bool> JsonlReader::openNextFile()
{
    if (m_lines) {
        m_bytesBefore += m_lines->bytesRead();
        m_lines.reset();
    }
    if (m_nextFile == m_files.size()) {
        return false;
    }
    auto lines = LineReader::open(m_files[m_nextFile], m_maxLineBytes);
    if (!lines) {
        return lines.error();
    }
    m_lines = std::move(*lines);
    ++m_nextFile;
    ++m_report.files;
    return true;
}

Result<JsonlReader::Step> JsonlReader::next(Document& document)
{
    if (!m_lines) {
        return Step::End;
    }
    const auto line = m_lines->next();
    if (!line) {
        return line.error();
    }
    m_report.bytes = m_bytesBefore + m_lines->bytesRead();
    if (line->kind == LineReader::Kind::End) {
        const auto opened = openNextFile();
        if (!opened) {
            return opened.error();
        }
        return *opened ? Step::Skipped : Step::End;
    }
    if (line->kind == LineReader::Kind::Skipping) {
        return Step::Skipped;
    }
    ++m_report.lines;
    if (line->kind == LineReader::Kind::TooLong) {
        ++m_report.tooLong;
        refuse(line->number,
            fmt::format("is longer than {}; raise data.max_line_mb or split the document",
                bytesToText(static_cast<std::int64_t>(m_maxLineBytes))));
        return Step::Skipped;
    }
    if (line->text.find_first_not_of(" \t\r") == std::string_view::npos) {
        ++m_report.blank;
        return Step::Skipped;
    }
    if (auto parsed = m_parser.parse(line->text, document); !parsed) {
        refuse(line->number, parsed.error().message);
        return Step::Skipped;
    }
    document.file.assign(m_files[m_nextFile - 1].native());
    document.line = line->number;
    ++m_report.documents;
    return Step::Document;
}

void JsonlReader::refuse(std::int64_t line, std::string reason)
{
    ++m_report.refused;
    if (m_report.problems.size() < ReadReport::kNamedProblems) {
        m_report.problems.push_back({ m_files[m_nextFile - 1].string(), line, std::move(reason) });
    }
}

std::size_t JsonlReader::heldBytes() const { return (m_lines ? m_lines->bufferBytes() : 0) + m_parser.keptBytes(); }

} // namespace dubito::data
