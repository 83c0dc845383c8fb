// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/RunReport.h"

#include "backend/base/AtomicFile.h"
#include "ui/Format.h"
#include "ui/config/DifferenceDialog.h"
#include "ui/train/Answers.h"

#include <QCoreApplication>
#include <QDateTime>

namespace dubito::ui {

namespace {

constexpr const char* kStyle = "body{font:15px/1.5 system-ui,sans-serif;color:#1b1f24;background:#fff;max-width:1000px;margin:2em auto;padding:0 1em}"
                               "h1{font-size:1.5em}h2{font-size:1.15em;margin-top:2em}table{border-collapse:collapse;width:100%}"
                               "td,th{text-align:left;vertical-align:top;padding:.25em .8em .25em 0;border-bottom:1px solid #dfe3e8}"
                               "td.n{text-align:right;white-space:nowrap}.q{color:#59636e;font-size:.9em}"
                               ".a{display:inline-block;vertical-align:top;width:22%;margin:0 2% 1em 0}.a b{font-size:1.15em}"
                               "figure{margin:1.2em 0}svg{width:100%;height:auto;border:1px solid #dfe3e8}";

QString tr(const char* text) { return QCoreApplication::translate("RunReport", text); }

QString escaped(const std::string& text) { return format::text(text).toHtmlEscaped(); }

QString dateOf(std::chrono::system_clock::time_point when)
{
    const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(when.time_since_epoch()).count();
    return QDateTime::fromMSecsSinceEpoch(milliseconds).toString(QStringLiteral("yyyy-MM-dd HH:mm"));
}

QString row(const QString& name, const QString& value)
{
    return QStringLiteral("<tr><td class=\"q\">%1</td><td>%2</td></tr>\n").arg(name, value);
}

QString answers(const session::Snapshot& snapshot, std::chrono::system_clock::time_point now)
{
    QString html;
    for (const Answer& answer : answersOf(snapshot, now)) {
        html += QStringLiteral("<div class=\"a\"><div class=\"q\">%1</div><b>%2</b><div>%3</div></div>\n")
                    .arg(answer.question.toHtmlEscaped(), answer.answer.toHtmlEscaped(), answer.evidence.toHtmlEscaped());
    }
    return html;
}

QString facts(const session::Snapshot& snapshot)
{
    const auto& run = snapshot.run;
    QString html = QStringLiteral("<table>\n");
    html += row(tr("state"), format::text(train::toWord(run.state)));
    if (!run.modelName.empty()) {
        html += row(tr("model"), escaped(run.modelName));
    }
    html += row(tr("steps"), tr("%1 of %2").arg(format::count(run.step), format::count(run.totalSteps)));
    html += row(tr("tokens seen"), format::count(run.tokensSeen));
    html += row(tr("time"), format::duration(run.elapsed));
    html += row(tr("newest checkpoint"), run.lastCheckpointStep < 0 ? tr("none") : tr("step %1").arg(format::count(run.lastCheckpointStep)));
    html += row(tr("resident memory"), format::bytes(snapshot.memory.latest.resident));
    html += row(tr("reloads"), tr("%1 planned, %2 unplanned").arg(snapshot.reload.planned).arg(snapshot.reload.unplanned));
    if (run.problem) {
        html += row(tr("problem"), escaped(toText(*run.problem)));
    }
    return html + QStringLiteral("</table>\n");
}

QString events(const std::vector<session::Event>& all)
{
    if (all.empty()) {
        return QStringLiteral("<p>%1</p>\n").arg(tr("Nothing happened."));
    }
    QString html = QStringLiteral("<table><tr><th>%1</th><th>%2</th><th>%3</th><th>%4</th><th>%5</th></tr>\n")
                       .arg(tr("Step"), tr("After"), tr("What"), tr("Cause"), tr("In words"));
    for (const session::Event& event : all) {
        html += QStringLiteral("<tr><td class=\"n\">%1</td><td class=\"n\">%2</td><td>%3</td><td>%4</td><td>%5</td></tr>\n")
                    .arg(format::count(event.step), format::duration(event.time), format::text(session::toWord(event.kind)),
                        escaped(event.cause), escaped(event.text));
    }
    return html + QStringLiteral("</table>\n");
}

QString configuration(const config::ConfigStatus& status)
{
    config::ConfigStatus standard;
    standard.inForce = std::make_shared<const config::Config>();
    const auto differences = differencesOf(standard, status);
    if (differences.empty()) {
        return QStringLiteral("<p>%1</p>\n").arg(tr("Every key has its default."));
    }
    QString html = QStringLiteral("<table><tr><th>%1</th><th>%2</th><th>%3</th></tr>\n").arg(tr("Key"), tr("Value"), tr("Default"));
    for (const auto& difference : differences) {
        html += QStringLiteral("<tr><td>%1</td><td>%2</td><td class=\"q\">%3</td></tr>\n")
                    .arg(escaped(std::string(difference.key)), escaped(difference.after), escaped(difference.before));
    }
    return html + QStringLiteral("</table>\n");
}

/// The drawing without the head of an XML file, which has no place inside a page.
QString inlined(const QByteArray& svg)
{
    const qsizetype begin = svg.indexOf("<svg");
    return begin < 0 ? QString() : QString::fromUtf8(svg.mid(begin));
}

} // namespace

QString reportHtml(const session::Snapshot& snapshot, const std::vector<ReportPicture>& pictures,
    std::chrono::system_clock::time_point now)
{
    const QString name = snapshot.run.runName.empty() ? tr("a run") : escaped(snapshot.run.runName);
    QString html = QStringLiteral("<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"><title>Dubito: %1</title><style>%2</style></head><body>\n")
                       .arg(name, QLatin1String(kStyle));
    html += QStringLiteral("<h1>%1</h1>\n<p class=\"q\">%2</p>\n").arg(name, tr("Dubito %1, written %2").arg(QStringLiteral(DUBITO_VERSION), dateOf(now)));
    html += answers(snapshot, now) + facts(snapshot);
    html += QStringLiteral("<h2>%1</h2>\n").arg(tr("Charts"));
    for (const ReportPicture& picture : pictures) {
        html += QStringLiteral("<figure role=\"img\" aria-label=\"%1\">%2</figure>\n").arg(picture.title.toHtmlEscaped(), inlined(picture.svg));
    }
    html += QStringLiteral("<h2>%1</h2>\n").arg(tr("What happened")) + events(snapshot.events);
    html += QStringLiteral("<h2>%1</h2>\n").arg(tr("Configuration")) + configuration(snapshot.config);
    return html + QStringLiteral("</body></html>\n");
}

Result<void> saveReport(const QString& html, const QString& path) { return writeAtomically(format::utf8(path), format::utf8(html)); }

} // namespace dubito::ui
