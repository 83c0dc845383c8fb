// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/ConfigCommand.h"

#include "app/common/ConfigOptions.h"
#include "app/common/ExitCode.h"
#include "backend/config/ConfigFile.h"
#include "backend/config/ConfigYaml.h"

#include <CLI/CLI.hpp>

#include <iostream>
#include <memory>
#include <string>

namespace dubito::app {

namespace {

void print(const std::vector<Error>& errors, std::string_view kind, std::ostream& out)
{
    for (const Error& error : errors) {
        out << kind << ": " << toText(error) << '\n';
    }
}

void addShow(CLI::App& parent, int& exitCode)
{
    struct Flags {
        ConfigOptions options;
        bool json = false;
    };
    const auto flags = std::make_shared<Flags>();
    CLI::App* command = parent.add_subcommand("show", "Every value, and who set it: default, profile, preset, file, environment, flag.");
    addConfigOptions(*command, flags->options);
    command->add_flag("--json", flags->json, "Print JSON.");
    command->callback([flags, &exitCode] {
        const ReportForm form = flags->json ? ReportForm::Json : ReportForm::Text;
        exitCode = showConfig(toSources(flags->options), form, std::cout, std::cerr);
    });
}

void addCheck(CLI::App& parent, int& exitCode)
{
    const auto file = std::make_shared<std::string>();
    CLI::App* command = parent.add_subcommand("check", "All problems of a configuration file, each with its line.");
    command->add_option("FILE", *file, "The file to check.")->required();
    command->callback([file, &exitCode] { exitCode = checkConfig(*file, std::cout, std::cerr); });
}

} // namespace

int showConfig(const config::ConfigSources& sources, ReportForm form, std::ostream& out, std::ostream& problems)
{
    const config::LayeredConfig layered = config::layerConfig(sources);
    print(layered.warnings, "dubito: warning", problems);
    print(layered.problems, "dubito", problems);
    if (!layered.problems.empty()) {
        return toInt(ExitCode::Usage);
    }
    out << (form == ReportForm::Json ? config::reportJson(layered.config, layered.origins)
                                     : config::reportText(layered.config, layered.origins))
        << std::flush;
    return toInt(out ? ExitCode::Done : ExitCode::OutputFailed);
}

int checkConfig(const std::filesystem::path& file, std::ostream& out, std::ostream& problems)
{
    config::ConfigSources sources;
    sources.file = file;
    const config::LayeredConfig layered = config::layerConfig(sources);
    print(layered.problems, "dubito", problems);
    if (!layered.problems.empty()) {
        return toInt(ExitCode::Usage);
    }
    out << file.string() << ": no problems, " << config::readConfigFile(file).values.size() << " values\n";
    return toInt(ExitCode::Done);
}

void addConfigCommand(CLI::App& program, int& exitCode)
{
    CLI::App* command = program.add_subcommand("config", "Shows, checks and explains the configuration.");
    command->require_subcommand(1);
    addShow(*command, exitCode);
    command->add_subcommand("default", "Every key with its default, its help and its range, as a file.")->callback([&exitCode] {
        std::cout << config::defaultYaml() << std::flush;
        exitCode = toInt(std::cout ? ExitCode::Done : ExitCode::OutputFailed);
    });
    addCheck(*command, exitCode);
}

} // namespace dubito::app
