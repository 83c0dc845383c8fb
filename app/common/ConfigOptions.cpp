// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/common/ConfigOptions.h"

#include "backend/base/Check.h"
#include "backend/config/ConfigFields.h"
#include "backend/config/ConfigFlags.h"
#include "backend/config/ConfigFolders.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace dubito::app {

namespace {

constexpr const char* kGroup = "Configuration";

std::string helpOf(const config::ConfigFlag& flag)
{
    const config::Field* field = config::findField(flag.key);
    CHECK(field != nullptr, "a flag names a key that is not in the table");
    return fmt::format("{} ({})", field->help, field->key);
}

void addKeyFlag(CLI::App& command, const config::ConfigFlag& flag, ConfigOptions& options)
{
    const auto take = [flag, &options](const std::string& text) {
        options.assignments.push_back({ std::string(flag.key), text, std::string(flag.flag) });
    };
    command.add_option_function<std::string>(std::string(flag.flag), take, helpOf(flag))
        ->type_name(std::string(flag.placeholder))
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast)
        ->group(kGroup);
}

} // namespace

void addSetOption(CLI::App& command, ConfigOptions& options)
{
    const auto take = [&options](const std::vector<std::string>& texts) {
        for (const std::string& text : texts) {
            auto assignment = config::parseAssignment(text);
            if (!assignment) {
                throw CLI::ValidationError("--set", assignment.error().message);
            }
            options.assignments.push_back(std::move(assignment).value());
        }
    };
    command.add_option_function<std::vector<std::string>>("--set", take, "Any key of the configuration; may be repeated.")
        ->type_name("SECTION.KEY=VALUE")
        ->allow_extra_args(false)
        ->group(kGroup);
}

void addConfigOptions(CLI::App& command, ConfigOptions& options)
{
    command.add_option("--config", options.file, "A configuration file (YAML).")->type_name("FILE")->group(kGroup);
    command.add_option("--profile", options.profile, "A hardware profile: a name in configs/hardware.")
        ->type_name("NAME")
        ->group(kGroup);
    command.add_option("--preset", options.preset, "A preset: a name in configs/presets.")->type_name("NAME")->group(kGroup);
    for (const config::ConfigFlag& flag : config::configFlags()) {
        addKeyFlag(command, flag, options);
    }
    addSetOption(command, options);
}

config::ConfigSources toSources(const ConfigOptions& options)
{
    config::ConfigSources sources;
    sources.profile = options.profile;
    sources.preset = options.preset;
    sources.file = options.file;
    sources.environment = config::processEnvironment();
    sources.flags = options.assignments;
    sources.folders = config::standardConfigFolders();
    return sources;
}

} // namespace dubito::app
