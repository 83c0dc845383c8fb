// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/common/Console.h"

#include <csignal>
#include <fcntl.h>
#include <unistd.h>

namespace dubito::app {

void writeQuietly(std::FILE* stream, std::string_view text)
{
    [[maybe_unused]] const std::size_t written = std::fwrite(text.data(), 1, text.size(), stream);
}

void keepStandardStreams()
{
    for (const int number : { STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO }) {
        if (::fcntl(number, F_GETFD) >= 0) {
            continue;
        }
        // The lowest free number is this one. It stays open for the life of the program.
        [[maybe_unused]] const int taken = ::open("/dev/null", number == STDIN_FILENO ? O_WRONLY : O_RDONLY);
    }
}

void outliveReaders() { std::signal(SIGPIPE, SIG_IGN); }

} // namespace dubito::app
