// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/TemporaryFolder.h"

#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <functional>
#include <iterator>
#include <map>
#include <optional>
#include <poll.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace dubito {

/// A program that a test starts, watches and ends. Its output goes to files, so that it never waits for a reader;
/// DUBITO_* variables of the test's own environment do not reach it. One that still runs is killed with the object.
class Process {
public:
    struct Setup {
        std::map<std::string, std::string> environment = {}; ///< added to the inherited one
        std::optional<rlim_t> fileSizeLimit = {};            ///< bytes
        std::optional<rlim_t> addressLimit = {};             ///< bytes
    };
    static constexpr std::chrono::seconds kPatience { 150 };

    Process(const std::string& program, const std::vector<std::string>& arguments, const Setup& setup)
    {
        std::vector<std::string> words { program };
        words.insert(words.end(), arguments.begin(), arguments.end());
        std::vector<std::string> variables = environment(setup);
        std::vector<char*> argumentPointers = pointersTo(words);
        std::vector<char*> variablePointers = pointersTo(variables);
        const int out = create("out");
        const int err = create("err");
        m_id = ::fork();
        if (m_id == 0) {
            const int null = ::open("/dev/null", O_RDONLY);
            ::dup2(null, STDIN_FILENO);
            ::dup2(out, STDOUT_FILENO);
            ::dup2(err, STDERR_FILENO);
            if (setup.fileSizeLimit) {
                const rlimit limit { *setup.fileSizeLimit, *setup.fileSizeLimit };
                ::setrlimit(RLIMIT_FSIZE, &limit);
            }
            if (setup.addressLimit) {
                const rlimit limit { *setup.addressLimit, *setup.addressLimit };
                ::setrlimit(RLIMIT_AS, &limit);
            }
            ::execve(program.c_str(), argumentPointers.data(), variablePointers.data());
            ::_exit(127);
        }
        ::close(out);
        ::close(err);
        // The header of pidfd_open is for C alone.
        m_descriptor = static_cast<int>(::syscall(SYS_pidfd_open, m_id, 0U));
    }
    Process(const std::string& program, const std::vector<std::string>& arguments)
        : Process(program, arguments, {})
    {
    }
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;
    ~Process()
    {
        if (!m_status) {
            kill();
        }
        ::close(m_descriptor);
    }

    /// Until it has ended; false when it outlived the test's patience.
    bool wait()
    {
        waitUntil([] { return false; });
        return m_status.has_value();
    }

    /// Until the condition holds; false when the program ended first, or patience did.
    bool waitUntil(const std::function<bool()>& condition)
    {
        constexpr int kLookMilliseconds = 2;
        const auto end = std::chrono::steady_clock::now() + kPatience;
        while (!condition()) {
            if (isEnded(kLookMilliseconds) || std::chrono::steady_clock::now() > end) {
                return condition();
            }
        }
        return true;
    }

    void signal(int number) const { ::kill(m_id, number); }

    /// Stands still wherever it is, until goOn() or kill(); returns when it does, or has ended.
    void halt() const
    {
        siginfo_t what {};
        signal(SIGSTOP);
        ::waitid(P_PID, static_cast<id_t>(m_id), &what, WSTOPPED | WEXITED | WNOWAIT);
    }
    void goOn() const { signal(SIGCONT); }

    /// As the kernel does it when memory is short: at once, nothing is saved.
    void kill()
    {
        signal(SIGKILL);
        take(0);
    }

    /// Of a program that has ended by itself; 128 + the number of the signal that ended it, -1 while it runs.
    int exitCode() const
    {
        if (!m_status) {
            return -1;
        }
        return WIFEXITED(*m_status) ? WEXITSTATUS(*m_status) : 128 + WTERMSIG(*m_status);
    }
    std::string out() const { return read("out"); }
    std::string err() const { return read("err"); }

private:
    static std::vector<char*> pointersTo(std::vector<std::string>& texts)
    {
        std::vector<char*> pointers;
        for (auto& text : texts) {
            pointers.push_back(text.data());
        }
        pointers.push_back(nullptr);
        return pointers;
    }

    static std::vector<std::string> environment(const Setup& setup)
    {
        std::vector<std::string> variables;
        for (char** entry = ::environ; *entry != nullptr; ++entry) {
            if (!std::string_view(*entry).starts_with("DUBITO_")) {
                variables.emplace_back(*entry);
            }
        }
        for (const auto& [name, value] : setup.environment) {
            variables.push_back(name + "=" + value);
        }
        return variables;
    }

    int create(const std::string& name) const
    {
        return ::open((m_output.path() / name).c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    }

    std::string read(const std::string& name) const
    {
        std::ifstream in(m_output.path() / name, std::ios::binary);
        return { std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>() };
    }

    bool isEnded(int milliseconds)
    {
        pollfd ended { .fd = m_descriptor, .events = POLLIN, .revents = 0 };
        ::poll(&ended, 1, milliseconds);
        take(WNOHANG);
        return m_status.has_value();
    }

    void take(int options)
    {
        int status = 0;
        if (!m_status && ::waitpid(m_id, &status, options) == m_id) {
            m_status = status;
        }
    }

    TemporaryFolder m_output;
    pid_t m_id = -1;
    int m_descriptor = -1;
    std::optional<int> m_status;
};

} // namespace dubito
