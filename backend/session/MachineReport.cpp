// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/MachineReport.h"

#include "backend/base/Parallel.h"
#include "backend/base/Text.h"
#include "backend/model/AmxGemm.h"
#include "backend/model/Gemm.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <system_error>
#include <utility>

namespace dubito::session {

namespace {

constexpr std::array<std::string_view, 5> kVectorWords { "avx2", "fma", "avx512f", "avx512_bf16", "amx_bf16" };

constexpr double kStalledMuch = 10; ///< percent
constexpr std::int64_t kLittleDisk = 2 * kGiB;
constexpr std::int64_t kLittleMemory = 2 * kGiB;

struct ProfileRow {
    std::string_view name;
    double gib;
};

/// configs/hardware, largest first.
constexpr std::array kProfiles { ProfileRow { "ultra_192gb", 192 }, ProfileRow { "ultra_96gb", 96 },
    ProfileRow { "max_64gb", 64 }, ProfileRow { "pro_32gb", 32 }, ProfileRow { "base_16gb", 16 } };

/// A machine that is sold with 16 GiB tells of a little less.
constexpr double kTold = 0.93;

/// The value of "key : value" of the first processor.
std::string firstValue(std::istream& in, std::string_view key)
{
    for (std::string line; std::getline(in, line);) {
        const auto colon = line.find(':');
        if (colon != std::string::npos && trimmed(std::string_view(line).substr(0, colon)) == key) {
            return std::string(trimmed(std::string_view(line).substr(colon + 1)));
        }
    }
    return {};
}

std::vector<std::string> vectorsOf(const std::string& flags)
{
    const std::string padded = " " + flags + " ";
    std::vector<std::string> found;
    for (const auto word : kVectorWords) {
        if (padded.find(fmt::format(" {} ", word)) != std::string::npos) {
            found.emplace_back(word);
        }
    }
    return found;
}

/// The word in brackets: "always [madvise] never".
std::string chosenWord(std::istream& in)
{
    std::string line;
    std::getline(in, line);
    const auto open = line.find('[');
    const auto close = line.find(']', open == std::string::npos ? 0 : open);
    return open == std::string::npos || close == std::string::npos ? "" : line.substr(open + 1, close - open - 1);
}

/// The nearest folder above that exists: the run's own is made later.
std::filesystem::path existing(std::filesystem::path folder)
{
    std::error_code problem;
    folder = std::filesystem::absolute(folder, problem);
    while (!folder.empty() && folder != folder.parent_path() && !std::filesystem::exists(folder, problem)) {
        folder = folder.parent_path();
    }
    return folder;
}

bool has(const MachineFacts& facts, std::string_view word)
{
    return std::ranges::find(facts.vectors, word) != facts.vectors.end();
}

void judgeMemory(MachineReport& report)
{
    const auto& memory = report.facts.memory;
    const std::int64_t left = memory.left();
    const auto add = [&](Severity severity, std::string text) { report.findings.push_back({ severity, std::move(text) }); };
    if (left < 0) {
        add(Severity::Warning, "the machine does not tell how much memory it has left: pressure cannot be watched");
        return;
    }
    if (left < report.pressure.abortBelow) {
        add(Severity::Blocking,
            fmt::format("{} are available, less than the {} below which a run saves and ends: close other programs, or lower "
                        "memory.abort_available_gb and memory.pause_available_gb",
                bytesToText(left), bytesToText(report.pressure.abortBelow)));
    } else if (left < report.pressure.pauseBelow) {
        add(Severity::Blocking,
            fmt::format("{} are available, less than the {} below which a run pauses: close other programs, or lower "
                        "memory.pause_available_gb",
                bytesToText(left), bytesToText(report.pressure.pauseBelow)));
    } else if (left < kLittleMemory) {
        add(Severity::Warning, fmt::format("only {} are available: ask dubito plan what fits", bytesToText(left)));
    }
    if (memory.cgroupLimit > 0 && memory.total > 0 && memory.cgroupLimit < memory.total) {
        add(Severity::Warning,
            fmt::format("a control group allows {} of the machine's {}: what passes it is killed, so this is the limit that "
                        "counts",
                bytesToText(memory.cgroupLimit), bytesToText(memory.total)));
    }
    if (report.budget > memory.size() && memory.size() > 0) {
        add(Severity::Blocking,
            fmt::format("memory.budget_gb allows {}, more than the {} there are: lower it", bytesToText(report.budget),
                bytesToText(memory.size())));
    }
    if (report.facts.stalledPercentage > kStalledMuch) {
        add(Severity::Warning,
            fmt::format("in {:.0f} % of the last ten seconds all programs waited for memory: something else takes it",
                report.facts.stalledPercentage));
    }
}

void judgeTheRest(MachineReport& report)
{
    const auto& facts = report.facts;
    const auto add = [&](Severity severity, std::string text) { report.findings.push_back({ severity, std::move(text) }); };
    if (!has(facts, "avx2") || !has(facts, "fma")) {
        add(Severity::Slow, "the processor has no AVX2 with FMA: training works, several times slower than it could be");
    }
    if (facts.products.starts_with("Eigen")) {
        add(Severity::Slow, "this program was built without oneDNN: install its package (.ci/packages.txt) and build again for faster products");
    }
    if (facts.hugePages == "never") {
        add(Severity::Slow,
            "transparent huge pages are off; \"madvise\" in /sys/kernel/mm/transparent_hugepage/enabled makes large tensors "
            "a little faster");
    }
    if (facts.diskFree >= 0 && facts.diskFree < kLittleDisk) {
        add(Severity::Warning,
            fmt::format("{} are free where runs are written ({}): a checkpoint takes three times its weights, and "
                        "training.save_total_limit of them are kept",
                bytesToText(facts.diskFree), facts.runFolder));
    }
    if (facts.diskFree < 0) {
        add(Severity::Blocking, fmt::format("nothing can be written to {}: name another folder with --output", facts.runFolder));
    }
}

} // namespace

MachineFacts readMachineFacts(
    memory::MemoryProbe& probe, const std::filesystem::path& runs, const std::filesystem::path& root)
{
    MachineFacts facts;
    std::ifstream names(root / "proc/cpuinfo");
    facts.processor = escaped(firstValue(names, "model name"));
    std::ifstream flags(root / "proc/cpuinfo");
    facts.vectors = vectorsOf(firstValue(flags, "flags"));
    facts.threads = Parallel(0).threads();
    facts.products = model::productLibrary();
    if (model::amxServesFloat()) {
        facts.products += ", large ones by the processor's tiles (AMX)";
    }
    facts.memory = probe.machine();
    facts.stalledPercentage = probe.stalledPercentage();
    std::ifstream pages(root / "sys/kernel/mm/transparent_hugepage/enabled");
    facts.hugePages = chosenWord(pages);
    const auto folder = existing(runs.empty() ? std::filesystem::path("runs") : runs);
    facts.runFolder = folder.string();
    std::error_code problem;
    const auto space = std::filesystem::space(folder, problem);
    facts.diskFree = problem ? -1 : static_cast<std::int64_t>(space.available);
    return facts;
}

bool MachineReport::isBlocked() const
{
    return std::ranges::any_of(findings, [](const Finding& finding) { return finding.severity == Severity::Blocking; });
}

MachineReport judgeMachine(MachineFacts facts, const config::Config& config)
{
    MachineReport report;
    report.facts = std::move(facts);
    const auto& machine = report.facts.memory;
    report.pressure = memory::pressureRules(config.memory, machine);
    report.levels = memory::thresholdsOf(config.memory, memory::levelBase(config.memory, machine));
    report.budget = static_cast<std::int64_t>(config.memory.budgetGb * static_cast<double>(kGiB));
    const auto profile = std::ranges::find_if(
        kProfiles, [&](const ProfileRow& row) { return toGiB(machine.size()) >= kTold * row.gib; });
    report.profile = profile == kProfiles.end() ? "" : std::string(profile->name);
    judgeMemory(report);
    judgeTheRest(report);
    return report;
}

} // namespace dubito::session
