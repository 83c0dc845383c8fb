// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/session/Snapshot.h"
#include "ui/Theme.h"

#include <QString>

#include <cstdint>
#include <utility>
#include <vector>

namespace dubito::ui {

/// What a rule does with the words it found: the colours of the text.
enum class ReasonKind : std::uint8_t { RaisesAuthority, Date, PrimarySource, Other };

ReasonKind kindOf(const session::ScoreReason& reason);

/// "institution named", "consensus phrase": a rule for people. An unknown word is shown as it is.
QString ruleText(const session::ScoreReason& reason);

/// One row of the explanation; the first letters of the alphabet lead from the text to the rows and back.
struct ReasonRow {
    QString letter; ///< empty: its words are not in the text that is shown
    QString rule;
    QString words;
    QString authority; ///< "+0.30"; empty where the rule adds nothing
    QString entropy;
    double authorityAmount = 0; ///< finite
    double entropyAmount = 0;
    bool isSum = false;
};

/// The rules in the order in which they fired, what they say together, and what overrules them. Pure.
std::vector<ReasonRow> reasonRows(const session::ScoredDocument& document);

/// Text of the document as HTML, every piece escaped, the words that fired a rule marked and lettered. Pure.
QString markedText(const session::ScoredDocument& document, const Theme& theme);

/// From c to the weight of the mean document, as one line each. Pure.
std::vector<std::pair<QString, QString>> weightLines(const session::ScoredDocument& document, const session::Snapshot& snapshot);

} // namespace dubito::ui
