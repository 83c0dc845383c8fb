// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/LeakCommand.h"

#include "app/common/ExitCode.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <map>
#include <memory>
#include <optional>

namespace dubito::app {

namespace {

bool hasAlarm(const memory::TraceVerdict& verdict, memory::Decision decision)
{
    return std::ranges::count(verdict.alarms, decision, &memory::TraceAlarm::decision) > 0;
}

/// Growth itself, and not only memory that is nearly full.
bool isOfGrowth(const memory::TraceAlarm& alarm)
{
    return alarm.decision == memory::Decision::Warn || alarm.reason.empty();
}

/// The whole trace in one sentence.
std::string conclusion(const memory::TraceVerdict& verdict)
{
    const auto leak = std::ranges::find_if(verdict.alarms, isOfGrowth);
    const auto urgent
        = std::ranges::find_if(verdict.alarms, [](const memory::TraceAlarm& alarm) { return !alarm.reason.empty(); });
    std::string text = fmt::format("{} rows: ", verdict.rows);
    if (leak != verdict.alarms.end()) {
        const bool isCertain = std::ranges::any_of(verdict.alarms, [](const memory::TraceAlarm& alarm) {
            return alarm.decision == memory::Decision::Act && alarm.reason.empty();
        });
        text += fmt::format("leak {} step {}; {:.3f} MB/step at the end ({:.3f} to {:.3f}){}",
            isCertain ? "certain, seen from" : "suspected from", leak->step, verdict.growth.mbPerStep, verdict.growth.low,
            verdict.growth.high, isCertain ? "" : ", less than is acted on");
    } else if (verdict.nothingAbove > 0) {
        text += fmt::format("no leak above {:.3f} MB/step", verdict.nothingAbove);
    } else {
        text += "too few to tell a leak from noise";
    }
    return urgent == verdict.alarms.end() ? text : text + fmt::format("; from step {} on {}", urgent->step, urgent->reason);
}

} // namespace

int judgeLeak(const LeakQuestion& question, std::ostream& out, std::ostream& remarks)
{
    const Result<memory::LeakTrace> trace = memory::readLeakTrace(question.file, question.column);
    if (!trace) {
        remarks << "dubito: " << toText(trace.error()) << '\n';
        return trace.error().code == ErrorCode::Usage ? toInt(ExitCode::Usage) : toInt(ExitCode::Refused);
    }
    const memory::TraceVerdict verdict = memory::judgeTrace(*trace, question.wishes);
    for (const memory::TraceAlarm& alarm : verdict.alarms) {
        out << memory::toJson(alarm) << '\n';
    }
    out << memory::toJson(verdict) << '\n' << std::flush;
    if (question.form == VerdictForm::JsonAndSentence) {
        remarks << conclusion(verdict) << '\n';
    }
    if (!out) {
        remarks << "dubito: standard output: the verdict could not be written\n";
        return toInt(ExitCode::OutputFailed);
    }
    const bool isFound = question.failOn != memory::Decision::None && hasAlarm(verdict, question.failOn);
    return toInt(isFound ? ExitCode::VerdictNo : ExitCode::Done);
}

void addLeakCommand(CLI::App& program, int& exitCode)
{
    struct Flags {
        LeakQuestion question;
        std::string file;
        bool json = false;
    };
    const auto flags = std::make_shared<Flags>();
    LeakQuestion& question = flags->question;
    CLI::App* command = program.add_subcommand("leak", "Judges a recorded memory trace: is it a leak, and how large?");
    command->add_option("FILE", flags->file, "CSV with a header: step and rss_mb, in MiB.")->required();
    command->add_option("--column", question.column, "The column to judge.")->capture_default_str();
    command->add_option("--reload-at", question.wishes.reloadAt, "The model was reloaded at this step.")
        ->check(CLI::NonNegativeNumber);
    command->add_option("--limit-mb", question.wishes.limitMb, "Memory limit in MiB: adds forecast and limit rules.")
        ->check(CLI::PositiveNumber);
    command->add_flag("--json", flags->json, "JSON lines only, no sentence beside them.");
    const std::map<std::string, memory::Decision> words { { "warn", memory::Decision::Warn },
        { "act", memory::Decision::Act } };
    command->add_option("--fail-on", question.failOn, "warn or act: exit code 10 when this alarm was found.")
        ->transform(CLI::CheckedTransformer(words).description(""))
        ->type_name("warn|act");
    command->callback([flags, &exitCode] {
        flags->question.file = flags->file;
        flags->question.form = flags->json ? VerdictForm::Json : VerdictForm::JsonAndSentence;
        exitCode = judgeLeak(flags->question, std::cout, std::cerr);
    });
}

} // namespace dubito::app
