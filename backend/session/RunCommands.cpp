// SPDX-License-Identifier: GPL-3.0-or-later
// What a run does when it is asked or due: the commands, checkpoints, the pause, the smaller batch. The loop itself is in Run.cpp.
#include "backend/log/Log.h"
#include "backend/session/Run.h"
#include "backend/session/RunHealth.h"

#include <fmt/format.h>
#include <utility>

namespace dubito::session {

namespace {

/// Often enough that a pause ends soon, rarely enough that it costs nothing.
constexpr std::chrono::nanoseconds kPausedLook = std::chrono::milliseconds(500);

template <typename... Handlers>
struct Overloaded : Handlers... {
    using Handlers::operator()...;
};

} // namespace

bool Run::isStopWanted(std::stop_token stop) const
{
    return stop.stop_requested() || m_stopCause.has_value() || m_parts.commands.holds<Stop>();
}

Result<void> Run::keepFolder(FolderWatch::When when)
{
    const auto found = m_folderWatch->look(when);
    if (!found) {
        return found.error();
    }
    m_isFolderNew = m_isFolderNew || *found == FolderWatch::Found::MadeAgain;
    return {};
}

void Run::obeyAll()
{
    while (const auto command = m_parts.commands.pop()) {
        obey(*command);
    }
}

void Run::obey(const Command& command)
{
    std::visit(Overloaded {
                   [](const Start&) {},
                   [&](const Pause& asked) { pause(std::string(toWord(asked.cause)), "paused on request"); },
                   [&](const Resume& asked) { goOn(std::string(toWord(asked.cause))); },
                   [&](const Stop& asked) { m_stopCause = toWord(asked.cause); },
                   [&](const SaveCheckpoint&) { saveOnRequest(); },
                   [&](const ReloadNow&) { m_isReloadAsked = true; },
                   [&](const ApplyConfig& asked) { apply(asked); },
                   [&](const StartDrill& asked) {
                       startDrill({ .active = true, .who = asked.who, .mbPerStep = asked.mbPerStep, .shape = asked.shape });
                   },
                   [&](const StopDrill&) {
                       m_kit->guardian->stopDrill();
                       m_journal.add(EventKind::Alert, "drill", "the leak drill has ended; what it held was given back");
                   },
                   [&](const CleanUp& asked) { m_reloads->cleanUp(std::string(toWord(asked.cause))); },
                   [](const ShowDocuments&) {},
                   [&](const SaveReport& asked) { m_reloads->saveReport(std::string(toWord(asked.cause))); },
               },
        command);
}

void Run::saveWhatIsDue()
{
    if (m_kit->trainer->isDone()) {
        return;
    }
    const auto state = m_kit->trainer->state();
    const memory::MemoryScope scope(m_isFolderNew || m_kit->keeper->isDue(state.progress) ? m_kit->guardian->scopes() : nullptr,
        "checkpoint", memory::Leaves::CopyInFlight);
    const auto before = m_kit->keeper->submittedStep();
    m_kit->keeper->afterStep(state);
    if (std::exchange(m_isFolderNew, false)) {
        m_kit->keeper->save(state, SaveCause::Folder);
    }
    if (m_kit->keeper->submittedStep() != before && m_kit->keeper->submittedStep() >= 0) {
        m_kit->guardian->lookAtPhase(memory::Phase::Checkpointing, m_journal.time());
    }
}

/// Who asks gets an answer, also when there is nothing to write.
void Run::saveOnRequest()
{
    const std::int64_t step = m_kit->trainer->progress().step;
    if (!m_kit->keeper->isOn()) {
        m_journal.add(EventKind::Alert, "user",
            "no checkpoint was written, because checkpointing is off; turn training.checkpointing on");
    } else if (m_kit->keeper->lastStep() == step || m_kit->keeper->submittedStep() == step) {
        m_journal.add(EventKind::Checkpoint, "user", fmt::format("step {} is saved already", step));
    } else {
        const memory::MemoryScope scope(m_kit->guardian->scopes(), "checkpoint", memory::Leaves::CopyInFlight);
        m_kit->keeper->save(m_kit->trainer->state(), SaveCause::User);
    }
}

void Run::apply(const ApplyConfig& command)
{
    // The store has checked it and kept the fields that wait for the next start; here the live ones come into force.
    const auto inForce = m_boards.configStore.inForce();
    m_kit->config = inForce;
    m_kit->guardian->configure(*inForce);
    m_kit->keeper->applyRules(inForce->training);
    m_reloads->configure(*inForce);
    log::setLevel(log::toLevel(inForce->log.level).value_or(log::LogLevel::Info));
    m_boards.health.setStaleAfter(std::chrono::duration_cast<std::chrono::nanoseconds>(
        std::chrono::duration<double>(inForce->health.staleAfterS)));
    tellCorpus(m_boards, *m_kit);
    log::info(Module::Config, fmt::format("a new configuration is in force ({})", toWord(command.cause)));
}

void Run::startDrill(memory::Drill drill)
{
    drill.active = true;
    if (const auto started = m_kit->guardian->startDrill(drill); !started) {
        m_journal.add(EventKind::Alert, "drill", "the leak drill was refused: " + toText(started.error()));
        return;
    }
    m_journal.add(EventKind::Alert, "drill",
        fmt::format("leak drill: {} grows by {:.2f} MB/step on purpose ({}{})", drill.who, drill.mbPerStep,
            toWord(drill.shape), drill.afterSteps > 0 ? fmt::format(", after {} steps", drill.afterSteps) : ""),
        { { "mb_per_step", drill.mbPerStep } });
}

bool Run::shrinkBatch(const std::string& why)
{
    const auto before = m_kit->trainer->progress();
    if (!m_kit->trainer->shrinkBatch(m_kit->config->memory.batchSizeReductionFactor)) {
        return false;
    }
    const auto& after = m_kit->trainer->progress();
    m_kit->guardian->restart();
    m_parts.pool.clearCache();
    m_journal.add(EventKind::BatchReduced, "memory",
        fmt::format("batch {} × {} → {} × {}, the effective batch stays; {}", before.batchSize, before.accumulate,
            after.batchSize, after.accumulate, why),
        { { "batch_size", static_cast<double>(after.batchSize) },
            { "accumulate", static_cast<double>(after.accumulate) } });
    return true;
}

void Run::pause(const std::string& cause, const std::string& why)
{
    if (m_isPaused) {
        return;
    }
    m_isPaused = true;
    m_journal.enter(train::RunState::Paused, why);
    m_journal.add(EventKind::Pause, cause, why);
}

void Run::goOn(const std::string& cause)
{
    if (!m_isPaused) {
        return;
    }
    m_isPaused = false;
    m_isPausedForPressure = false;
    m_journal.setProblem(std::nullopt);
    m_journal.enter(train::RunState::Running, "");
    m_journal.add(EventKind::Resume, cause, "goes on");
}

Run::Flow Run::waitWhilePaused(std::stop_token stop)
{
    if (std::exchange(m_isReloadAsked, false)) {
        return follow(m_reloads->now());
    }
    m_parts.commands.wait(stop, kPausedLook);
    beatWhilePaused(m_boards);
    if (const auto kept = keepFolder(FolderWatch::When::Now); !kept) {
        return fail(kept.error());
    }
    if (m_isFolderNew) {
        saveWhatIsDue();
    }
    const auto pressure = m_kit->guardian->lookAtMachine();
    if (pressure == memory::Pressure::Abort) {
        return endSaved(train::Ending::StoppedForMemory, "pressure", m_kit->guardian->pressureReason());
    }
    if (m_isPausedForPressure && pressure == memory::Pressure::None) {
        goOn("pressure");
    }
    return Flow::GoOn;
}

} // namespace dubito::session
