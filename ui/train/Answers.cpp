// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/train/Answers.h"

#include "ui/Format.h"
#include "ui/Look.h"

#include <QCoreApplication>
#include <QStringList>

#include <algorithm>
#include <cmath>

namespace dubito::ui {

using memory::Decision;
using train::RunState;

namespace {

constexpr std::size_t kFewestSamples = 8;
constexpr std::size_t kLevelSamples = 50;
constexpr double kCertain = 2.0;

QString tr(const char* text, int n = -1) { return QCoreApplication::translate("Answers", text, nullptr, n); }

const metrics::Series* find(const session::Snapshot& snapshot, metrics::Metric metric)
{
    const auto found = std::ranges::find(snapshot.series, metric, &metrics::Series::metric);
    return found == snapshot.series.end() ? nullptr : &*found;
}

/// What the run does instead of stepping, in words; empty while it steps.
QString standstill(RunState state)
{
    switch (state) {
    case RunState::Paused:
        return tr("paused");
    case RunState::Reloading:
        return tr("waits at a step boundary");
    case RunState::Stopping:
        return tr("stopping");
    default:
        return {};
    }
}

Answer judged(Answer answer, const LossTrend& trend)
{
    if (trend.certainty < -kCertain) {
        answer.symbol = Symbol::Tick, answer.tone = Tone::Healthy, answer.answer = tr("Yes");
    } else if (trend.certainty > kCertain) {
        answer.symbol = Symbol::Warn, answer.tone = Tone::Warn, answer.answer = tr("No, the loss rises");
    } else {
        answer.symbol = Symbol::Idle, answer.tone = Tone::Quiet, answer.answer = tr("Level");
    }
    return answer;
}

Answer learning(const session::Snapshot& snapshot)
{
    Answer answer { tr("Is it learning?"), tr("Learning"), Symbol::Pending, Tone::Quiet, tr("Not yet"), {}, {} };
    const auto& run = snapshot.run;
    const metrics::Series* loss = find(snapshot, metrics::Metric::CrossEntropy);
    const LossTrend trend = loss == nullptr ? LossTrend {} : trendOf(*loss);
    if (!trend.lastIsFinite || (run.problem && run.problem->code == ErrorCode::Diverged)) {
        answer.symbol = Symbol::Cross, answer.tone = Tone::Failed, answer.answer = tr("No, it diverged");
        answer.evidence = tr("the loss was no number at step %1").arg(format::count(run.step));
        return answer;
    }
    if (trend.samples < kFewestSamples) {
        answer.evidence = run.state == RunState::Idle ? tr("nothing runs") : tr("too few steps to tell");
        return answer;
    }
    answer = judged(answer, trend);
    answer.brief = tr("CE %1").arg(format::decimal(trend.level, 2));
    const QString still = standstill(run.state);
    answer.evidence = still.isEmpty() ? tr("%1, %2 in %3 steps").arg(answer.brief, format::signedDecimal(trend.change, 2), format::count(trend.steps))
                                      : answer.brief + QStringLiteral(", ") + still;
    return answer;
}

Answer leaking(const session::Snapshot& snapshot)
{
    Answer answer { tr("Is it leaking?"), tr("Leaking"), Symbol::Pending, Tone::Quiet, tr("Too early to tell"), {}, {} };
    const auto& leak = snapshot.memory.leak;
    if (leak.decision == Decision::None) {
        if (leak.nothingAbove <= 0) {
            answer.evidence = snapshot.run.state == RunState::Idle ? tr("nothing runs") : tr("needs more steps");
            return answer;
        }
        answer.symbol = Symbol::Tick, answer.tone = Tone::Healthy, answer.answer = tr("No leak");
        answer.evidence = tr("nothing above %1 MB/step").arg(format::rate(leak.nothingAbove));
        answer.brief = tr("none above %1").arg(format::rate(leak.nothingAbove));
        return answer;
    }
    const bool act = leak.decision == Decision::Act;
    const QString who = leak.blameWord.empty() ? tr("memory") : format::text(leak.blameWord).left(40);
    answer.symbol = act ? Symbol::Cross : Symbol::Warn;
    answer.tone = act ? Tone::Failed : Tone::Warn;
    answer.answer = act ? format::sentence(who) : tr("Perhaps: %1").arg(who);
    answer.brief = tr("%1 MB/step").arg(format::rate(leak.mbPerStep));
    answer.evidence = tr("%1 (%2)").arg(answer.brief, format::range(leak.low, leak.high, leak.mbPerStep < 0.995 ? 2 : 1));
    if (snapshot.memory.drill.active) {
        answer.evidence += tr(", a drill");
    }
    return answer;
}

QString unhealthyOnes(const session::Snapshot& snapshot, const HealthScore& score)
{
    QStringList parts;
    for (const auto state : { health::HealthState::Failed, health::HealthState::Silent, health::HealthState::Degraded }) {
        QStringList names;
        for (const auto& row : snapshot.health) {
            if (row.state == state) {
                names << format::text(toWord(row.module));
            }
        }
        if (names.size() > 2) {
            names = { tr("%1 modules").arg(names.size()) };
        }
        if (!names.isEmpty()) {
            parts << names.join(tr(" and ")) + QLatin1Char(' ') + lookOf(state).word.toLower();
        }
    }
    const bool hasRoom = parts.size() == 1 && !parts.front().contains(tr(" and ")); // the line is short, and idle is no fault
    if (score.idle > 0 && hasRoom) {
        parts << (score.idle == 1 ? tr("1 module idle") : tr("%1 modules idle").arg(score.idle));
    }
    return parts.join(QStringLiteral(", "));
}

Answer healthy(const session::Snapshot& snapshot)
{
    const HealthScore score = scoreOf(snapshot.health);
    const Look look = lookOf(score);
    Answer answer { tr("Is it healthy?"), tr("Healthy"), look.symbol, look.tone, look.word, {}, {} };
    if (score.judged == 0) {
        answer.evidence = tr("nothing runs");
        return answer;
    }
    answer.answer = tr("%1 of %2").arg(score.healthy).arg(score.judged);
    answer.evidence = unhealthyOnes(snapshot, score);
    if (answer.evidence.isEmpty()) {
        answer.evidence = tr("every module that has work beats");
        answer.brief = tr("all beat");
        return answer;
    }
    answer.brief = answer.evidence.section(QStringLiteral(", "), 0, 0);
    return answer;
}

Answer ended(Answer answer, const train::RunStatus& run)
{
    if (run.ending == train::Ending::StoppedForMemory || run.ending == train::Ending::RestartWanted) {
        answer.symbol = Symbol::Warn, answer.tone = Tone::Warn;
        answer.answer = run.ending == train::Ending::RestartWanted ? tr("After a restart") : tr("Stopped for memory");
        answer.evidence = tr("saved at step %1 of %2").arg(format::count(run.step), format::count(run.totalSteps));
        return answer;
    }
    const bool failed = run.state == RunState::Failed;
    answer.symbol = failed ? Symbol::Cross : Symbol::Tick;
    answer.tone = failed ? Tone::Failed : Tone::Healthy;
    answer.answer = failed ? tr("It failed") : run.step < run.totalSteps ? tr("Stopped") : tr("Done");
    answer.evidence = failed || run.step < run.totalSteps
        ? tr("at step %1 of %2").arg(format::count(run.step), format::count(run.totalSteps))
        : tr("%1 steps in %2").arg(format::count(run.step), format::duration(run.elapsed));
    return answer;
}

Answer done(const session::Snapshot& snapshot, std::chrono::system_clock::time_point now)
{
    Answer answer { tr("When is it done?"), tr("Done"), Symbol::Clock, Tone::Accent, {}, {}, {} };
    const auto& run = snapshot.run;
    if (run.state == RunState::Finished || run.state == RunState::Failed) {
        return ended(answer, run);
    }
    if (run.state == RunState::Idle) {
        answer.symbol = Symbol::Idle, answer.tone = Tone::Quiet, answer.answer = tr("Not started");
        answer.evidence = tr("nothing runs");
        return answer;
    }
    const QString steps = tr("%1 steps left").arg(format::count(std::max<std::int64_t>(0, run.totalSteps - run.step)));
    if (run.state == RunState::Paused) {
        answer.symbol = Symbol::Paused, answer.tone = Tone::Quiet, answer.answer = tr("Paused");
        answer.evidence = steps;
        return answer;
    }
    if (run.remaining.count() < 0) {
        answer.answer = tr("Not known yet");
        answer.evidence = run.activity.empty() ? steps : format::text(run.activity);
        return answer;
    }
    constexpr auto kCentury = std::chrono::hours(24 * 36525);
    answer.answer = run.remaining > kCentury
        ? tr("Not in our time")
        : format::moment(now + std::chrono::duration_cast<std::chrono::system_clock::duration>(run.remaining), now);
    answer.brief = tr("%1 left").arg(format::remaining(run.remaining));
    answer.evidence = answer.brief + QStringLiteral(", ") + tr("%1 steps").arg(format::count(run.totalSteps - run.step));
    return answer;
}

} // namespace

LossTrend trendOf(const metrics::Series& series)
{
    LossTrend trend;
    double n = 0, meanX = 0, meanY = 0, xx = 0, xy = 0, yy = 0;
    const double first = series.latest.empty() ? 0.0 : static_cast<double>(series.latest.front().step);
    for (const auto& sample : series.latest) {
        trend.lastIsFinite = std::isfinite(sample.value);
        if (!trend.lastIsFinite) {
            continue;
        }
        n += 1; // Welford: no difference of large sums
        const double x = static_cast<double>(sample.step) - first;
        const double dx = x - meanX;
        const double dy = sample.value - meanY;
        meanX += dx / n;
        meanY += dy / n;
        xx += dx * (x - meanX);
        xy += dx * (sample.value - meanY);
        yy += dy * (sample.value - meanY);
    }
    trend.samples = static_cast<std::size_t>(n);
    if (n < 3 || xx <= 0) {
        return trend;
    }
    const double slope = xy / xx;
    const double rest = std::max(0.0, yy - slope * xy) / (n - 2);
    const double error = std::sqrt(rest / xx);
    trend.certainty = error > 0 ? slope / error : (slope == 0 ? 0.0 : std::copysign(1e9, slope));
    trend.steps = series.latest.back().step - series.latest.front().step + 1;
    trend.change = slope * static_cast<double>(trend.steps - 1);
    double sum = 0;
    std::size_t taken = 0;
    for (auto it = series.latest.rbegin(); it != series.latest.rend() && taken < kLevelSamples; ++it) {
        if (std::isfinite(it->value)) {
            sum += it->value;
            ++taken;
        }
    }
    trend.level = taken > 0 ? sum / static_cast<double>(taken) : 0.0;
    return trend;
}

std::array<Answer, 4> answersOf(const session::Snapshot& snapshot, std::chrono::system_clock::time_point now)
{
    std::array<Answer, 4> answers { learning(snapshot), leaking(snapshot), healthy(snapshot), done(snapshot, now) };
    for (Answer& answer : answers) {
        if (answer.brief.isEmpty()) {
            answer.brief = answer.evidence;
        }
    }
    return answers;
}

} // namespace dubito::ui
