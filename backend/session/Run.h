// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/session/FolderWatch.h"
#include "backend/session/RunKit.h"
#include "backend/session/RunReloads.h"
#include "backend/train/DivergenceGuard.h"
#include "backend/train/Evaluator.h"

#include <chrono>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

namespace dubito::session {

/// One run from preparation to its end, on the train Worker: trainer, memory and reload at the step boundary.
///
/// work() is the whole life; one turn of its loop is "one step" of ARCHITECTURE.md: obey, step, sample, judge, record,
/// act, prefetch. Everything here belongs to the train thread; what others see stands on the boards.
class Run {
public:
    explicit Run(const RunParts& parts);

    /// Returns when the run has ended, in whatever way; RunStatus says in which.
    void work(std::stop_token stop);

    /// What the Worker's last net caught.
    static void reportCrash(RunBoards& boards, const Error& error);

private:
    enum class Flow : std::uint8_t { GoOn, End };

    void begin();
    Flow turn(std::stop_token stop);
    Result<train::Trainer::Progress> advance();
    Result<bool> trainOneStep(std::stop_token stop);
    Flow stepFailed(const Error& error);
    Flow afterStep(std::stop_token stop);
    Result<bool> evaluate(std::stop_token stop);
    Flow act(const Watched& watched, std::stop_token stop);
    void saveWhatIsDue();
    Flow actOnPressure(const Watched& watched);
    Flow follow(const RunReloads::Answer& answer);
    bool hasStoppedImproving() const;
    Flow finish();

    void obeyAll();
    void obey(const Command& command);
    void apply(const ApplyConfig& command);
    void startDrill(memory::Drill drill);
    void saveOnRequest();

    Result<void> keepFolder(FolderWatch::When when);
    bool isStopWanted(std::stop_token stop) const;
    bool shrinkBatch(const std::string& why);
    void pause(const std::string& cause, const std::string& why);
    void goOn(const std::string& cause);
    Flow waitWhilePaused(std::stop_token stop);
    Flow endSaved(train::Ending ending, const std::string& cause, const std::string& why);
    Flow fail(const Error& error);

    RunParts m_parts;
    RunBoards& m_boards;
    RunJournal m_journal;
    std::unique_ptr<RunKit> m_kit;
    std::unique_ptr<RunReloads> m_reloads;
    std::unique_ptr<FolderWatch> m_folderWatch;
    train::DivergenceGuard m_divergence;
    std::optional<train::HeldOutLoss> m_heldOut; ///< of the step that has just ended
    std::int64_t m_residentBefore = 0;
    double m_stepMilliseconds = 0;
    bool m_isPaused = false;
    bool m_isPausedForPressure = false;
    std::optional<std::string> m_stopCause; ///< who asked for the end
    bool m_isReloadAsked = false;
    bool m_isFolderNew = false; ///< and holds no checkpoint yet
};

} // namespace dubito::session
