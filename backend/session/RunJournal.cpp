// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/RunJournal.h"

#include "backend/base/Check.h"
#include "backend/log/Log.h"

#include <fmt/format.h>

namespace dubito::session {

namespace {

/// Weight of the newest step in the running means of speed and step time.
constexpr double kNewestShare = 0.05;

void average(double& mean, double value) { mean = mean > 0 ? mean + kNewestShare * (value - mean) : value; }

} // namespace

RunJournal::RunJournal(RunBoards& boards) : m_boards(boards), m_started(boards.clock.now()) { }

void RunJournal::begin(const std::string& runName)
{
    m_boards.metrics.update([](metrics::MetricBoard& board) { board.clear(); });
    m_boards.events.closeFile();
    m_boards.events.clear();
    m_boards.validationBySource.update([](auto& losses) { losses.clear(); });
    m_boards.memory.update([](memory::MemoryStatus& status) { status = {}; });
    m_boards.reload.update([](reload::ReloadStatus& status) { status = {}; });
    m_boards.run.update([&](train::RunStatus& status) {
        CHECK(train::mayFollow(status.state, train::RunState::Preparing), "a run began while another one went on");
        status = {};
        status.state = train::RunState::Preparing;
        status.activity = "begins";
        status.runName = runName;
    });
}

std::chrono::milliseconds RunJournal::time() const
{
    return m_earlier + std::chrono::duration_cast<std::chrono::milliseconds>(m_boards.clock.now() - m_started);
}

void RunJournal::enter(train::RunState state, const std::string& activity)
{
    m_boards.run.update([&](train::RunStatus& status) {
        CHECK(status.state == state || train::mayFollow(status.state, state),
            fmt::format("a run went from {} to {}", train::toWord(status.state), train::toWord(state)));
        status.state = state;
        status.activity = activity;
    });
    log::debug(Module::Session, fmt::format("{}: {}", train::toWord(state), activity));
}

void RunJournal::say(const std::string& activity, double preparedShare)
{
    m_boards.run.update([&](train::RunStatus& status) {
        status.activity = activity;
        status.preparedShare = preparedShare;
    });
}

void RunJournal::add(
    EventKind kind, std::string cause, std::string text, std::vector<std::pair<std::string, double>> numbers)
{
    log::info(Module::Session, fmt::format("{}: {}", toWord(kind), text));
    Event event;
    event.kind = kind;
    event.step = m_step;
    event.time = time();
    event.cause = std::move(cause);
    event.text = std::move(text);
    event.numbers = std::move(numbers);
    m_boards.events.add(std::move(event));
}

void RunJournal::publish(
    const train::StepResult& result, std::int64_t totalSteps, std::int64_t tokensSeen, double stepMilliseconds)
{
    m_step = result.step;
    average(m_meanStepMilliseconds, stepMilliseconds);
    if (stepMilliseconds > 0) {
        average(m_meanTokensPerSecond, static_cast<double>(result.targets) / stepMilliseconds * 1000.0);
    }
    const auto remaining = static_cast<double>(totalSteps - result.step) * m_meanStepMilliseconds;
    const auto elapsed = time();
    m_boards.run.update([&](train::RunStatus& status) {
        status.step = result.step;
        status.totalSteps = totalSteps;
        status.tokensSeen = tokensSeen;
        status.tokensPerSecond = m_meanTokensPerSecond;
        status.elapsed = elapsed;
        status.remaining = std::chrono::milliseconds(static_cast<std::int64_t>(remaining));
    });
}

void RunJournal::publishStart(std::int64_t step, std::int64_t totalSteps, std::int64_t tokensSeen)
{
    m_step = step;
    m_boards.run.update([&](train::RunStatus& status) {
        status.step = step;
        status.totalSteps = totalSteps;
        status.tokensSeen = tokensSeen;
    });
}

void RunJournal::end(train::Ending ending, std::optional<Error> problem)
{
    const auto elapsed = time();
    m_boards.run.update([&](train::RunStatus& status) {
        status.state = ending == train::Ending::Failed ? train::RunState::Failed : train::RunState::Finished;
        status.ending = ending;
        status.problem = std::move(problem);
        status.activity = "";
        status.elapsed = elapsed;
        status.remaining = std::chrono::milliseconds(ending == train::Ending::Done ? 0 : -1);
    });
    m_boards.heartbeat.beat(vitalsOf(m_boards));
}

void RunJournal::setProblem(std::optional<Error> problem)
{
    m_boards.run.update([&](train::RunStatus& status) { status.problem = std::move(problem); });
}

} // namespace dubito::session
