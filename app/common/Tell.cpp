// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/common/Tell.h"

#include "app/common/Console.h"
#include "app/common/ExitCode.h"
#include "backend/base/Text.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <fmt/format.h>
#include <string>
#include <string_view>
#include <vector>

namespace dubito::app {

namespace {

/// The command that the words came to: "dubito train" where "train" was understood.
const CLI::App& commandOf(const CLI::App& program)
{
    const CLI::App* command = &program;
    while (!command->get_subcommands().empty()) {
        command = command->get_subcommands().front();
    }
    return *command;
}

std::string nameOf(const CLI::App& command)
{
    const CLI::App* parent = command.get_parent();
    return parent == nullptr ? command.get_name() : nameOf(*parent) + ' ' + command.get_name();
}

std::vector<std::string> optionsOf(const CLI::App& command)
{
    std::vector<std::string> names;
    for (const CLI::Option* option : command.get_options()) {
        for (const std::string& name : option->get_lnames()) {
            names.push_back("--" + name);
        }
    }
    return names;
}

std::vector<std::string> commandsOf(const CLI::App& command)
{
    std::vector<std::string> names;
    for (const CLI::App* below : command.get_subcommands([](const CLI::App*) { return true; })) {
        names.push_back(below->get_name());
    }
    return names;
}

std::string withNearest(std::string sentence, std::string_view word, const std::vector<std::string>& known)
{
    constexpr std::size_t kLongest = 100; // nobody means a known word by a longer one
    const std::vector<std::string_view> views(known.begin(), known.end());
    const auto near = word.size() < kLongest ? nearestWord(word, views) : std::nullopt;
    return near ? sentence + fmt::format("; did you mean {}?", *near) : sentence;
}

/// A word that nothing was done with.
std::string leftOver(const CLI::App& command, std::string_view word)
{
    const std::string name = nameOf(command);
    if (word.starts_with('-') && word.size() > 1) {
        const std::string flag(word.substr(0, word.find('=')));
        return withNearest(fmt::format("{} has no option {}", name, escaped(flag)), flag, optionsOf(command));
    }
    const auto commands = commandsOf(command);
    return commands.empty() ? fmt::format("{} takes no word more, and {} is one", name, quoted(word))
                            : withNearest(fmt::format("{} has no command {}", name, quoted(word)), word, commands);
}

std::string explain(const CLI::App& program, const CLI::ParseError& problem)
{
    const CLI::App& command = commandOf(program);
    const auto left = program.remaining(true);
    if (!left.empty()) {
        return leftOver(command, left.front());
    }
    const auto commands = commandsOf(command);
    return commands.empty() ? problem.what() : fmt::format("which command? There are {}", fmt::join(commands, ", "));
}

} // namespace

int tell(const Error& error)
{
    say(stderr, "dubito: {}\n", toText(error));
    return toInt(toExitCode(error.code));
}

Result<config::LayeredConfig> layersOf(const config::ConfigSources& sources)
{
    auto layered = config::layerConfig(sources);
    for (const Error& warning : layered.warnings) {
        say(stderr, "dubito: warning: {}\n", toText(warning));
    }
    for (const Error& problem : layered.problems) {
        tell(problem);
    }
    if (!layered.problems.empty()) {
        return Error { ErrorCode::Usage,
            fmt::format("the configuration has {}; nothing was started",
                countOf(static_cast<std::int64_t>(layered.problems.size()), "problem")),
            "" };
    }
    return layered;
}

std::optional<int> parseWords(CLI::App& program, int count, const char* const* words)
{
    try {
        program.parse(count, words);
    } catch (const CLI::Success& asked) {
        program.exit(asked);
        return toInt(ExitCode::Done);
    } catch (const CLI::ParseError& problem) {
        say(stderr, "dubito: {}\n{} --help says more\n", explain(program, problem), nameOf(commandOf(program)));
        return toInt(ExitCode::Usage);
    }
    return std::nullopt;
}

} // namespace dubito::app
