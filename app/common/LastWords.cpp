// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/common/LastWords.h"

#include "app/common/ExitCode.h"

#include <array>
#include <cstdlib>
#include <exception>
#include <execinfo.h>
#include <new>
#include <string_view>
#include <system_error>
#include <unistd.h>

namespace dubito::app {

namespace {

/// No memory is taken here.
void say(std::string_view text)
{
    [[maybe_unused]] const auto written = ::write(STDERR_FILENO, text.data(), text.size());
}

[[noreturn]] void endForMemory(std::string_view text)
{
    say(text);
    ::_exit(toInt(ExitCode::StoppedForMemory));
}

[[noreturn]] void lastWords()
{
    try {
        if (const auto thrown = std::current_exception()) {
            std::rethrow_exception(thrown);
        }
    } catch (const std::bad_alloc&) {
        endForMemory("dubito: the system has no more memory to give, and the program ends at once; close other programs or "
                     "raise the limit (ulimit -v), then go on with --resume\n");
    } catch (const std::system_error& problem) {
        if (problem.code() == std::errc::resource_unavailable_try_again) {
            endForMemory("dubito: the system gives no more threads, and the program ends at once; lower training.threads or "
                         "raise the limit (ulimit -u, ulimit -v), then go on with --resume\n");
        }
        say("dubito: internal error: ");
        say(problem.what());
        say("\n");
    } catch (const std::exception& problem) {
        say("dubito: internal error: ");
        say(problem.what());
        say("\n");
    } catch (...) {
        say("dubito: internal error: something unknown was thrown\n");
    }
    std::abort();
}

} // namespace

void speakLastWords()
{
    std::array<void*, 2> frames {};
    [[maybe_unused]] const int depth = ::backtrace(frames.data(), static_cast<int>(frames.size()));
    std::set_terminate(lastWords);
}

} // namespace dubito::app
