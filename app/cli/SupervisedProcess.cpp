// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/SupervisedProcess.h"

#include "backend/memory/ProcessTree.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <string_view>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

namespace dubito::app {

namespace {

std::vector<char*> pointersTo(std::vector<std::string>& words)
{
    std::vector<char*> pointers;
    for (auto& word : words) {
        pointers.push_back(word.data());
    }
    pointers.push_back(nullptr);
    return pointers;
}

/// The environment of this process with the one variable a supervised child looks for.
std::vector<std::string> childEnvironment()
{
    std::vector<std::string> variables;
    for (char** entry = ::environ; entry != nullptr && *entry != nullptr; ++entry) {
        if (!std::string_view(*entry).starts_with("DUBITO_SUPERVISED=")) {
            variables.emplace_back(*entry);
        }
    }
    variables.emplace_back("DUBITO_SUPERVISED=1");
    return variables;
}

/// Between fork and exec: nothing here may allocate. What goes wrong is told through `report`.
[[noreturn]] void becomeCommand(char* const* words, char* const* variables, int report)
{
    ::setpgid(0, 0);
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    std::signal(SIGXFSZ, SIG_DFL);
    std::signal(SIGPIPE, SIG_DFL);
    ::execvpe(words[0], words, variables);
    const int problem = errno;
    [[maybe_unused]] const auto written = ::write(report, &problem, sizeof problem);
    ::_exit(127);
}

} // namespace

Result<SupervisedProcess> SupervisedProcess::start(const std::vector<std::string>& command)
{
    std::vector<std::string> words = command;
    std::vector<std::string> variables = childEnvironment();
    const auto wordPointers = pointersTo(words);
    const auto variablePointers = pointersTo(variables);
    std::array<int, 2> report {};
    // Orphans of the command come to us instead of to the first process.
    if (::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0 || ::pipe2(report.data(), O_CLOEXEC) != 0) {
        return Error { ErrorCode::Internal, std::string("no process can be started: ") + std::strerror(errno), "" };
    }
    const pid_t id = ::fork();
    if (id == 0) {
        becomeCommand(wordPointers.data(), variablePointers.data(), report[1]);
    }
    ::close(report[1]);
    if (id < 0) {
        ::close(report[0]);
        return Error { ErrorCode::Internal, std::string("no process can be started: ") + std::strerror(errno), "" };
    }
    int problem = 0;
    const bool hasFailed = ::read(report[0], &problem, sizeof problem) == static_cast<ssize_t>(sizeof problem);
    ::close(report[0]);
    if (hasFailed) {
        ::waitpid(id, nullptr, 0);
        return Error { ErrorCode::NotFound,
            std::string("the command cannot be executed: ") + std::strerror(problem), command.front() };
    }
    // The header of pidfd_open is for C alone.
    const int descriptor = static_cast<int>(::syscall(SYS_pidfd_open, id, 0U));
    return SupervisedProcess(id, descriptor);
}

SupervisedProcess::SupervisedProcess(SupervisedProcess&& other) noexcept
    : m_id(std::exchange(other.m_id, -1))
    , m_descriptor(std::exchange(other.m_descriptor, -1))
    , m_status(std::exchange(other.m_status, std::nullopt))
{
}

SupervisedProcess::~SupervisedProcess()
{
    if (m_id > 0) {
        if (!m_status) {
            signalAll(SIGKILL);
            ::waitpid(m_id, nullptr, 0);
        }
        endRemainder(std::chrono::milliseconds(0));
    }
    if (m_descriptor >= 0) {
        ::close(m_descriptor);
    }
}

void SupervisedProcess::signal(int number) const
{
    if (!m_status) {
        ::kill(m_id, number);
    }
}

void SupervisedProcess::signalAll(int number) const
{
    for (const pid_t process : memory::processesBelow(::getpid())) {
        ::kill(process, number);
    }
}

std::optional<int> SupervisedProcess::status()
{
    int status = 0;
    for (pid_t ended = ::waitpid(-1, &status, WNOHANG); ended > 0; ended = ::waitpid(-1, &status, WNOHANG)) {
        if (ended == m_id) {
            m_status = status;
        }
    }
    return m_status;
}

void SupervisedProcess::endRemainder(std::chrono::milliseconds patience)
{
    constexpr int kLookMilliseconds = 20;
    constexpr std::chrono::seconds kLongest { 5 }; // what the kernel does not let die is left to it
    const auto end = std::chrono::steady_clock::now() + patience;
    bool isAsked = false;
    while (!memory::processesBelow(::getpid()).empty() && std::chrono::steady_clock::now() < end + kLongest) {
        const bool isOver = std::chrono::steady_clock::now() >= end;
        if (isOver || !isAsked) {
            signalAll(isOver ? SIGKILL : SIGTERM);
            isAsked = true;
        }
        ::poll(nullptr, 0, kLookMilliseconds);
        status();
    }
}

} // namespace dubito::app
