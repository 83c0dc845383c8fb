// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/Supervisor.h"

#include "app/common/Console.h"
#include "app/common/ExitCode.h"
#include "backend/base/Text.h"

#include <algorithm>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <sys/wait.h>
#include <unistd.h>

namespace dubito::app {

namespace {

constexpr double kWarnShare = 0.1; ///< of the act level
constexpr std::chrono::milliseconds kRemainderPatience { 2000 };

/// Where leaks are not judged, the ladder has a level that nothing reaches.
constexpr double kNever = 1e12;

memory::LadderRules rulesOf(const SupervisorOptions& options)
{
    // The ladder thinks in samples, the user in minutes.
    const double perSample = options.leakMbPerMinute * options.intervalS / 60.0;
    return options.leakMbPerMinute > 0 ? memory::LadderRules::forResident(kWarnShare * perSample, perSample)
                                       : memory::LadderRules::forResident(kNever, kNever);
}

std::chrono::nanoseconds secondsToTime(double seconds)
{
    return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::duration<double>(seconds));
}

std::chrono::milliseconds untilNext(std::chrono::nanoseconds now, std::chrono::nanoseconds next)
{
    return std::max(std::chrono::milliseconds(0), std::chrono::ceil<std::chrono::milliseconds>(next - now));
}

/// One write of one line: a kill tears only the last.
bool append(const std::filesystem::path& file, const std::string& line)
{
    const int descriptor = ::open(file.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
    if (descriptor < 0) {
        return false;
    }
    const bool isWritten = ::write(descriptor, line.data(), line.size()) == static_cast<ssize_t>(line.size());
    ::close(descriptor);
    return isWritten;
}

std::string signalName(int number)
{
    const char* name = ::sigabbrev_np(number);
    return name != nullptr ? fmt::format("SIG{}", name) : fmt::format("signal {}", number);
}

} // namespace

Supervisor::Supervisor(SupervisorOptions options, const Clock& clock, const SignalDescriptor& signals)
    : m_options(std::move(options))
    , m_clock(&clock)
    , m_signals(&signals)
    , m_policy(m_options.restarts)
    , m_progress(m_options.progress)
    , m_ladder(rulesOf(m_options))
{
}

Result<Supervisor> Supervisor::create(SupervisorOptions options, const Clock& clock, const SignalDescriptor& signals)
{
    if (!options.events.empty() && !append(options.events, "")) {
        return Error { ErrorCode::Output, "the events cannot be written; choose another file with --events",
            options.events.string() };
    }
    return Supervisor(std::move(options), clock, signals);
}

Result<int> Supervisor::run()
{
    for (;;) {
        const auto end = runOnce();
        if (!end) {
            return end.error();
        }
        const RestartAnswer answer = m_policy.judge(*end, m_clock->now());
        switch (answer.verdict) {
        case Verdict::Done:
            tell("finish", answer.cause, fmt::format("the command ended with exit code {}", end->exitCode),
                { { "exit_code", end->exitCode }, { "restarts", static_cast<double>(m_policy.restarts()) } });
            return end->exitCode;
        case Verdict::GiveUp:
            tell("give_up", answer.cause, answer.why, { { "exit_code", end->exitCode } });
            return toInt(ExitCode::StoppedForMemory);
        case Verdict::Restart:
            tell("restart", answer.cause,
                fmt::format("{}; begins anew in {:.1f} s", answer.why, std::chrono::duration<double>(answer.wait).count()),
                { { "exit_code", end->exitCode }, { "restarts", static_cast<double>(m_policy.restarts()) } });
            if (!waitBeforeRestart(answer.wait)) {
                return toInt(ExitCode::Stopped);
            }
            break;
        }
    }
}

Result<CommandEnd> Supervisor::runOnce()
{
    auto words = m_options.command;
    if (m_starts++ > 0) {
        words.insert(words.end(), m_options.resumeWords.begin(), m_options.resumeWords.end());
    }
    m_oomBefore = memory::readOomKills();
    m_progress.begin();
    auto started = SupervisedProcess::start(words);
    if (!started) {
        return started.error();
    }
    m_process.emplace(std::move(*started));
    m_ladder = memory::LeakLadder(rulesOf(m_options));
    m_reason = StopReason::None;
    m_killAt.reset();
    m_hasWarned = false;
    m_peak = 0;
    tell("start", m_starts > 1 ? "restart" : "user", fmt::format("process {}: {}", m_process->id(), fmt::join(words, " ")),
        { { "pid", m_process->id() } });
    watch();
    const CommandEnd end = describeEnd(*m_process->status());
    m_process->endRemainder(kRemainderPatience);
    m_process.reset();
    return end;
}

/// Until the command has ended.
void Supervisor::watch()
{
    const auto between = secondsToTime(m_options.intervalS);
    auto next = m_clock->now() + between;
    while (!m_process->status()) {
        const auto wake = m_killAt ? std::min(next, *m_killAt) : next;
        if (const auto signal = m_signals->waitBeside(m_process->descriptor(), untilNext(m_clock->now(), wake))) {
            obey(*signal);
        }
        const auto now = m_clock->now();
        if (m_killAt && now >= *m_killAt) {
            insist();
        }
        if (now >= next) {
            look();
            next = std::max(next + between, now);
        }
    }
}

void Supervisor::look()
{
    m_memory = memory::memoryOf(memory::processesBelow(::getpid()));
    m_peak = std::max(m_peak, m_memory.resident);
    if (m_reason != StopReason::None || m_memory.processes == 0) {
        return;
    }
    const double samplesPerMinute = 60.0 / m_options.intervalS;
    m_ladder.add(toMiB(m_memory.anonymous));
    const auto growth = m_ladder.evidence();
    const std::string grows = fmt::format("its memory grows by {:.1f} MB/min ({:.1f} … {:.1f})",
        growth.mbPerStep * samplesPerMinute, growth.low * samplesPerMinute, growth.high * samplesPerMinute);
    const auto limit = static_cast<std::int64_t>(m_options.limitGb * static_cast<double>(kGiB));
    if (limit > 0 && m_memory.resident > limit) {
        stop(StopReason::Limit, "limit",
            fmt::format("it holds {}, more than {} (--limit-gb)", bytesToText(m_memory.resident), bytesToText(limit)));
    } else if (m_ladder.acts()) {
        stop(StopReason::Leak, "leak", grows);
    } else if (m_ladder.warns() && !m_hasWarned) {
        m_hasWarned = true;
        tell("warn", "leak", grows);
    }
}

void Supervisor::obey(int signal)
{
    if (signal == SIGUSR1) {
        m_process->signal(SIGUSR1);
        return;
    }
    m_isEnding = true;
    tell("signal", signalName(signal), fmt::format("{} is passed on", signalName(signal)));
    m_reason = StopReason::User;
    // A command that does not end is not waited for for ever, and a second signal is passed on like the first.
    m_killAt = m_killAt.value_or(m_clock->now() + secondsToTime(m_options.graceS));
    m_process->signal(signal);
}

void Supervisor::stop(StopReason reason, const std::string& cause, const std::string& why)
{
    m_reason = reason;
    m_killAt = m_clock->now() + secondsToTime(m_options.graceS);
    tell("act", cause, fmt::format("{}; it is asked to save and end", why));
    m_process->signal(SIGTERM);
}

void Supervisor::insist()
{
    tell("kill", "grace", fmt::format("it has not ended within {:.0f} s and is killed", m_options.graceS));
    m_process->signalAll(SIGKILL);
    m_killAt = m_clock->now() + std::chrono::seconds(10);
}

/// False when the user wants the end meanwhile.
bool Supervisor::waitBeforeRestart(std::chrono::nanoseconds wait)
{
    const auto until = m_clock->now() + wait;
    while (m_clock->now() < until) {
        const auto signal = m_signals->wait(untilNext(m_clock->now(), until));
        if (signal && *signal != SIGUSR1) {
            tell("finish", signalName(*signal), "ended on request, before the restart");
            return false;
        }
    }
    return true;
}

CommandEnd Supervisor::describeEnd(int status)
{
    CommandEnd end;
    end.wasSignalled = WIFSIGNALED(status);
    end.exitCode = end.wasSignalled ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    end.reason = m_reason;
    end.hasProgressed = m_progress.hasProgressed();
    const auto now = memory::readOomKills();
    const bool isCounted = m_oomBefore.inGroup >= 0 || m_oomBefore.onMachine >= 0;
    end.hasOomStruck = !isCounted || memory::hasStruck(m_oomBefore, now);
    tell("exit", end.wasSignalled ? signalName(WTERMSIG(status)) : "exit",
        end.wasSignalled ? fmt::format("{} ended it{}", signalName(WTERMSIG(status)),
                               end.hasOomStruck && isCounted ? "; the kernel counts an out-of-memory kill" : "")
                         : fmt::format("it ended with exit code {}", end.exitCode),
        { { "exit_code", end.exitCode }, { "peak_mb", toMiB(m_peak) } });
    return end;
}

void Supervisor::tell(
    const std::string& kind, const std::string& cause, const std::string& message, const Numbers& numbers)
{
    say(stderr, "supervise: {}: {}\n", kind, message);
    if (m_options.events.empty()) {
        return;
    }
    const auto wall
        = std::chrono::duration_cast<std::chrono::milliseconds>(m_clock->wall().time_since_epoch()).count();
    nlohmann::ordered_json line { { "wall", wall }, { "kind", kind }, { "cause", cause }, { "message", message },
        { "rss_mb", toMiB(m_memory.resident) }, { "processes", m_memory.processes } };
    for (const auto& [name, value] : numbers) {
        line[name] = value;
    }
    append(m_options.events, line.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n");
}

} // namespace dubito::app
