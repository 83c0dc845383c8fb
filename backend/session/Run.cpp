// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/Run.h"

#include "backend/base/Text.h"
#include "backend/base/Thrown.h"
#include "backend/log/Log.h"
#include "backend/session/RunHealth.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <new>
#include <utility>

namespace dubito::session {

namespace {

double millisecondsOf(std::chrono::nanoseconds time)
{
    return std::chrono::duration<double, std::milli>(time).count();
}

} // namespace

Run::Run(const RunParts& parts) : m_parts(parts), m_boards(parts.boards), m_journal(parts.boards) { }

void Run::work(std::stop_token stop)
{
    auto kit = assembleRun(m_parts, m_journal, stop);
    if (!kit) {
        if (kit.error().code == ErrorCode::Refused && stop.stop_requested()) {
            m_journal.end(train::Ending::Stopped, std::nullopt);
        } else {
            fail(kit.error());
        }
        idleAfterRun(m_boards);
        return;
    }
    m_kit = std::move(*kit);
    m_reloads = std::make_unique<RunReloads>(m_parts, m_journal, *m_kit);
    m_folderWatch = std::make_unique<FolderWatch>(m_boards, m_journal, *m_kit);
    begin();
    while (turn(stop) == Flow::GoOn) { }
    idleAfterRun(m_boards);
    // The boards outlive the run; its memory does not.
    m_folderWatch.reset();
    m_reloads.reset();
    m_kit.reset();
    m_parts.pool.clearCache();
    log::closeFile();
}

void Run::begin()
{
    const auto& prepared = *m_kit->prepared;
    const auto& progress = m_kit->trainer->progress();
    const bool isResumed = progress.step > 0;
    m_journal.add(isResumed ? EventKind::Resume : EventKind::Start, isResumed ? "checkpoint" : "user",
        isResumed ? fmt::format("goes on after step {} with {}", countToText(progress.step), prepared.modelName)
                  : fmt::format("{}, {}, {}", prepared.modelName, countOf(prepared.documents.size(), "document"),
                        countOf(progress.totalSteps, "step")));
    for (const std::string& note : prepared.notes) {
        log::info(Module::Data, note);
    }
    m_boards.run.update([&](train::RunStatus& status) {
        status.notes = prepared.notes;
        status.note = prepared.caution;
    });
    tellPrepared(m_boards, *m_kit);
    if (prepared.patternsGivenUp > 0) {
        m_journal.add(EventKind::Alert, "tokenizer",
            fmt::format("the pattern of the tokenizer gave up on {} stretches of text, which were split at spaces instead; "
                        "look for very long lines in the corpus",
                countToText(prepared.patternsGivenUp)));
    }
    if (m_parts.drill) {
        startDrill(*m_parts.drill);
    }
    if (!m_kit->trainer->isDone()) {
        m_journal.enter(train::RunState::Running, "");
    }
}

Run::Flow Run::turn(std::stop_token stop)
{
    obeyAll();
    if (isStopWanted(stop)) {
        return endSaved(train::Ending::Stopped, m_stopCause.value_or("user"), "stopped on request");
    }
    if (m_isPaused) {
        return waitWhilePaused(stop);
    }
    if (m_kit->trainer->isDone() || hasStoppedImproving()) {
        return finish();
    }
    if (std::exchange(m_isReloadAsked, false)) {
        return follow(m_reloads->now());
    }
    const auto started = m_boards.clock.now();
    const auto trained = trainOneStep(stop);
    if (!trained) {
        return stepFailed(trained.error());
    }
    if (!*trained) {
        return Flow::GoOn; // a stop or a command came between two micro-batches
    }
    m_stepMilliseconds = millisecondsOf(m_boards.clock.now() - started);
    return afterStep(stop);
}

/// What is no tensor can run out of memory as well; the answer is the same.
Result<train::Trainer::Progress> Run::advance()
{
    try {
        return m_kit->trainer->advance();
    } catch (const std::bad_alloc&) {
        return errorOf(std::current_exception(), fmt::format("step {}", m_journal.step() + 1));
    }
}

Result<bool> Run::trainOneStep(std::stop_token stop)
{
    for (;;) {
        const auto progress = advance();
        if (!progress) {
            return progress.error();
        }
        m_boards.health.beat(Module::Train);
        if (*progress == train::Trainer::Progress::Step) {
            return true;
        }
        if (isStopWanted(stop)) {
            m_kit->trainer->abandonStep();
            return false;
        }
    }
}

Run::Flow Run::stepFailed(const Error& error)
{
    if (error.code == ErrorCode::Memory) {
        if (shrinkBatch(error.message)) {
            return Flow::GoOn;
        }
        return endSaved(train::Ending::StoppedForMemory, "budget",
            "not even one document at a time fits into the memory: " + error.message);
    }
    Error told = error;
    if (error.code == ErrorCode::Diverged) {
        // The newest checkpoint may still be on its way to the disk; it is the one to name.
        m_kit->keeper->settle();
        const auto good = m_boards.run.read([](const train::RunStatus& status) { return status.lastCheckpoint; });
        told.message += good.empty() ? "; there is no checkpoint yet" : "; the last good checkpoint is " + good;
        const bool isClipped = m_kit->config->training.clip > 0;
        told.message += isClipped ? "; lower training.learning_rate or training.clip" : "; lower training.learning_rate, or set training.clip, which is off";
    }
    return fail(told);
}

Run::Flow Run::afterStep(std::stop_token stop)
{
    const auto& result = m_kit->trainer->lastStep();
    const auto& training = m_kit->config->training;
    const double toCheckpoint = training.checkpointInterval > 0
        ? static_cast<double>(training.checkpointInterval - result.step % training.checkpointInterval)
        : static_cast<double>(training.steps);
    const Watched watched = m_kit->guardian->look(result.step, m_journal.time(), toCheckpoint);
    if (training.periodicCacheClearInterval > 0 && result.step % training.periodicCacheClearInterval == 0) {
        m_parts.pool.trimUnused();
    }
    if (const auto verdict = m_divergence.judge(result.crossEntropy)) {
        return stepFailed({ ErrorCode::Diverged, *verdict, fmt::format("step {}", result.step) });
    }
    m_heldOut.reset();
    const bool isDue = training.evaluationInterval > 0 && result.step % training.evaluationInterval == 0;
    if (m_kit->prepared->validation && (isDue || m_kit->trainer->isDone())) {
        auto done = evaluate(stop);
        // The step itself is done and must be recorded: only the measuring is repeated with fewer documents at a time.
        while (!done && done.error().code == ErrorCode::Memory && shrinkBatch(done.error().message)) {
            done = evaluate(stop);
        }
        if (!done) {
            return stepFailed(done.error());
        }
    }
    if (const auto kept = keepFolder(FolderWatch::When::OnceASecond); !kept) {
        return fail(kept.error());
    }
    const auto& status = m_kit->guardian->status();
    const auto recorded = m_kit->recorder->record(
        { result, status, m_residentBefore, m_journal.time(), m_stepMilliseconds, m_heldOut });
    if (!recorded) {
        return fail(recorded.error());
    }
    m_residentBefore = status.latest.resident;
    m_journal.publish(
        result, m_kit->trainer->progress().totalSteps, m_kit->trainer->progress().tokensSeen, m_stepMilliseconds);
    beatAfterStep(m_boards, *m_kit, m_parts.commands.size());
    return act(watched, stop);
}

Result<bool> Run::evaluate(std::stop_token stop)
{
    train::Evaluator evaluator(*m_kit->prepared->validation, m_kit->trainer->progress().batchSize,
        m_kit->config->training.evaluationDocuments);
    m_journal.say("measures the held-out loss", 1);
    const memory::MemoryScope scope(m_kit->guardian->scopes(), "evaluation");
    for (;;) {
        const auto done = evaluator.advance(m_kit->trainer->model(), m_kit->trainer->parameters());
        if (!done) {
            return done.error();
        }
        m_boards.health.beat(Module::Train);
        if (*done) {
            break;
        }
        if (isStopWanted(stop)) {
            m_journal.say("", 1);
            return false;
        }
    }
    m_journal.say("", 1);
    m_kit->guardian->lookAtPhase(memory::Phase::Evaluating, m_journal.time());
    m_heldOut = evaluator.result();
    m_kit->trainer->noteValidation(m_heldOut->crossEntropy);
    std::vector<std::pair<std::string, double>> bySource;
    for (const auto& loss : m_heldOut->classes) {
        bySource.emplace_back(
            m_kit->prepared->validation->sourceClasses()[static_cast<std::size_t>(loss.sourceClass)], loss.crossEntropy);
    }
    m_boards.validationBySource.update([&](auto& losses) { losses = bySource; });
    return true;
}

Run::Flow Run::act(const Watched& watched, std::stop_token stop)
{
    if (watched.change.isRise() && watched.level >= memory::Level::Cleanup) {
        const bool isCritical = watched.level == memory::Level::Critical;
        const std::int64_t enough = m_kit->guardian->status().limits.cleanup / 20 * 19;
        m_reloads->cleanUp(isCritical ? "critical" : "cleanup",
            isCritical ? std::numeric_limits<std::int64_t>::max() : watched.anonymousBytes - enough);
    }
    if (actOnPressure(watched) == Flow::End) {
        return Flow::End;
    }
    if (follow(m_reloads->afterStep(watched)) == Flow::End) {
        return Flow::End;
    }
    saveWhatIsDue();
    if (!isStopWanted(stop)) {
        m_kit->trainer->prefetch();
    }
    return Flow::GoOn;
}

Run::Flow Run::actOnPressure(const Watched& watched)
{
    switch (watched.pressure) {
    case memory::Pressure::Abort:
        return endSaved(train::Ending::StoppedForMemory, "pressure", watched.pressureReason);
    case memory::Pressure::Pause:
        m_isPausedForPressure = true;
        pause("pressure", watched.pressureReason);
        return Flow::GoOn;
    case memory::Pressure::Shrink:
        shrinkBatch(watched.pressureReason);
        return Flow::GoOn;
    case memory::Pressure::None:
        return Flow::GoOn;
    }
    return Flow::GoOn;
}

Run::Flow Run::follow(const RunReloads::Answer& answer)
{
    using After = RunReloads::After;
    const auto when = m_kit->config->reload.whenRetained;
    const bool mayRestart = when == config::WhenRetained::Restart
        || (when == config::WhenRetained::Auto && m_parts.frontend == Frontend::Terminal);
    switch (answer.after) {
    case After::GoOn:
        return Flow::GoOn;
    case After::Retained:
        if (mayRestart) {
            return endSaved(train::Ending::RestartWanted, "retained", "a fresh process goes on, because memory was retained");
        }
        m_journal.setProblem(Error { ErrorCode::Memory, "a reload did not bring the memory back; only a fresh process does",
            fmt::format("step {}", m_journal.step()) });
        pause("retained", "memory was retained");
        return Flow::GoOn;
    case After::GaveUp:
        if (m_parts.frontend == Frontend::Terminal) {
            return endSaved(train::Ending::StoppedForMemory, "give_up", answer.problem->message);
        }
        m_journal.setProblem(answer.problem);
        pause("give_up", answer.problem->message);
        return Flow::GoOn;
    case After::Failed:
        return fail(*answer.problem);
    }
    return Flow::GoOn;
}

/// From the progress alone, so that a resumed run knows it too.
bool Run::hasStoppedImproving() const
{
    const auto& training = m_kit->config->training;
    const auto& progress = m_kit->trainer->progress();
    return training.earlyStopPatience > 0 && training.evaluationInterval > 0 && m_kit->prepared->validation
        && progress.bestStep >= 0
        && progress.step / training.evaluationInterval - progress.bestStep / training.evaluationInterval
        >= training.earlyStopPatience;
}

Run::Flow Run::finish()
{
    m_journal.enter(train::RunState::Stopping, "writes the last checkpoint");
    if (const auto kept = keepFolder(FolderWatch::When::Now); !kept) {
        return fail(kept.error());
    }
    std::string where = "no checkpoint, because checkpointing is off";
    if (m_kit->keeper->isOn()) {
        const auto saved = m_kit->keeper->saveAndWait(m_kit->trainer->state(), SaveCause::Final);
        if (!saved) {
            return fail(saved.error());
        }
        where = saved->string();
    }
    const auto& progress = m_kit->trainer->progress();
    const std::vector<std::pair<std::string, double>> cost { { "watching_us", m_kit->guardian->status().judgeMicroseconds } };
    const bool isDone = m_kit->trainer->isDone();
    const std::string how = isDone ? fmt::format("all {} steps done", progress.totalSteps)
                                   : fmt::format("the held-out loss is no better than the {:.4f} of step {} for {} evaluations",
                                         progress.bestValidation, progress.bestStep, m_kit->config->training.earlyStopPatience);
    m_journal.add(EventKind::Finish, isDone ? "steps" : "early_stop", fmt::format("{}; {}", how, where), cost);
    m_journal.end(train::Ending::Done, std::nullopt);
    return Flow::End;
}

Run::Flow Run::endSaved(train::Ending ending, const std::string& cause, const std::string& why)
{
    m_journal.enter(train::RunState::Stopping, "writes a checkpoint");
    if (const auto kept = keepFolder(FolderWatch::When::Now); !kept) {
        return fail(kept.error());
    }
    std::string where = "no checkpoint, because checkpointing is off";
    if (m_kit->keeper->isOn()) {
        const auto& state = m_kit->trainer->state();
        const bool isSaved = m_kit->keeper->lastStep() == state.progress.step;
        const auto saved = m_kit->keeper->saveAndWait(state, SaveCause::Stop);
        if (!saved && !isSaved) {
            return fail(saved.error());
        }
        where = saved ? saved->string() : "saved before";
    }
    m_journal.add(EventKind::Stop, cause, fmt::format("{}; {}", why, where));
    std::optional<Error> problem;
    if (ending == train::Ending::StoppedForMemory) {
        problem = Error { ErrorCode::Memory, fmt::format("{}; saved: {}", why, where), fmt::format("step {}", m_journal.step()) };
    }
    m_journal.end(ending, problem);
    return Flow::End;
}

Run::Flow Run::fail(const Error& error)
{
    log::error(Module::Session, toText(error));
    m_journal.add(EventKind::Fail, "error", toText(error));
    m_boards.health.fail(Module::Train, error.message);
    m_journal.end(train::Ending::Failed, error);
    return Flow::End;
}

void Run::reportCrash(RunBoards& boards, const Error& error)
{
    log::error(Module::Session, toText(error));
    RunJournal(boards).end(train::Ending::Failed, error);
    boards.health.fail(Module::Train, error.message);
}

} // namespace dubito::session
