// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/base/CrashNote.h"

#include <array>
#include <atomic>
#include <csignal>
#include <unistd.h>

namespace dubito {

namespace {

/// What a signal handler may touch: lock-free and nothing else.
std::atomic<int> g_descriptor = -1;
std::atomic<off_t> g_offset = 0;
static_assert(std::atomic<int>::is_always_lock_free && std::atomic<off_t>::is_always_lock_free);

extern "C" void writeCrashNote(int number)
{
    const int descriptor = g_descriptor.load();
    if (descriptor >= 0) {
        // A blank, not a zero: the place may be a number in JSON, which knows no leading zeros.
        const std::array<char, 2> digits { number < 10 ? ' ' : static_cast<char>('0' + number / 10 % 10),
            static_cast<char>('0' + number % 10) };
        [[maybe_unused]] const auto written = ::pwrite(descriptor, digits.data(), digits.size(), g_offset.load());
    }
    // SA_RESETHAND has put the default back: returning repeats a fault, and abort() goes on to its end. A signal that was
    // sent from outside is sent on.
    ::raise(number);
}

/// The stack of the thread that crashed may be what is broken.
std::array<char, 16384> g_stack;

} // namespace

void leaveCrashNotes()
{
    stack_t stack {};
    stack.ss_sp = g_stack.data();
    stack.ss_size = g_stack.size();
    ::sigaltstack(&stack, nullptr);
    struct sigaction action {};
    action.sa_handler = writeCrashNote;
    action.sa_flags = static_cast<int>(SA_RESETHAND) | SA_ONSTACK;
    sigemptyset(&action.sa_mask);
    for (const int number : { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT }) {
        ::sigaction(number, &action, nullptr);
    }
}

void setCrashNotePlace(int descriptor, off_t offset)
{
    g_descriptor.store(-1);
    g_offset.store(offset);
    g_descriptor.store(descriptor);
}

} // namespace dubito
