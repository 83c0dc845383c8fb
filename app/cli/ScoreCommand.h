// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/config/Config.h"
#include "backend/data/JsonlReader.h"
#include "backend/provenance/ScoreFile.h"

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <iosfwd>
#include <map>
#include <string>

namespace CLI {
class App;
}

namespace dubito::app {

/// What all scores together say; its size does not depend on the corpus.
class ScoreSummary {
public:
    void add(const provenance::Score& score);

    /// "240 documents: authority 0.41 (0.05 to 0.90), entropy 4.2 (0.5 to 8.1)", and a line for each source class.
    std::string toText() const;

    /// One JSON object; `report` is of the reader.
    std::string toJson(const data::ReadReport& report) const;

    std::int64_t documents() const { return m_all.count; }

private:
    static constexpr std::size_t kMostClasses = 64; ///< further ones are counted as "other"

    struct Sums {
        std::int64_t count = 0;
        double authority = 0;
        double entropy = 0;
    };

    Sums m_all;
    std::map<std::string, Sums> m_classes;
    std::array<double, 2> m_authorities { 1, 0 }; ///< lowest, highest
    std::array<double, 2> m_entropies { 1e300, 0 };
};

/// What `dubito score` was asked.
struct ScoreQuestion {
    config::Config config; ///< data and provenance
    std::filesystem::path corpus; ///< a file or a folder
    std::filesystem::path output; ///< empty: the lines go to `out`
    provenance::ScoreText text = provenance::ScoreText::Without;
};

/// What came of it.
struct Scored {
    ScoreSummary summary;
    data::ReadReport report;
};

/// Scores every document, one JSON line each; memory is constant. ErrorCode::Data and NotFound of the corpus,
/// ErrorCode::Output when the lines cannot be written. An output file appears whole or not at all.
Result<Scored> scoreCorpus(
    const ScoreQuestion& question, std::ostream& out, const std::function<void(double share)>& onProgress);

/// Adds `score FILE`; `exitCode` is set when it was asked for, and must outlive `program`.
void addScoreCommand(CLI::App& program, int& exitCode);

} // namespace dubito::app
