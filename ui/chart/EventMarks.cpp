// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chart/EventMarks.h"

#include "backend/base/Text.h"
#include "ui/Format.h"
#include "ui/chart/PlotAxes.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

namespace dubito::ui::chart {

namespace {

using session::Event;
using session::EventKind;

struct KindRow {
    EventKind kind;
    MarkStyle style;
    const char* text;
};

constexpr std::array<KindRow, session::kEventKindCount> kKinds { {
    { EventKind::Start, { MarkShape::Play, 0, false }, QT_TRANSLATE_NOOP("EventMarks", "start") },
    { EventKind::Resume, { MarkShape::Play, 1, false }, QT_TRANSLATE_NOOP("EventMarks", "resume") },
    { EventKind::Pause, { MarkShape::Bars, 6, true }, QT_TRANSLATE_NOOP("EventMarks", "pause") },
    { EventKind::Checkpoint, { MarkShape::HollowTriangle, 0, false }, QT_TRANSLATE_NOOP("EventMarks", "checkpoint") },
    { EventKind::Reload, { MarkShape::Diamond, 7, true }, QT_TRANSLATE_NOOP("EventMarks", "reload") },
    { EventKind::Relieve, { MarkShape::Circle, 3, false }, QT_TRANSLATE_NOOP("EventMarks", "relieve") },
    { EventKind::Warn, { MarkShape::Triangle, 8, true }, QT_TRANSLATE_NOOP("EventMarks", "warn") },
    { EventKind::Act, { MarkShape::Square, 10, true }, QT_TRANSLATE_NOOP("EventMarks", "act") },
    { EventKind::Retained, { MarkShape::Square, 11, true }, QT_TRANSLATE_NOOP("EventMarks", "memory retained") },
    { EventKind::GiveUp, { MarkShape::Square, 12, true }, QT_TRANSLATE_NOOP("EventMarks", "given up") },
    { EventKind::BatchReduced, { MarkShape::Circle, 4, true }, QT_TRANSLATE_NOOP("EventMarks", "smaller batch") },
    { EventKind::Alert, { MarkShape::Triangle, 5, true }, QT_TRANSLATE_NOOP("EventMarks", "alert") },
    { EventKind::Stop, { MarkShape::Circle, 2, true }, QT_TRANSLATE_NOOP("EventMarks", "stop") },
    { EventKind::Finish, { MarkShape::Circle, 2, false }, QT_TRANSLATE_NOOP("EventMarks", "finish") },
    { EventKind::Fail, { MarkShape::Square, 13, true }, QT_TRANSLATE_NOOP("EventMarks", "fail") },
} };

QString tr(const char* text) { return QCoreApplication::translate("EventMarks", text); }

const KindRow& rowOf(EventKind kind) { return kKinds[static_cast<std::size_t>(kind)]; }

double xOf(const Event& event, XUnit unit)
{
    return unit == XUnit::Step ? static_cast<double>(event.step)
                               : std::chrono::duration<double>(event.time).count();
}

std::optional<double> numberOf(const Event& event, std::string_view name)
{
    const auto it = std::ranges::find(event.numbers, name, &std::pair<std::string, double>::first);
    return it == event.numbers.end() || !std::isfinite(it->second) ? std::nullopt : std::optional(it->second);
}

QString memoryText(double mib) { return format::bytes(static_cast<std::int64_t>(mib * static_cast<double>(kMiB))); }

/// "412 MiB: 5.59 GiB → 5.19 GiB"
std::optional<QString> gaveBack(const Event& event)
{
    const auto before = numberOf(event, "before_mb");
    const auto after = numberOf(event, "after_mb");
    if (!before || !after) {
        return std::nullopt;
    }
    const double back = std::clamp(*before - *after, 0.0, 1e9);
    return QStringLiteral("%1: %2 → %3").arg(memoryText(back), memoryText(*before), memoryText(*after));
}

QString clockOf(const Event& event)
{
    return event.wall.time_since_epoch().count() > 0 ? format::timeOfDay(event.wall) : QString();
}

QString shortened(const std::string& text)
{
    const QString whole = format::text(text).simplified();
    return whole.size() > 160 ? whole.left(159) + QStringLiteral("…") : whole;
}

} // namespace

MarkStyle styleOf(EventKind kind) { return rowOf(kind).style; }

QString kindText(EventKind kind) { return tr(rowOf(kind).text); }

std::vector<Mark> layOut(std::span<const Event> events, const View& view, double width)
{
    std::vector<Mark> marks;
    if (!(view.range.span() > 0)) {
        return marks;
    }
    for (const Event& event : events) {
        const double x = xOf(event, view.unit);
        if (x < view.range.from || x > view.range.to) {
            continue;
        }
        marks.push_back({ (x - view.range.from) / view.range.span() * width, x, event, 0 });
    }
    std::ranges::stable_sort(marks, {}, &Mark::pixel);
    std::vector<Mark> merged;
    for (Mark& mark : marks) {
        if (merged.empty() || mark.pixel - merged.back().pixel >= kMergePixels) {
            merged.push_back(std::move(mark));
            continue;
        }
        // The graver one stands for both; the later one where they are equally grave.
        Mark& last = merged.back();
        const int others = last.others + 1;
        if (styleOf(mark.event.kind).gravity >= styleOf(last.event.kind).gravity) {
            last = std::move(mark);
        }
        last.others = others;
    }
    return merged;
}

int markAt(std::span<const Mark> marks, double pixel, double reach)
{
    int best = -1;
    double distance = reach;
    for (std::size_t i = 0; i < marks.size(); ++i) {
        const double away = std::abs(marks[i].pixel - pixel);
        if (away <= distance) {
            distance = away;
            best = static_cast<int>(i);
        }
    }
    return best;
}

QString Story::toPlainText() const
{
    QString text = heading;
    for (const auto& [label, value] : rows) {
        text += QStringLiteral("\n%1: %2").arg(label, value);
    }
    return text;
}

QString Story::toHtml() const
{
    QString html = QStringLiteral("<b>%1</b><table cellspacing='0' cellpadding='1'>").arg(heading.toHtmlEscaped());
    for (const auto& [label, value] : rows) {
        html += QStringLiteral("<tr><td>%1&nbsp;&nbsp;</td><td>%2</td></tr>")
                    .arg(label.toHtmlEscaped(), value.toHtmlEscaped());
    }
    return html + QStringLiteral("</table>");
}

Story storyOf(const Mark& mark)
{
    const Event& event = mark.event;
    Story story;
    const QString kind = format::sentence(kindText(event.kind));
    const QString clock = clockOf(event);
    story.heading = tr("%1 at step %2").arg(kind, xText(XUnit::Step, static_cast<double>(event.step)));
    story.heading += clock.isEmpty() ? QString() : QStringLiteral(", ") + clock;
    if (!event.cause.empty()) {
        story.rows.emplace_back(tr("cause"), shortened(event.cause));
    }
    if (const auto text = gaveBack(event)) {
        story.rows.emplace_back(tr("gave back"), *text);
    }
    if (const auto seconds = numberOf(event, "seconds")) {
        story.rows.emplace_back(tr("cost"), QStringLiteral("%1 s").arg(format::decimal(*seconds, 1)));
    }
    if (!event.text.empty()) {
        story.rows.emplace_back(tr("what"), shortened(event.text));
    }
    if (mark.others > 0) {
        story.rows.emplace_back(tr("also here"), tr("%1 other events").arg(mark.others));
    }
    return story;
}

} // namespace dubito::ui::chart
