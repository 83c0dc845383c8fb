// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/base/SignalDescriptor.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>
#include <utility>

namespace dubito {

namespace {

/// What nohup asks for. A signal that is blocked is not dropped although it is ignored, so it would be read.
bool isToBeOutlived(int number)
{
    struct sigaction present {};
    return number == SIGHUP && ::sigaction(number, nullptr, &present) == 0 && present.sa_handler == SIG_IGN;
}

} // namespace

Result<SignalDescriptor> SignalDescriptor::create()
{
    sigset_t signals;
    sigemptyset(&signals);
    for (const int number : { SIGINT, SIGTERM, SIGHUP, SIGUSR1 }) {
        if (!isToBeOutlived(number)) {
            sigaddset(&signals, number);
        }
    }
    if (pthread_sigmask(SIG_BLOCK, &signals, nullptr) != 0) {
        return Error { ErrorCode::Internal, "signals cannot be blocked", "" };
    }
    const int descriptor = ::signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
    if (descriptor < 0) {
        return Error { ErrorCode::Internal, std::string("no signal descriptor: ") + std::strerror(errno), "" };
    }
    return SignalDescriptor(descriptor);
}

SignalDescriptor::SignalDescriptor(SignalDescriptor&& other) noexcept
    : m_descriptor(std::exchange(other.m_descriptor, -1))
{
}

SignalDescriptor::~SignalDescriptor()
{
    if (m_descriptor >= 0) {
        ::close(m_descriptor);
    }
}

std::optional<int> SignalDescriptor::wait(std::chrono::milliseconds atMost) const { return waitBeside(-1, atMost); }

std::optional<int> SignalDescriptor::waitBeside(int other, std::chrono::milliseconds atMost) const
{
    // poll() looks past a negative descriptor.
    std::array<pollfd, 2> waiting { pollfd { m_descriptor, POLLIN, 0 }, pollfd { other, POLLIN, 0 } };
    if (::poll(waiting.data(), waiting.size(), static_cast<int>(atMost.count())) <= 0) {
        return std::nullopt;
    }
    signalfd_siginfo info {};
    if (::read(m_descriptor, &info, sizeof info) != static_cast<ssize_t>(sizeof info)) {
        return std::nullopt;
    }
    return static_cast<int>(info.ssi_signo);
}

} // namespace dubito
