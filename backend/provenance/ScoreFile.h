// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/AtomicFile.h"
#include "backend/data/Document.h"
#include "backend/provenance/Scorer.h"

#include <cstdint>
#include <filesystem>
#include <string>

namespace dubito::provenance {

/// Does a line of scores carry the document's text? With it, the file can be trained on as it is.
enum class ScoreText : std::uint8_t { Without, With };

/// One line of JSON, without "\n": id, auth_weight, prov_entropy, source_class, method, what was found, and the
/// explanation.
std::string toJsonLine(const data::Document& document, const Score& score, ScoreText text);

/// Scores as JSONL. The file appears whole at close(), or not at all.
class ScoreFile {
public:
    static Result<ScoreFile> create(const std::filesystem::path& path, ScoreText text);

    Result<void> add(const data::Document& document, const Score& score);

    /// Puts the file in its place. Without it nothing is left behind.
    Result<void> close();

    std::int64_t lines() const { return m_lines; }

private:
    ScoreFile(AtomicFile file, ScoreText text);

    Result<void> flush();

    AtomicFile m_file;
    ScoreText m_text;
    std::string m_buffer;
    std::int64_t m_lines = 0;
};

} // namespace dubito::provenance
