// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Error.h"
#include "backend/config/Config.h"
#include "backend/data/Document.h"
#include "backend/data/DocumentParser.h"
#include "backend/data/LineReader.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace dubito::data {

/// A line that was refused, and why.
struct LineProblem {
    std::string file;
    std::int64_t line = 0; ///< 1-based
    std::string reason;

    friend bool operator==(const LineProblem&, const LineProblem&) = default;
};

/// What was read so far. Bounded: only the first kNamedProblems refused lines are named.
struct ReadReport {
    static constexpr std::size_t kNamedProblems = 20;

    std::int64_t files = 0;
    std::int64_t totalBytes = 0; ///< of all files when they were opened; for progress
    std::int64_t bytes = 0;
    std::int64_t lines = 0; ///< documents + blank + refused
    std::int64_t documents = 0;
    std::int64_t blank = 0;
    std::int64_t refused = 0; ///< too long ones included
    std::int64_t tooLong = 0;
    std::vector<LineProblem> problems;

    /// In [0, 1], for a progress bar.
    double progress() const;
    /// Share of the lines with content that were refused, in [0, 1].
    double refusedShare() const;
};

/// "7,895 documents in 1 file", and what was refused, the first line named.
std::string toText(const ReadReport& report);

/// Success when there is at least one document; else a sentence that says what was found instead.
Result<void> requireDocuments(const ReadReport& report, const std::filesystem::path& corpus);

/// Streams the documents of a JSONL file, or of a folder of them (`*.jsonl`, `*.ndjson`, by name, not deeper).
///
/// Memory depends on data.max_line_mb alone, not on the size of the corpus. A bad line is skipped, counted and named, and
/// the next is read. It does not score, weigh or tokenize. One thread.
class JsonlReader {
public:
    enum class Step : std::uint8_t { Document, Skipped, End };

    /// An Error when nothing can be opened: absent, unreadable, no such file in the folder.
    static Result<JsonlReader> open(const std::filesystem::path& corpus, const config::Data& settings);

    /// One line, or one piece of a line that is too long: look at the stop token between two calls.
    /// `document` is filled with Step::Document and unspecified otherwise. An Error only when reading itself fails.
    Result<Step> next(Document& document);

    const ReadReport& report() const { return m_report; }

    /// All that this reader holds between two calls.
    std::size_t heldBytes() const;

private:
    JsonlReader(std::vector<std::filesystem::path> files, const config::Data& settings);

    Result<bool> openNextFile();
    void refuse(std::int64_t line, std::string reason);

    std::vector<std::filesystem::path> m_files;
    std::size_t m_nextFile = 0;
    std::size_t m_maxLineBytes;
    std::int64_t m_bytesBefore = 0; ///< of the files that are done
    std::optional<LineReader> m_lines;
    DocumentParser m_parser;
    ReadReport m_report;
};

} // namespace dubito::data
