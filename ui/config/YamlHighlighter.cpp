// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/config/YamlHighlighter.h"

#include "ui/Theme.h"

#include <QApplication>

namespace dubito::ui {

namespace {

/// Where a comment begins: at a # that follows a blank, outside of quotes; the length when there is none.
qsizetype commentStart(const QString& text)
{
    QChar quote;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const QChar c = text.at(i);
        if (!quote.isNull()) {
            quote = c == quote ? QChar() : quote;
        } else if (c == QLatin1Char('"') || c == QLatin1Char('\'')) {
            quote = c;
        } else if (c == QLatin1Char('#') && (i == 0 || text.at(i - 1).isSpace())) {
            return i;
        }
    }
    return text.size();
}

QTextCharFormat inked(const QColor& ink, QFont::Weight weight = QFont::Normal)
{
    QTextCharFormat format;
    format.setForeground(ink);
    format.setFontWeight(weight);
    return format;
}

} // namespace

void YamlHighlighter::highlightBlock(const QString& text)
{
    const Theme& theme = themeOf(QApplication::palette());
    const qsizetype comment = commentStart(text);
    const qsizetype colon = text.indexOf(QLatin1Char(':'));
    if (colon >= 0 && colon < comment) {
        setFormat(0, static_cast<int>(colon), inked(theme.accent, QFont::DemiBold));
        setFormat(static_cast<int>(colon) + 1, static_cast<int>(comment - colon) - 1, inked(theme.text1));
    }
    if (comment < text.size()) {
        QTextCharFormat quiet = inked(theme.text3);
        quiet.setFontItalic(true);
        setFormat(static_cast<int>(comment), static_cast<int>(text.size() - comment), quiet);
    }
}

} // namespace dubito::ui
