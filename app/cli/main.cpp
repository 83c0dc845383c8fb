// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/ConfigCommand.h"
#include "app/cli/DoctorCommand.h"
#include "app/cli/GenerateCommand.h"
#include "app/cli/LeakCommand.h"
#include "app/cli/MergeCommand.h"
#include "app/cli/PlanCommand.h"
#include "app/cli/PreferenceCommand.h"
#include "app/cli/ScoreCommand.h"
#include "app/cli/ProbeCommand.h"
#include "app/cli/SuperviseCommand.h"
#include "app/cli/TrainCommand.h"
#include "app/common/Console.h"
#include "app/common/ExitCode.h"
#include "app/common/Tell.h"

#include <CLI/CLI.hpp>
#include <new>

int main(int argc, char** argv)
{
    using namespace dubito::app;
    keepStandardStreams();
    CLI::App program { "Dubito fine-tunes language models with the Empirical Distrust loss and watches its own memory.",
        "dubito" };
    program.set_version_flag("--version", "dubito " DUBITO_VERSION);
    program.require_subcommand(1);
    int exitCode = toInt(ExitCode::Usage);
    addTrainCommand(program, exitCode);
    addDoctorCommand(program, exitCode);
    addGenerateCommand(program, exitCode);
    addLeakCommand(program, exitCode);
    addMergeCommand(program, exitCode);
    addPlanCommand(program, exitCode);
    addPreferenceCommand(program, exitCode);
    addScoreCommand(program, exitCode);
    addConfigCommand(program, exitCode);
    addProbeCommand(program, exitCode);
    addSuperviseCommand(program, exitCode);
    try {
        const auto ended = parseWords(program, argc, argv);
        return ended.value_or(exitCode);
    } catch (const std::bad_alloc&) {
        return tell({ dubito::ErrorCode::Memory,
            "the system has no more memory to give; close other programs or raise the limit (ulimit -v)", "" });
    } catch (const std::exception& problem) {
        return tell({ dubito::ErrorCode::Internal, problem.what(), "internal error" });
    }
}
