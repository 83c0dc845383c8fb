// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/Restart.h"

#include "app/common/Console.h"
#include "app/common/ExitCode.h"
#include "backend/base/AtomicFile.h"
#include "backend/base/Text.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <unistd.h>
#include <vector>

namespace dubito::app {

namespace {

std::vector<std::string> ownArguments()
{
    std::ifstream in("/proc/self/cmdline", std::ios::binary);
    const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    std::vector<std::string> arguments;
    for (std::size_t from = 0; from < text.size();) {
        const auto end = std::min(text.find('\0', from), text.size());
        arguments.push_back(text.substr(from, end - from));
        from = end + 1;
    }
    return arguments;
}

} // namespace

bool isSupervised()
{
    const char* value = std::getenv("DUBITO_SUPERVISED");
    return value != nullptr && parseSwitch(value).value_or(false);
}

int restartWithResume(const std::string& runFolder)
{
    auto arguments = ownArguments();
    if (std::ranges::find(arguments, "--resume") == arguments.end()) {
        arguments.emplace_back("--resume");
    }
    arguments.push_back("--output=" + runFolder);
    std::vector<char*> pointers;
    for (auto& argument : arguments) {
        pointers.push_back(argument.data());
    }
    pointers.push_back(nullptr);
    // Blocked signals are inherited by exec; the new process blocks its own.
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    say(stderr, "dubito: memory was retained; a fresh process goes on\n");
    ::execv("/proc/self/exe", pointers.data());
    say(stderr, "dubito: the program cannot be executed anew ({0}); go on with dubito train --config {1}/run.yaml --resume "
                "--output {1}\n",
        std::strerror(errno), runFolder);
    return toInt(ExitCode::RestartWanted);
}

} // namespace dubito::app
