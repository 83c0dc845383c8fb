// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/NightSummary.h"

#include "ui/Format.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace dubito::ui {

using session::EventKind;
using train::RunState;

namespace {

constexpr qsizetype kLongest = 300;

QString tr(const char* text) { return QCoreApplication::translate("Night", text); }

QString shortText(const std::string& text) { return format::sentence(format::text(text).left(kLongest).simplified()); }

double numberOf(const session::Event& event, const std::string& name)
{
    const auto found = std::ranges::find(event.numbers, name, &std::pair<std::string, double>::first);
    return found == event.numbers.end() || !std::isfinite(found->second) ? 0.0 : std::clamp(found->second, 0.0, 1e9);
}

QString lengthOf(double seconds) { return format::duration(std::chrono::milliseconds(std::llround(std::clamp(seconds, 0.0, 1e9) * 1000))); }

/// What the events of a run add up to.
struct Tally {
    std::int64_t pauses = 0, reloads = 0, checkpoints = 0, alarms = 0, reduced = 0;
    double paused = 0, reloading = 0, saving = 0;
    double backMiB = 0;

    double seconds() const { return paused + reloading + saving; }
};

Tally tallyOf(const std::vector<session::Event>& events)
{
    Tally tally;
    for (const auto& event : events) {
        switch (event.kind) {
        case EventKind::Pause:
            ++tally.pauses;
            break;
        case EventKind::Resume:
            tally.paused += numberOf(event, "seconds");
            break;
        case EventKind::Reload:
        case EventKind::Retained:
            ++tally.reloads;
            tally.reloading += numberOf(event, "seconds");
            tally.backMiB += std::max(0.0, numberOf(event, "before_mb") - numberOf(event, "after_mb"));
            break;
        case EventKind::Checkpoint:
            ++tally.checkpoints;
            tally.saving += numberOf(event, "seconds");
            break;
        case EventKind::Warn:
        case EventKind::Act:
        case EventKind::Alert:
        case EventKind::GiveUp:
            ++tally.alarms;
            break;
        case EventKind::BatchReduced:
            ++tally.reduced;
            break;
        default:
            break;
        }
    }
    return tally;
}

/// Seconds that one step took, in the middle of the newest ones; 0: not known.
double secondsPerStep(const session::Snapshot& snapshot)
{
    const auto series = std::ranges::find(snapshot.series, dubito::metrics::Metric::StepMilliseconds, &dubito::metrics::Series::metric);
    std::vector<double> values;
    if (series != snapshot.series.end()) {
        for (const auto& sample : series->latest) {
            if (std::isfinite(sample.value) && sample.value > 0) {
                values.push_back(sample.value / 1000);
            }
        }
    }
    if (values.empty()) {
        return 0;
    }
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::ranges::nth_element(values, middle);
    return *middle;
}

QString counted(std::int64_t count, const char* one, const char* many) { return count == 1 ? tr(one) : tr(many).arg(format::count(count)); }

void addCosts(Night& night, const Tally& tally, double again, std::int64_t lost)
{
    const auto add = [&](const QString& what, double seconds) { night.costs.emplace_back(what, lengthOf(seconds)); };
    if (tally.pauses > 0) {
        add(counted(tally.pauses, "1 pause", "%1 pauses"), tally.paused);
    }
    if (lost > 0) {
        add(counted(lost, "1 step to do again", "%1 steps to do again"), again);
    }
    if (tally.checkpoints > 0) {
        add(counted(tally.checkpoints, "1 checkpoint", "%1 checkpoints"), tally.saving);
    }
    if (tally.reloads > 0) {
        const QString back = tally.backMiB >= 1 ? tr(", %1 MiB back").arg(format::decimal(tally.backMiB, 0)) : QString();
        add(counted(tally.reloads, "1 reload", "%1 reloads") + back, tally.reloading);
    }
    add(tr("Together"), tally.seconds() + again);
}

void addLeak(Night& night, const session::Snapshot& snapshot)
{
    const auto& leak = snapshot.memory.leak;
    if (leak.decision == memory::Decision::None && leak.nothingAbove > 0) {
        night.evidence.push_back({ Symbol::Tick, Tone::Healthy,
            tr("No leak: %1 MB/step (%2)").arg(format::decimal(leak.mbPerStep, 2), format::range(leak.low, leak.high, 2)) });
    } else if (leak.decision != memory::Decision::None) {
        const QString who = leak.blameWord.empty() ? tr("memory") : format::text(leak.blameWord).left(40);
        night.evidence.push_back({ leak.decision == memory::Decision::Act ? Symbol::Cross : Symbol::Warn,
            leak.decision == memory::Decision::Act ? Tone::Failed : Tone::Warn, tr("%1 grew by %2 MB/step").arg(who, format::rate(leak.mbPerStep)) });
    }
}

/// The newest things that were worth an event, in words.
void addAlarms(Night& night, const session::Snapshot& snapshot)
{
    constexpr std::size_t kMost = 6;
    for (auto event = snapshot.events.rbegin(); event != snapshot.events.rend() && night.evidence.size() < kMost; ++event) {
        const bool isGrave = event->kind == EventKind::Fail || event->kind == EventKind::GiveUp || event->kind == EventKind::Act || event->kind == EventKind::Retained;
        const bool isWarning = event->kind == EventKind::Warn || event->kind == EventKind::Alert || event->kind == EventKind::BatchReduced || event->kind == EventKind::Pause;
        if (isGrave || isWarning) {
            night.evidence.push_back({ isGrave ? Symbol::Cross : Symbol::Warn, isGrave ? Tone::Failed : Tone::Warn,
                tr("%1, step %2: %3").arg(format::timeOfDay(event->wall), format::count(event->step), format::text(event->text).left(160).simplified()) });
        }
    }
}

/// Which run it was, and whether it was to blame itself.
QString partOfDubito(const session::Snapshot& snapshot)
{
    const auto& told = *snapshot.postMortem;
    const auto& leak = snapshot.memory.leak;
    const QString name = format::text(told.runName.empty() ? told.runFolder : told.runName).left(120);
    const QString held = told.residentBytes >= 0 ? format::bytes(told.residentBytes) : QString();
    if (leak.decision == memory::Decision::None && leak.nothingAbove > 0 && !held.isEmpty()) {
        return tr("Run %1. Dubito itself did not grow: %2, no leak above %3 MB/step.").arg(name, held, format::rate(leak.nothingAbove));
    }
    return held.isEmpty() ? tr("Run %1.").arg(name) : tr("Run %1. Dubito itself held %2.").arg(name, held);
}

Night deathOf(const session::Snapshot& snapshot)
{
    const auto& told = *snapshot.postMortem;
    const Tally tally = tallyOf(snapshot.events);
    const bool hasSaved = told.savedStep >= 0;
    const std::int64_t lost = std::max<std::int64_t>(0, told.step - std::max<std::int64_t>(0, told.savedStep));
    const double again = static_cast<double>(std::min<std::int64_t>(lost, 100'000'000)) * secondsPerStep(snapshot);
    Night night;
    night.id = told.runFolder + ":" + std::to_string(told.step);
    night.isDeath = true;
    night.symbol = Symbol::Cross, night.tone = Tone::Failed;
    night.title = shortText(told.headline);
    night.text = partOfDubito(snapshot);
    const QString saved = hasSaved ? tr("checkpoint-%1").arg(told.savedStep) : tr("no checkpoint was written");
    night.figures = { { { tr("Last step"), format::count(told.step), {}, tr("of %1, at %2").arg(format::count(told.totalSteps), format::timeOfDay(told.lastSeen)) },
        { tr("Resumes from"), format::count(std::max<std::int64_t>(0, told.savedStep)), {}, saved },
        { tr("Lost"), format::count(lost), lost == 1 ? tr("step") : tr("steps"),
            lost == 0     ? tr("nothing")
                : again > 0 ? tr("%1 of work, done again").arg(lengthOf(again))
                            : tr("done again") },
        { tr("Dubito at the end"), told.residentBytes >= 0 ? format::bytes(told.residentBytes) : QString(format::kDash), {},
            told.availableBytes >= 0 ? tr("%1 were free").arg(format::bytes(told.availableBytes)) : tr("what was free is not known") } } };
    if (!snapshot.series.empty()) {
        night.figures[3] = { tr("The night cost"), lengthOf(tally.seconds() + again), {}, tr("of %1").arg(format::duration(snapshot.run.elapsed)) };
    }
    night.certainty = told.isCertain ? tr("cause: certain") : tr("cause: probable");
    for (const auto& sentence : told.evidence) {
        const bool first = night.evidence.empty();
        night.evidence.push_back({ first ? Symbol::Cross : Symbol::Pending, first ? Tone::Failed : Tone::Quiet, shortText(sentence) });
    }
    addLeak(night, snapshot);
    addCosts(night, tally, again, lost);
    night.advice = shortText(told.advice);
    const auto& now = snapshot.memory.latest;
    night.note = now.available >= 0 ? tr("Free now: %1.").arg(format::bytes(now.available)) : QString();
    night.resumeFolder = told.runFolder;
    night.resumeText = hasSaved ? tr("&Resume from step %1").arg(format::count(told.savedStep)) : tr("&Start it again");
    return night;
}

QString sumUp(const Tally& tally)
{
    QStringList parts;
    const auto add = [&](std::int64_t count, const char* one, const char* many) {
        if (count > 0) {
            parts << counted(count, one, many);
        }
    };
    add(tally.pauses, "1 pause", "%1 pauses");
    add(tally.reloads, "1 reload", "%1 reloads");
    add(tally.alarms, "1 alarm", "%1 alarms");
    add(tally.reduced, "1 smaller batch", "%1 smaller batches");
    return parts.isEmpty() ? tr("Nothing happened that you would have to know.") : parts.join(QStringLiteral(", "));
}

Night quietNight(const session::Snapshot& snapshot)
{
    const auto& run = snapshot.run;
    const Tally tally = tallyOf(snapshot.events);
    Night night;
    night.id = run.runFolder + ":" + std::to_string(run.step);
    const bool failed = run.state == RunState::Failed;
    const bool active = train::isActive(run.state);
    night.symbol = failed ? Symbol::Cross : active ? Symbol::Running : Symbol::Tick;
    night.tone = failed ? Tone::Failed : active ? Tone::Accent : Tone::Healthy;
    night.title = failed ? tr("The run failed at step %1").arg(format::count(run.step))
        : active         ? tr("The run is at step %1 of %2").arg(format::count(run.step), format::count(run.totalSteps))
                         : tr("The run ended at step %1 of %2").arg(format::count(run.step), format::count(run.totalSteps));
    night.text = failed && run.problem ? shortText(run.problem->message) : sumUp(tally);
    const QString saved = run.lastCheckpointStep >= 0 ? format::count(run.lastCheckpointStep) : QString(format::kDash);
    night.figures = { { { tr("Last step"), format::count(run.step), {}, tr("of %1").arg(format::count(run.totalSteps)) },
        { tr("Saved at"), saved, {}, run.lastCheckpointStep >= 0 ? tr("checkpoint-%1").arg(run.lastCheckpointStep) : tr("nothing is saved yet") },
        { tr("Alarms"), format::count(tally.alarms), {}, tr("%1 acted on").arg(format::count(tally.reloads)) },
        { tr("The night cost"), lengthOf(tally.seconds()), {}, tr("of %1").arg(format::duration(run.elapsed)) } } };
    addLeak(night, snapshot);
    addAlarms(night, snapshot);
    if (night.evidence.empty()) {
        night.evidence.push_back({ Symbol::Tick, Tone::Healthy, tr("No pause, no alarm, no failure.") });
    }
    addCosts(night, tally, 0, 0);
    return night;
}

} // namespace

Night nightOf(const session::Snapshot& snapshot) { return snapshot.postMortem ? deathOf(snapshot) : quietNight(snapshot); }

} // namespace dubito::ui
