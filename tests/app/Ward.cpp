// SPDX-License-Identifier: GPL-3.0-or-later
// A program for the supervisor to look after: it leaks, asks, ends or stays, as its first argument says. The second one
// names a file in which it counts its starts; from the second start on it is well, writes "well" into it and ends with 0.
#include <array>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iostream>
#include <poll.h>
#include <string>
#include <string_view>
#include <unistd.h>
#include <vector>

namespace {

constexpr std::size_t kMiB = std::size_t { 1 } << 20;

volatile std::sig_atomic_t g_isAsked = 0;

void ask(int) { g_isAsked = 1; }

/// Every page is written to, and nobody gives it back. Volatile: an optimiser drops writes that nobody reads.
void leak(std::size_t bytes)
{
    auto* memory = static_cast<volatile char*>(std::malloc(bytes));
    for (std::size_t at = 0; at < bytes; at += 4096) {
        memory[at] = 1;
    }
}

void nap() { ::poll(nullptr, 0, 5); }

[[noreturn]] void waitForTheEnd()
{
    while (g_isAsked == 0) {
        nap();
    }
    ::_exit(75);
}

int countStarts(const std::string& file)
{
    int starts = 0;
    std::ifstream(file) >> starts;
    std::ofstream(file) << ++starts << '\n';
    return starts;
}

void beIll(std::string_view mode)
{
    if (mode == "leak") {
        while (g_isAsked == 0) {
            leak(kMiB);
            nap();
        }
        ::_exit(75);
    }
    if (mode == "large") {
        leak(300 * kMiB);
        waitForTheEnd();
    }
    if (mode == "stubborn") {
        std::signal(SIGTERM, SIG_IGN);
        leak(300 * kMiB);
        for (;;) {
            nap();
        }
    }
    if (mode == "child") {
        if (::fork() == 0) {
            leak(300 * kMiB);
            std::signal(SIGTERM, SIG_DFL);
            for (;;) {
                nap();
            }
        }
        waitForTheEnd();
    }
}

} // namespace

int main(int argc, char** argv)
{
    const std::string mode = argc > 1 ? argv[1] : "";
    const std::string file = argc > 2 ? argv[2] : "";
    std::signal(SIGTERM, ask);
    std::signal(SIGINT, ask);
    const int starts = countStarts(file);
    if (mode == "ask") {
        return starts > 1 ? 0 : 100;
    }
    if (mode == "ask always") {
        return 100;
    }
    if (mode == "die") {
        return 7;
    }
    if (mode == "abort") {
        std::signal(SIGABRT, SIG_DFL);
        std::abort();
    }
    if (mode == "told") {
        const char* told = std::getenv("DUBITO_SUPERVISED");
        std::cout << (told != nullptr ? told : "nothing") << std::endl;
        return 0;
    }
    if (mode == "wait") {
        std::cout << "ready" << std::endl;
        waitForTheEnd();
    }
    if (starts == 1) {
        beIll(mode);
    }
    std::ofstream(file) << "well\n";
    return 0;
}
