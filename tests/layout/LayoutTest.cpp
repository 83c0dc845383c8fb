// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kHeaderBudget = 200;
constexpr std::size_t kSourceBudget = 400;

struct SourceFile {
    std::string path; ///< from the root, with slashes
    std::vector<std::string> lines;
};

const fs::path kRoot = DUBITO_SOURCE_DIR;

std::vector<std::string> linesOf(const fs::path& path)
{
    std::ifstream in(path);
    std::vector<std::string> lines;
    for (std::string line; std::getline(in, line);) {
        lines.push_back(line);
    }
    return lines;
}

std::vector<std::string> ruleLines(const std::string& name)
{
    auto lines = linesOf(kRoot / "tests/layout" / name);
    std::erase_if(lines, [](const std::string& line) { return line.empty() || line.starts_with('#'); });
    return lines;
}

const std::vector<SourceFile>& sourceFiles()
{
    static const std::vector<SourceFile> kFiles = [] {
        std::vector<SourceFile> files;
        for (const char* top : { "backend", "ui", "app", "tests", "bench" }) {
            if (!fs::exists(kRoot / top)) {
                continue;
            }
            for (const auto& entry : fs::recursive_directory_iterator(kRoot / top)) {
                const auto extension = entry.path().extension();
                if (extension == ".h" || extension == ".cpp") {
                    files.push_back({ fs::relative(entry.path(), kRoot).generic_string(), linesOf(entry.path()) });
                }
            }
        }
        std::ranges::sort(files, {}, &SourceFile::path);
        return files;
    }();
    return kFiles;
}

bool isBelow(const std::string& path, const std::string& folder)
{
    return path == folder || path.starts_with(folder + "/");
}

bool isBelowAny(const std::string& path, const std::vector<std::string>& folders)
{
    return std::ranges::any_of(folders, [&](const std::string& folder) { return isBelow(path, folder); });
}

std::vector<std::string> wordsOf(const std::string& text)
{
    std::istringstream in(text);
    std::vector<std::string> words;
    for (std::string word; in >> word;) {
        words.push_back(word);
    }
    return words;
}

struct ForeignWord {
    std::string word;
    std::vector<std::string> places;
};

struct Rules {
    std::map<std::string, std::vector<std::string>> mayInclude;
    std::vector<ForeignWord> foreignWords;
};

Rules readRules()
{
    Rules rules;
    for (const auto& line : ruleLines("rules.txt")) {
        const auto colon = line.starts_with('!') ? line.find(": ") : line.find(':');
        const auto rest = wordsOf(line.substr(std::min(line.size(), colon + 1)));
        if (line.starts_with('!')) {
            rules.foreignWords.push_back({ line.substr(1, colon - 1), rest });
        } else {
            rules.mayInclude[line.substr(0, colon)] = rest;
        }
    }
    return rules;
}

/// The longest rule folder that holds the path.
std::optional<std::string> ruleFolder(const Rules& rules, const std::string& path)
{
    std::optional<std::string> best;
    for (const auto& [folder, allowed] : rules.mayInclude) {
        if (isBelow(path, folder) && (!best || folder.size() > best->size())) {
            best = folder;
        }
    }
    return best;
}

std::optional<std::string> includedFile(const std::string& line)
{
    constexpr std::string_view kInclude = "#include \"";
    if (!line.starts_with(kInclude)) {
        return std::nullopt;
    }
    return line.substr(kInclude.size(), line.rfind('"') - kInclude.size());
}

TEST(Layout, IncludesFollowTheRules)
{
    const auto rules = readRules();
    for (const auto& file : sourceFiles()) {
        const auto folder = ruleFolder(rules, file.path);
        ASSERT_TRUE(folder) << file.path << " stands in a folder without a rule";
        for (const auto& line : file.lines) {
            const auto included = includedFile(line);
            if (!included || included->find('/') == std::string::npos || included->ends_with(".moc")) {
                continue;
            }
            EXPECT_TRUE(isBelow(*included, *folder) || isBelowAny(*included, rules.mayInclude.at(*folder)))
                << file.path << " may not include " << *included << " (tests/layout/rules.txt, " << *folder << ")";
        }
    }
}

