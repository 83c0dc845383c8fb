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
#include "app/common/LastWords.h"
#include "app/common/Tell.h"
#include "backend/base/Thrown.h"

#include <CLI/CLI.hpp>
#include <exception>

int main(int argc, char** argv)
{
    using namespace dubito::app;
    keepStandardStreams();
    speakLastWords();
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
    } catch (...) {
        auto error = dubito::errorOf(std::current_exception(), "");
        error.where = error.code == dubito::ErrorCode::Internal ? "internal error" : "";
        return tell(error);
    }
}
