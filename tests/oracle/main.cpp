// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/oracle/Oracle.h"

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <set>

namespace dubito::oracle {

// One line per kind file.
void addDistrustKinds(std::vector<Kind>& kinds);
void addJsonlKinds(std::vector<Kind>& kinds);
void addGradientKinds(std::vector<Kind>& kinds);
void addModelFileKinds(std::vector<Kind>& kinds);
void addLoraKinds(std::vector<Kind>& kinds);
void addModelKinds(std::vector<Kind>& kinds);
void addTokenizerKinds(std::vector<Kind>& kinds);
void addTrajectoryKinds(std::vector<Kind>& kinds);

} // namespace dubito::oracle

namespace {

using namespace dubito::oracle;

std::filesystem::path oracleDirectory()
{
    if (const char* named = std::getenv("DUBITO_ORACLE_DIR"); named != nullptr && *named != '\0') {
        return named;
    }
    return std::filesystem::path(DUBITO_SOURCE_DIR) / ".." / "shared" / "oracle";
}

std::vector<Kind> allKinds()
{
    std::vector<Kind> kinds;
    addDistrustKinds(kinds);
    addJsonlKinds(kinds);
    addGradientKinds(kinds);
    addModelFileKinds(kinds);
    addLoraKinds(kinds);
    addModelKinds(kinds);
    addTokenizerKinds(kinds);
    addTrajectoryKinds(kinds);
    return kinds;
}

/// A present directory must be checked whole: a kind with no case, or a case not checked, is a failure.
bool passes(const Kind& kind, const std::filesystem::path& oracle)
{
    KindReport report;
    try {
        report = kind.check(oracle);
    } catch (const std::exception& e) {
        report.fail(std::string("reading the oracle failed: ") + e.what());
    }
    std::printf("%s: found %d, checked %d, skipped %d", kind.name.c_str(), report.found, report.checked, report.skipped);
    std::printf(report.reason.empty() ? "\n" : " (%s)\n", report.reason.c_str());
    if (report.found == 0) {
        report.fail("no case was found");
    }
    if (report.found != report.checked + report.skipped || (report.skipped > 0 && report.reason.empty())) {
        report.fail("not every case that was found was checked");
    }
    for (const auto& failure : report.failures) {
        std::printf("    FAILED %s\n", failure.c_str());
    }
    return report.failures.empty();
}

/// What stands in the directory and belongs to no kind is named, so that a new sort of case is not overlooked.
void nameUnknown(const std::filesystem::path& oracle)
{
    const std::set<std::string> known { "adapters", "distrust", "e2e", "jsonl", "model_errors", "models", "numeric",
        "safetensors_cases", "tokenizers", "vectors", "README.md", "selfcheck.json", "tolerances.json" };
    for (const auto& entry : std::filesystem::directory_iterator(oracle)) {
        if (!known.contains(entry.path().filename().string())) {
            std::printf("unknown: %s is read by no kind\n", entry.path().filename().c_str());
        }
    }
}

} // namespace

int main()
{
    const auto oracle = oracleDirectory();
    if (!std::filesystem::is_directory(oracle)) {
        std::printf("oracle_tests: skipped, there is no oracle at %s (set DUBITO_ORACLE_DIR)\n", oracle.c_str());
        return 77;
    }
    nameUnknown(oracle);
    int failed = 0;
    const auto kinds = allKinds();
    for (const auto& kind : kinds) {
        failed += passes(kind, oracle) ? 0 : 1;
    }
    std::printf("%d passed, %d failed\n", static_cast<int>(kinds.size()) - failed, failed);
    return failed == 0 ? 0 : 1;
}
