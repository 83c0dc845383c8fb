// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/Look.h"

#include <QCoreApplication>

#include <array>

namespace dubito::ui {

namespace {

struct Row {
    Symbol symbol;
    Tone tone;
    const char* word;
};

QString translated(const char* word) { return QCoreApplication::translate("Look", word); }

Look toLook(const Row& row) { return { row.symbol, row.tone, translated(row.word) }; }

constexpr std::array<Row, train::kRunStateCount> kRunStates { {
    { Symbol::Idle, Tone::Quiet, QT_TRANSLATE_NOOP("Look", "Idle") },
    { Symbol::Turn, Tone::Accent, QT_TRANSLATE_NOOP("Look", "Preparing") },
    { Symbol::Running, Tone::Accent, QT_TRANSLATE_NOOP("Look", "Running") },
    { Symbol::Paused, Tone::Quiet, QT_TRANSLATE_NOOP("Look", "Paused") },
    { Symbol::Turn, Tone::Accent, QT_TRANSLATE_NOOP("Look", "Reloading") },
    { Symbol::Stop, Tone::Quiet, QT_TRANSLATE_NOOP("Look", "Stopping") },
    { Symbol::Tick, Tone::Healthy, QT_TRANSLATE_NOOP("Look", "Finished") },
    { Symbol::Cross, Tone::Failed, QT_TRANSLATE_NOOP("Look", "Failed") },
} };

constexpr std::array<Row, 5> kHealthStates { {
    { Symbol::Tick, Tone::Healthy, QT_TRANSLATE_NOOP("Look", "Healthy") },
    { Symbol::Warn, Tone::Warn, QT_TRANSLATE_NOOP("Look", "Degraded") },
    { Symbol::Silent, Tone::Quiet, QT_TRANSLATE_NOOP("Look", "Silent") },
    { Symbol::Cross, Tone::Failed, QT_TRANSLATE_NOOP("Look", "Failed") },
    { Symbol::Idle, Tone::Quiet, QT_TRANSLATE_NOOP("Look", "Idle") },
} };

constexpr std::array<Row, session::kEventKindCount> kEventKinds { {
    { Symbol::Running, Tone::Quiet, QT_TRANSLATE_NOOP("Look", "start") },
    { Symbol::Running, Tone::Quiet, QT_TRANSLATE_NOOP("Look", "resume") },
    { Symbol::Paused, Tone::Quiet, QT_TRANSLATE_NOOP("Look", "pause") },
    { Symbol::Checkpoint, Tone::Quiet, QT_TRANSLATE_NOOP("Look", "checkpoint") },
    { Symbol::Diamond, Tone::Accent, QT_TRANSLATE_NOOP("Look", "reload") },
    { Symbol::Pending, Tone::Quiet, QT_TRANSLATE_NOOP("Look", "relieve") },
    { Symbol::Warn, Tone::Warn, QT_TRANSLATE_NOOP("Look", "warn") },
    { Symbol::Cross, Tone::Failed, QT_TRANSLATE_NOOP("Look", "act") },
    { Symbol::Cross, Tone::Failed, QT_TRANSLATE_NOOP("Look", "retained") },
    { Symbol::Cross, Tone::Failed, QT_TRANSLATE_NOOP("Look", "give up") },
    { Symbol::Warn, Tone::Warn, QT_TRANSLATE_NOOP("Look", "batch reduced") },
    { Symbol::Warn, Tone::Warn, QT_TRANSLATE_NOOP("Look", "alert") },
    { Symbol::Stop, Tone::Quiet, QT_TRANSLATE_NOOP("Look", "stop") },
    { Symbol::Tick, Tone::Healthy, QT_TRANSLATE_NOOP("Look", "finish") },
    { Symbol::Cross, Tone::Failed, QT_TRANSLATE_NOOP("Look", "fail") },
} };

constexpr std::array<Row, 4> kLogLevels { {
    { Symbol::Dot, Tone::Quiet, QT_TRANSLATE_NOOP("Look", "debug") },
    { Symbol::None, Tone::Quiet, QT_TRANSLATE_NOOP("Look", "info") },
    { Symbol::Warn, Tone::Warn, QT_TRANSLATE_NOOP("Look", "warning") },
    { Symbol::Cross, Tone::Failed, QT_TRANSLATE_NOOP("Look", "error") },
} };

} // namespace

Look lookOf(train::RunState state) { return toLook(kRunStates.at(static_cast<std::size_t>(state))); }
Look lookOf(health::HealthState state) { return toLook(kHealthStates.at(static_cast<std::size_t>(state))); }
Look lookOf(session::EventKind kind) { return toLook(kEventKinds.at(static_cast<std::size_t>(kind))); }
Look lookOf(log::LogLevel level) { return toLook(kLogLevels.at(static_cast<std::size_t>(level))); }

HealthScore scoreOf(const std::vector<health::ModuleHealth>& rows)
{
    HealthScore score;
    for (const auto& row : rows) {
        score.idle += row.state == health::HealthState::Idle ? 1 : 0;
        score.healthy += row.state == health::HealthState::Healthy ? 1 : 0;
        score.failed += row.state == health::HealthState::Failed ? 1 : 0;
    }
    score.judged = static_cast<int>(rows.size()) - score.idle;
    return score;
}

Look lookOf(const HealthScore& score)
{
    if (score.judged == 0) {
        return { Symbol::Idle, Tone::Quiet, translated(QT_TRANSLATE_NOOP("Look", "Idle")) };
    }
    if (score.share() >= 0.8 && score.failed == 0) {
        return { Symbol::Tick, Tone::Healthy, translated(QT_TRANSLATE_NOOP("Look", "Good")) };
    }
    if (score.share() >= 0.5) {
        return { Symbol::Warn, Tone::Warn, translated(QT_TRANSLATE_NOOP("Look", "Fair")) };
    }
    return { Symbol::Cross, Tone::Failed, translated(QT_TRANSLATE_NOOP("Look", "Poor")) };
}

} // namespace dubito::ui
