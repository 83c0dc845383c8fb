// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/session/RunBoards.h"
#include "backend/train/RunState.h"
#include "backend/train/StepResult.h"

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace dubito::session {

/// Tells the world about a run: its state, its progress and its events. Train thread only.
class RunJournal {
public:
    /// Its time begins now.
    explicit RunJournal(RunBoards& boards);

    /// A new run: what the boards said of the last one is gone. The state is Preparing.
    void begin(const std::string& runName);

    /// A resumed run has been going on for so long already.
    void addEarlierTime(std::chrono::milliseconds time) { m_earlier = time; }

    /// Since the run began, pauses and earlier sessions included.
    std::chrono::milliseconds time() const;

    /// Requires: the transition table allows it.
    void enter(train::RunState state, const std::string& activity);
    void say(const std::string& activity, double preparedShare);

    void add(EventKind kind, std::string cause, std::string text,
        std::vector<std::pair<std::string, double>> numbers = {});

    /// After each step: progress, speed and time left.
    void publish(const train::StepResult& result, std::int64_t totalSteps, std::int64_t tokensSeen,
        double stepMilliseconds);

    /// Where a resumed run stands before its first step.
    void publishStart(std::int64_t step, std::int64_t totalSteps, std::int64_t tokensSeen);

    /// The run is over: state Finished or Failed, and how it came about.
    void end(train::Ending ending, std::optional<Error> problem);
    void setProblem(std::optional<Error> problem);

    std::int64_t step() const { return m_step; }

private:
    RunBoards& m_boards;
    std::chrono::nanoseconds m_started { 0 };
    std::chrono::milliseconds m_earlier { 0 };
    std::int64_t m_step = 0;
    double m_meanStepMilliseconds = 0;
    double m_meanTokensPerSecond = 0;
};

} // namespace dubito::session
