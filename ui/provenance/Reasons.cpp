// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/provenance/Reasons.h"

#include "ui/Format.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>
#include <cmath>

namespace dubito::ui {

namespace {

constexpr qsizetype kLongest = 200;
constexpr double kAlmostNothing = 0.0005;

QString tr(const char* text) { return QCoreApplication::translate("Reasons", text); }

struct Row {
    std::string_view word;
    const char* text;
};

/// The words of provenance::Rule.
constexpr std::array kRules {
    Row { "base", QT_TRANSLATE_NOOP("Reasons", "start") },
    Row { "citations", QT_TRANSLATE_NOOP("Reasons", "citations counted") },
    Row { "institution", QT_TRANSLATE_NOOP("Reasons", "institution named") },
    Row { "consensus", QT_TRANSLATE_NOOP("Reasons", "consensus phrase") },
    Row { "age", QT_TRANSLATE_NOOP("Reasons", "published") },
    Row { "primary", QT_TRANSLATE_NOOP("Reasons", "words of a primary source") },
    Row { "class_mix", QT_TRANSLATE_NOOP("Reasons", "kinds of source named") },
    Row { "class_count", QT_TRANSLATE_NOOP("Reasons", "how many kinds") },
    Row { "bounds", QT_TRANSLATE_NOOP("Reasons", "kept within its bounds") },
    Row { "prior", QT_TRANSLATE_NOOP("Reasons", "what its source type counts for") },
    Row { "too_short", QT_TRANSLATE_NOOP("Reasons", "too little text to judge") },
};

double finite(double value) { return std::isfinite(value) ? value : 0.0; }

QString amount(double value) { return std::abs(finite(value)) < kAlmostNothing ? QString() : format::signedDecimal(value, 2); }

/// a … z, then aa, ab …
QString letterOf(std::size_t i)
{
    const QChar last(static_cast<char16_t>(u'a' + i % 26));
    return i < 26 ? QString(last) : QString(QChar(static_cast<char16_t>(u'a' + i / 26 - 1))) + last;
}

struct Piece {
    std::int64_t begin = 0;
    std::int64_t end = 0;
    std::size_t reason = 0;
};

/// The places of the words in the text, in its order, none overlapping: of two the first counts.
std::vector<Piece> piecesOf(const session::ScoredDocument& document)
{
    std::vector<Piece> pieces;
    const auto size = static_cast<std::int64_t>(document.text.size());
    for (std::size_t i = 0; i < document.reasons.size(); ++i) {
        const auto& reason = document.reasons[i];
        if (reason.begin >= 0 && reason.begin < reason.end && reason.end <= size) {
            pieces.push_back({ reason.begin, reason.end, i });
        }
    }
    std::ranges::stable_sort(pieces, {}, &Piece::begin);
    std::int64_t last = 0;
    std::erase_if(pieces, [&](const Piece& piece) {
        const bool overlaps = piece.begin < last;
        last = overlaps ? last : piece.end;
        return overlaps;
    });
    return pieces;
}

/// By reason; empty where it has no piece.
std::vector<QString> lettersOf(const session::ScoredDocument& document)
{
    std::vector<QString> letters(document.reasons.size());
    std::size_t next = 0;
    for (const Piece& piece : piecesOf(document)) {
        letters[piece.reason] = letterOf(next++);
    }
    return letters;
}

struct Inks {
    QColor ground;
    QColor line;
};

Inks inksOf(ReasonKind kind, const Theme& theme)
{
    switch (kind) {
    case ReasonKind::RaisesAuthority:
        return { theme.warnGround, theme.warn };
    case ReasonKind::Date:
        return { theme.accentSoft, theme.accent };
    case ReasonKind::PrimarySource: {
        QColor ground = theme.series[3];
        const QColor& surface = theme.surface;
        const auto mix = [](int a, int b) { return (a + 5 * b) / 6; };
        ground = theme.isHighContrast() ? surface
                                        : QColor(mix(ground.red(), surface.red()), mix(ground.green(), surface.green()), mix(ground.blue(), surface.blue()));
        return { ground, theme.series[3] };
    }
    case ReasonKind::Other:
        break;
    }
    return { theme.alternate, theme.strongBorder };
}

QString escaped(std::string_view utf8) { return format::text(utf8).toHtmlEscaped().replace(QLatin1Char('\n'), QStringLiteral("<br/>")); }

} // namespace

ReasonKind kindOf(const session::ScoreReason& reason)
{
    if (reason.rule == "age") {
        return ReasonKind::Date;
    }
    if (reason.rule == "primary" || reason.authority < -kAlmostNothing) {
        return ReasonKind::PrimarySource;
    }
    return reason.authority > kAlmostNothing ? ReasonKind::RaisesAuthority : ReasonKind::Other;
}

QString ruleText(const session::ScoreReason& reason)
{
    const auto row = std::ranges::find(kRules, reason.rule, &Row::word);
    return row == kRules.end() ? format::text(reason.rule).left(kLongest).simplified() : tr(row->text);
}

namespace {

/// "2002", not "year: 2002" behind "published"; a type without a row of its own is not called "unknown".
QString wordsOf(const session::ScoreReason& reason)
{
    const QString words = format::text(reason.evidence).left(kLongest).simplified();
    if (reason.rule == "age" && words.startsWith(QStringLiteral("year: "))) {
        return words.mid(6);
    }
    return reason.rule == "prior" && words == QStringLiteral("unknown") ? tr("one without a table row") : words;
}

} // namespace

std::vector<ReasonRow> reasonRows(const session::ScoredDocument& document)
{
    const auto letters = lettersOf(document);
    std::vector<ReasonRow> rows;
    double authority = 0, entropy = 0;
    for (std::size_t i = 0; i < document.reasons.size(); ++i) {
        const auto& reason = document.reasons[i];
        authority += finite(reason.authority);
        entropy += finite(reason.entropy);
        rows.push_back({ letters[i], ruleText(reason), wordsOf(reason), amount(reason.authority),
            amount(reason.entropy), finite(reason.authority), finite(reason.entropy), false });
    }
    const auto sum = [](const QString& what, double a, double h) {
        ReasonRow row;
        row.rule = what;
        row.authority = format::decimal(a, 2), row.entropy = format::decimal(h, 2);
        row.isSum = true;
        return row;
    };
    if (document.labelled) {
        if (!rows.empty()) {
            rows.push_back(sum(tr("the text says"), authority, entropy));
        }
        rows.push_back(sum(tr("its line says, and that counts"), document.authority, document.entropy));
    } else if (document.hasWeightOne) {
        rows.push_back(sum(tr("no labels: weight 1, by policy"), authority, entropy));
    } else {
        rows.push_back(sum(tr("together"), document.authority, document.entropy));
    }
    return rows;
}

QString markedText(const session::ScoredDocument& document, const Theme& theme)
{
    const auto letters = lettersOf(document);
    const std::string_view text = document.text;
    QString html;
    std::size_t at = 0;
    for (const Piece& piece : piecesOf(document)) {
        const auto begin = static_cast<std::size_t>(piece.begin);
        const auto end = static_cast<std::size_t>(piece.end);
        const Inks inks = inksOf(kindOf(document.reasons[piece.reason]), theme);
        html += escaped(text.substr(at, begin - at));
        html += QStringLiteral("<a name=\"at-%1\" href=\"%1\" style=\"background-color:%2;color:%3;text-decoration:underline;\">%4<sup><b>%1</b></sup></a>")
                    .arg(letters[piece.reason], inks.ground.name(), theme.isHighContrast() ? theme.text1.name() : inks.line.name(), escaped(text.substr(begin, end - begin)));
        at = end;
    }
    return QStringLiteral("<p style=\"line-height:130%\">%1</p>").arg(html + escaped(text.substr(at)));
}

std::vector<std::pair<QString, QString>> weightLines(const session::ScoredDocument& document, const session::Snapshot& snapshot)
{
    if (document.hasWeightOne) {
        return { { tr("weight"), tr("1: documents without labels are not scored here (data.unlabelled)") } };
    }
    std::vector<std::pair<QString, QString>> lines;
    lines.emplace_back(tr("doubt c"),
        tr("ln(1 − %1) + %2 = %3").arg(format::decimal(document.authority, 2), format::decimal(document.entropy, 2), format::decimal(document.doubt, 2)));
    const auto& config = snapshot.config.inForce;
    const bool isMonotone = config && config->distrust.weighting == config::WeightingMode::Monotone;
    const QString raw = isMonotone ? tr("exp(0.389 × %1) = %2").arg(format::decimal(document.doubt, 2), format::decimal(document.rawWeight, 2))
                                   : tr("by the weighting in force %1").arg(format::decimal(document.rawWeight, 2));
    const QString mean = snapshot.corpus ? tr(", divided by the mean %1").arg(format::decimal(snapshot.corpus->weightMean, 2)) : QString();
    lines.emplace_back(tr("weight"), raw + mean + tr(" = %1").arg(format::decimal(document.weight, 2)));
    return lines;
}

} // namespace dubito::ui
