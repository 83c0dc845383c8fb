// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

/// The oracle: vectors of an independent implementation, read by discovery from DUBITO_ORACLE_DIR.
///
/// A kind is one sort of case ("tokenizers encode", "safetensors"). Each has one function that finds its cases below the
/// directory, runs the real code on every one and reports. No case is named in code; tolerances come from
/// tolerances.json.
namespace dubito::oracle {

struct KindReport {
    int found = 0;
    int checked = 0;
    int skipped = 0;
    std::string reason; ///< why some were skipped
    std::vector<std::string> failures; ///< sentences: case, expected, got (the first 50 are enough)

    void fail(std::string sentence);

    /// `limit` is relative to what is wanted.
    void expectNear(const std::string& what, double wanted, double got, double limit);
};

struct Kind {
    std::string name;
    std::function<KindReport(const std::filesystem::path& oracle)> check;
};

/// Each kind file adds its rows: `void addTokenizerKinds(std::vector<Kind>& kinds);` and is called in main.cpp.
nlohmann::json readJson(const std::filesystem::path& file);

/// Sub-directories (or files) directly below `folder`, sorted by name; empty when it is absent.
std::vector<std::filesystem::path> foldersIn(const std::filesystem::path& folder);
std::vector<std::filesystem::path> filesIn(const std::filesystem::path& folder, const std::string& extension);

/// A limit of tolerances.json by its key, or `otherwise`.
double tolerance(const std::filesystem::path& oracle, const std::string& key, double otherwise);

} // namespace dubito::oracle
