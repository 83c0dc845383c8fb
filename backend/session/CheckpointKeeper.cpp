// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/CheckpointKeeper.h"

#include "backend/base/Text.h"
#include "backend/log/Log.h"

#include <array>
#include <fmt/format.h>

namespace dubito::session {

namespace {

constexpr std::array<std::string_view, 7> kCauseOfSave { "interval", "user", "best", "reload", "stop", "final", "folder" };

std::string_view toWord(SaveCause cause) { return kCauseOfSave[static_cast<std::size_t>(cause)]; }

std::vector<train::CheckpointLink> linksOf(SaveCause cause, const train::TrainProgress& progress)
{
    std::vector<train::CheckpointLink> links;
    if (progress.bestStep == progress.step && progress.step > 0) {
        links.push_back(train::CheckpointLink::Best);
    }
    if (cause == SaveCause::Final) {
        links.push_back(train::CheckpointLink::Final);
    }
    return links;
}

} // namespace

CheckpointKeeper::CheckpointKeeper(Parts parts, const config::Training& training)
    : m_parts(std::move(parts))
    , m_training(training)
{
    train::CheckpointRules rules;
    rules.runFolder = m_parts.runFolder;
    rules.saveTotalLimit = training.saveTotalLimit;
    rules.beforePublish = [sync = m_parts.syncMetrics](std::int64_t) { return sync(); };
    m_writer = std::make_unique<train::CheckpointWriter>(std::move(rules), m_parts.companions, m_parts.memory);
}

void CheckpointKeeper::applyRules(const config::Training& training)
{
    m_training = training;
    m_writer->setSaveTotalLimit(training.saveTotalLimit);
}

void CheckpointKeeper::remember(std::int64_t step, const std::filesystem::path& directory)
{
    m_lastStep = step;
    m_parts.boards.run.update([&](train::RunStatus& status) {
        status.lastCheckpointStep = step;
        status.lastCheckpoint = directory.string();
    });
}

void CheckpointKeeper::forget()
{
    settle();
    remember(-1, {});
}

void CheckpointKeeper::afterStep(const train::TrainStateView& state)
{
    collect();
    if (isDue(state.progress)) {
        save(state, isAtInterval(state.progress) ? SaveCause::Interval : SaveCause::Best);
    }
}

void CheckpointKeeper::save(const train::TrainStateView& state, SaveCause cause)
{
    if (!isOn() || m_lastStep == state.progress.step || m_submittedStep == state.progress.step) {
        return;
    }
    if (m_writer->isBusy()) {
        // The disk is slower than the interval: the training waits for it rather than lose a save.
        settle();
    }
    m_cause = cause;
    const auto submitted = m_writer->submit(state, linksOf(cause, state.progress));
    if (submitted) {
        m_submittedStep = state.progress.step;
        return;
    }
    static_cast<void>(saveAndWait(state, cause));
}

Result<std::filesystem::path> CheckpointKeeper::saveAndWait(const train::TrainStateView& state, SaveCause cause)
{
    settle();
    m_cause = cause;
    const auto saved = m_writer->writeNow(state, linksOf(cause, state.progress));
    report(saved);
    if (!saved) {
        return saved.error();
    }
    return saved->directory;
}

void CheckpointKeeper::settle()
{
    if (auto done = m_writer->wait()) {
        report(*done);
    }
}

void CheckpointKeeper::collect()
{
    if (auto done = m_writer->poll()) {
        report(*done);
    }
}

void CheckpointKeeper::report(const Result<train::SavedCheckpoint>& saved)
{
    m_submittedStep = -1;
    m_isFailing = !saved;
    auto& boards = m_parts.boards;
    Event event;
    event.kind = EventKind::Checkpoint;
    event.cause = toWord(m_cause);
    event.time = m_parts.runTime();
    if (!saved) {
        event.kind = EventKind::Alert;
        event.step = boards.run.read([](const train::RunStatus& status) { return status.step; });
        event.text = "no checkpoint was written: " + toText(saved.error());
        boards.health.degrade(Module::Train, event.text);
        log::error(Module::Train, event.text);
        boards.events.add(std::move(event));
        return;
    }
    const double seconds = static_cast<double>(saved->took.count()) / 1000.0;
    event.step = saved->step;
    event.text = fmt::format("{}, {} in {:.1f} s", saved->directory.filename().string(), bytesToText(saved->bytes), seconds);
    event.numbers = { { "seconds", seconds }, { "size_mb", toMiB(saved->bytes) } };
    for (const Error& warning : saved->warnings) {
        log::warn(Module::Train, toText(warning));
    }
    remember(saved->step, saved->directory);
    log::info(Module::Train, event.text);
    boards.events.add(std::move(event));
}

} // namespace dubito::session