/// Words in comments do not count.
std::string codeOf(const std::string& line) { return line.substr(0, line.find("//")); }

TEST(Layout, ForeignWordsStayInTheirFolder)
{
    const auto rules = readRules();
    for (const auto& file : sourceFiles()) {
        for (std::size_t i = 0; i < file.lines.size(); ++i) {
            const auto code = codeOf(file.lines[i]);
            for (const auto& foreign : rules.foreignWords) {
                if (code.find(foreign.word) != std::string::npos && !file.path.starts_with("tests/layout/")) {
                    EXPECT_TRUE(isBelowAny(file.path, foreign.places))
                        << file.path << ":" << i + 1 << " uses " << foreign.word << ", which belongs elsewhere";
                }
            }
        }
    }
}

TEST(Layout, FilesStayInTheirBudget)
{
    for (const auto& file : sourceFiles()) {
        const bool isHeader = file.path.ends_with(".h");
        const std::size_t budget = isHeader ? kHeaderBudget : kSourceBudget;
        EXPECT_LE(file.lines.size(), budget)
            << file.path << ": which part of it has a name of its own?";
    }
}

TEST(Layout, EveryFileBeginsWithItsLicenceAndHeadersWithAPragma)
{
    for (const auto& file : sourceFiles()) {
        ASSERT_FALSE(file.lines.empty()) << file.path;
        EXPECT_EQ(file.lines[0], "// SPDX-License-Identifier: GPL-3.0-or-later") << file.path;
        if (file.path.ends_with(".h")) {
            EXPECT_TRUE(std::ranges::find(file.lines, "#pragma once") != file.lines.end()) << file.path;
        }
    }
}

/// A unit is a source file, or a header without one that holds code.
std::set<std::string> units()
{
    std::set<std::string> found;
    for (const auto& file : sourceFiles()) {
        if ((file.path.starts_with("backend/") || file.path.starts_with("ui/")) && file.path.ends_with(".cpp")) {
            found.insert(file.path.substr(0, file.path.size() - 4));
        }
    }
    return found;
}

TEST(Layout, EveryUnitHasItsTestOrAReason)
{
    std::set<std::string> excused;
    for (const auto& line : ruleLines("untested.txt")) {
        const auto colon = line.find(": ");
        ASSERT_NE(colon, std::string::npos) << "untested.txt wants 'unit: reason': " << line;
        excused.insert(line.substr(0, colon));
    }
    for (const auto& unit : units()) {
        const bool hasTest = fs::exists(kRoot / "tests" / (unit + "Test.cpp"));
        EXPECT_TRUE(hasTest || excused.contains(unit)) << unit << " has no tests/" << unit << "Test.cpp";
        EXPECT_FALSE(hasTest && excused.contains(unit)) << unit << " is tested: take it out of untested.txt";
    }
}

TEST(Layout, OnlyListedNamesStandAtTheTop)
{
    const auto allowed = ruleLines("allowed.txt");
    for (const auto& entry : fs::directory_iterator(kRoot)) {
        const auto name = entry.path().filename().string();
        EXPECT_TRUE(name.starts_with('.') || std::ranges::find(allowed, name) != allowed.end()) << name;
    }
}

TEST(Layout, EverySourceIsListedInTheBuildFileOfItsFolder)
{
    for (const auto& file : sourceFiles()) {
        if (!file.path.ends_with(".cpp")) {
            continue;
        }
        bool listed = false;
        for (fs::path folder = fs::path(file.path).parent_path(); !folder.empty() && !listed;
             folder = folder.parent_path()) {
            const auto text = linesOf(kRoot / folder / "CMakeLists.txt");
            const auto name = fs::relative(file.path, folder).generic_string();
            listed = std::ranges::any_of(text, [&](const std::string& line) { return line.find(name) != std::string::npos; });
        }
        EXPECT_TRUE(listed) << file.path << " is built by no CMakeLists.txt";
    }
}

} // namespace
