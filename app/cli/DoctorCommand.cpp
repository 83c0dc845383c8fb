// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/DoctorCommand.h"

#include "app/common/ConfigOptions.h"
#include "app/common/ExitCode.h"
#include "app/common/Tell.h"
#include "backend/base/Text.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <array>
#include <iostream>
#include <memory>

namespace dubito::app {

namespace {

using Json = nlohmann::ordered_json;
using session::MachineReport;

constexpr std::array<std::string_view, 3> kSeverityWords { "slow", "warning", "blocking" };

std::string_view toWord(session::Severity severity) { return kSeverityWords[static_cast<std::size_t>(severity)]; }

std::string orUnknown(std::int64_t bytes) { return bytes >= 0 ? bytesToText(bytes) : "unknown"; }

std::string orUnknown(const std::string& text) { return text.empty() ? "unknown" : text; }

std::string line(std::string_view name, const std::string& value) { return fmt::format("  {:<16} {}\n", name, value); }

Json orNull(std::int64_t bytes) { return bytes >= 0 ? Json(toMiB(bytes)) : Json(nullptr); }

struct DoctorFlags {
    ConfigOptions config;
    bool json = false;
};

int examine(const DoctorFlags& flags)
{
    const auto layered = layersOf(toSources(flags.config));
    if (!layered) {
        return tell(layered.error());
    }
    memory::LinuxMemoryProbe probe;
    const auto report = session::judgeMachine(
        session::readMachineFacts(probe, layered->config.training.output), layered->config);
    std::cout << (flags.json ? toJson(report) : toText(report)) << std::flush;
    if (!std::cout) {
        return tell({ ErrorCode::Output, "the report could not be written", "standard output" });
    }
    return toInt(report.isBlocked() ? ExitCode::VerdictNo : ExitCode::Done);
}

} // namespace

std::string toText(const MachineReport& report)
{
    const auto& facts = report.facts;
    std::string text = "machine\n";
    text += line("processor", orUnknown(facts.processor));
    text += line("threads", fmt::format("{}", facts.threads));
    text += line("vectors", facts.vectors.empty() ? "none that are known" : fmt::format("{}", fmt::join(facts.vectors, " ")));
    text += line("products", facts.products);
    text += line("memory", orUnknown(facts.memory.total));
    text += line("available", orUnknown(facts.memory.left()));
    text += line("control group", facts.memory.cgroupLimit > 0 ? bytesToText(facts.memory.cgroupLimit) : "no limit");
    text += line("stalled", facts.stalledPercentage >= 0 ? fmt::format("{:.1f} % of the time, for want of memory", facts.stalledPercentage)
                                               : "unknown");
    text += line("huge pages", orUnknown(facts.hugePages));
    text += line("disk", fmt::format("{} free at {}", orUnknown(facts.diskFree), facts.runFolder));
    text += "limits\n";
    text += line("pause below", bytesToText(report.pressure.pauseBelow) + " available");
    text += line("end below", bytesToText(report.pressure.abortBelow) + " available");
    text += line("budget", report.budget > 0 ? bytesToText(report.budget) : "off");
    text += line("levels", fmt::format("alert {}, cleanup {}, critical {}", bytesToText(report.levels.alert),
        bytesToText(report.levels.cleanup), bytesToText(report.levels.critical)));
    text += line("profile", report.profile.empty() ? "none fits; the defaults do"
                                                   : fmt::format("{}, if wanted: --profile {}", report.profile, report.profile));
    for (const auto& finding : report.findings) {
        text += fmt::format("{}: {}\n", toWord(finding.severity), finding.text);
    }
    text += report.isBlocked()  ? "A run would not get far like this.\n"
        : report.findings.empty() ? "Nothing is wrong.\n"
                                  : "A run may start.\n";
    return text;
}

std::string toJson(const MachineReport& report)
{
    const auto& facts = report.facts;
    Json findings = Json::array();
    for (const auto& finding : report.findings) {
        findings.push_back({ { "severity", toWord(finding.severity) }, { "text", finding.text } });
    }
    const Json json { { "processor", facts.processor }, { "threads", facts.threads }, { "vectors", facts.vectors },
        { "products", facts.products }, { "memory_mb", orNull(facts.memory.total) },
        { "available_mb", orNull(facts.memory.left()) }, { "cgroup_limit_mb", orNull(facts.memory.cgroupLimit) },
        { "stalled_percentage", facts.stalledPercentage >= 0 ? Json(facts.stalledPercentage) : Json(nullptr) },
        { "huge_pages", facts.hugePages }, { "run_folder", facts.runFolder }, { "disk_free_mb", orNull(facts.diskFree) },
        { "pause_below_mb", toMiB(report.pressure.pauseBelow) }, { "abort_below_mb", toMiB(report.pressure.abortBelow) },
        { "budget_mb", toMiB(report.budget) }, { "alert_mb", toMiB(report.levels.alert) },
        { "cleanup_mb", toMiB(report.levels.cleanup) }, { "critical_mb", toMiB(report.levels.critical) },
        { "profile", report.profile }, { "findings", findings }, { "may_start", !report.isBlocked() } };
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

void addDoctorCommand(CLI::App& program, int& exitCode)
{
    auto* command = program.add_subcommand(
        "doctor", "The machine, the limits that follow for a run, the profile that fits, and what is wrong.");
    const auto flags = std::make_shared<DoctorFlags>();
    addConfigOptions(*command, flags->config);
    command->add_flag("--json", flags->json, "Print JSON.");
    command->callback([flags, &exitCode] { exitCode = examine(*flags); });
}

} // namespace dubito::app
