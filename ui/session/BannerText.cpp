// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/Banner.h"

#include "ui/Format.h"

#include <algorithm>

#include <cmath>

namespace dubito::ui {

using reload::Outcome;
using reload::Rung;
using train::RunState;

namespace {

QString tr(const char* text) { return Banner::tr(text); }

QString whoGrows(const memory::LeakVerdict& leak)
{
    return leak.blameWord.empty() ? tr("memory") : format::text(leak.blameWord).left(40);
}

/// "4 times the limit": only where it is a clear multiple.
QString timesTheLimit(const session::Snapshot& snapshot)
{
    const double limit = snapshot.config.inForce ? snapshot.config.inForce->training.memoryLeakThresholdMb : 0.0;
    const double times = limit > 0 ? snapshot.memory.leak.mbPerStep / limit : 0.0;
    const bool isWhole = times >= 9.95 || std::abs(times - std::round(times)) < 0.05;
    return times >= 1.5 && times < 1e6 ? tr(", %1 times the limit").arg(format::decimal(times, isWhole ? 0 : 1)) : QString();
}

QString whatIsDone(const session::Snapshot& snapshot)
{
    switch (snapshot.reload.rung) {
    case Rung::Relieve:
        return tr("Caches are being given back first; if that is not enough, the model is reloaded.");
    case Rung::Measure:
        return tr("It is measured what giving back the caches has brought.");
    case Rung::Checkpoint:
        return tr("Giving back caches was not enough. A checkpoint is written, then the model is reloaded; no step is lost.");
    case Rung::Reload:
        return tr("The model is being reloaded from the checkpoint just written. Training goes on after it, no step is lost.");
    case Rung::Verify:
        return tr("The model is loaded again. It is verified that memory came back.");
    case Rung::Rest:
        break;
    }
    if (snapshot.reload.left <= 0 && snapshot.reload.nextAllowed.count() > 0) {
        return tr("No reload is left in this hour; the next one is allowed in %1.").arg(format::remaining(snapshot.reload.nextAllowed));
    }
    return format::text(snapshot.memory.leak.reason).left(300);
}

BannerText failedText(const session::Snapshot& snapshot)
{
    BannerText text { "failed", Symbol::Cross, Tone::Failed, {}, {}, { BannerStep::ShowEvidence, BannerStep::Dismiss } };
    text.title = tr("The run failed at step %1").arg(format::count(snapshot.run.step));
    text.text = snapshot.run.problem ? format::sentence(format::text(snapshot.run.problem->message)) : tr("No reason was given; the log may tell more.");
    text.id += std::to_string(snapshot.run.step) + snapshot.run.runName;
    return text;
}

BannerText gaveUpText(const session::Snapshot& snapshot)
{
    BannerText text { "gave-up" + std::to_string(snapshot.reload.lastStep), Symbol::Cross, Tone::Failed,
        tr("GIVE UP: reloading does not help"), {}, { BannerStep::ShowEvidence, BannerStep::Stop, BannerStep::Resume } };
    text.text = snapshot.run.problem ? format::text(snapshot.run.problem->message)
                                     : tr("Training is paused at step %1 with a checkpoint. Go on at your own risk, or stop and look for the cause.")
                                           .arg(format::count(snapshot.run.step));
    return text;
}

BannerText retainedText(const session::Snapshot& snapshot)
{
    const auto& reload = snapshot.reload;
    BannerText text { "retained" + std::to_string(reload.lastStep), Symbol::Warn, Tone::Warn,
        tr("RETAINED: the reload gave back only %1").arg(format::bytes(std::max<std::int64_t>(0, reload.recoveredBytes))), {},
        { BannerStep::ShowEvidence } };
    if (snapshot.run.state == RunState::Paused) {
        text.text = tr("The allocator keeps the rest; only a fresh process gets it back. Stop saves everything; start again with --resume.");
        text.steps.insert(text.steps.end(), { BannerStep::Stop, BannerStep::Resume });
    } else {
        text.text = tr("It was a planned reload, so the run goes on. A fresh process would get the rest back.");
        text.steps.push_back(BannerStep::Dismiss);
    }
    return text;
}

BannerText actText(const session::Snapshot& snapshot)
{
    const auto& leak = snapshot.memory.leak;
    BannerText text { "act" + std::to_string(leak.sinceStep), Symbol::Cross, Tone::Failed, {}, whatIsDone(snapshot), { BannerStep::ShowEvidence } };
    text.title = tr("Leak: %1 by %2 MB/step%3")
                     .arg(leak.blameWord.empty() || leak.blameWord == "untracked" || leak.blameWord == "cache" ? tr("%1 grows").arg(whoGrows(leak))
                                                                                                               : tr("%1 grow").arg(whoGrows(leak)),
                         format::rate(leak.mbPerStep), timesTheLimit(snapshot));
    if (snapshot.memory.drill.active) {
        text.steps.push_back(BannerStep::StopDrill);
    }
    return text;
}

BannerText pausedText(const session::Snapshot& snapshot)
{
    return { "paused" + std::to_string(snapshot.run.step) + snapshot.run.problem->message, Symbol::Paused, Tone::Warn, tr("Paused at step %1").arg(format::count(snapshot.run.step)),
        format::sentence(format::text(snapshot.run.problem->message)), { BannerStep::ShowEvidence, BannerStep::Resume } };
}

BannerText reloadingText(const session::Snapshot& snapshot)
{
    return { "reloading", Symbol::Turn, Tone::Accent, tr("Reloading, cause: %1").arg(format::text(toWord(snapshot.reload.lastCause))), whatIsDone(snapshot), {} };
}

} // namespace

std::optional<BannerText> bannerOf(const session::Snapshot& snapshot)
{
    const auto& run = snapshot.run;
    const auto& reload = snapshot.reload;
    if (run.state == RunState::Failed) {
        return failedText(snapshot);
    }
    if (train::isActive(run.state)) {
        if (reload.rung == Rung::Rest && reload.lastOutcome == Outcome::GaveUp && run.state == RunState::Paused) {
            return gaveUpText(snapshot);
        }
        if (reload.rung == Rung::Rest && reload.lastOutcome == Outcome::Retained) {
            return retainedText(snapshot);
        }
        if (snapshot.memory.leak.decision == memory::Decision::Act) {
            return actText(snapshot);
        }
        if (reload.rung != Rung::Rest) {
            return reloadingText(snapshot);
        }
        if (run.state == RunState::Paused && run.problem) {
            return pausedText(snapshot);
        }
    }
    if (!snapshot.config.refused.empty()) {
        return BannerText { "refused" + toText(snapshot.config.refused.front()), Symbol::Warn, Tone::Warn, tr("The configuration on disk was not taken"),
            format::text(toText(snapshot.config.refused.front())), { BannerStep::ShowConfig, BannerStep::Dismiss } };
    }
    if (snapshot.config.changedOutside) {
        return BannerText { "outside" + std::to_string(snapshot.config.revision), Symbol::Warn, Tone::Accent, tr("The configuration file was changed by another program"),
            tr("Look at the difference and take it over, or keep what is in force."), { BannerStep::ShowConfig, BannerStep::Dismiss } };
    }
    if (!run.note.empty() && train::isActive(run.state)) {
        return BannerText { "note" + run.note, Symbol::Dot, Tone::Accent, tr("Worth knowing"), format::sentence(format::text(run.note)), { BannerStep::Dismiss } };
    }
    return std::nullopt;
}

} // namespace dubito::ui
