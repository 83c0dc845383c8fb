// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/config/YamlView.h"

#include "ui/Format.h"
#include "ui/Theme.h"
#include "ui/config/YamlHighlighter.h"

#include <QApplication>
#include <QEvent>
#include <QFontDatabase>
#include <QStringList>
#include <QTextBlock>

namespace dubito::ui {

YamlView::YamlView(QWidget* parent) : QPlainTextEdit(parent), m_highlighter(new YamlHighlighter(document()))
{
    setObjectName(QStringLiteral("yamlView"));
    setAccessibleName(tr("Configuration as YAML"));
    setTabChangesFocus(true);
    setLineWrapMode(NoWrap);
    QFont font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    font.setPointSizeF(typeFont(QApplication::font(), TypeSize::Legend).pointSizeF());
    setFont(font);
    document()->setDocumentMargin(kCardPadding);
}

void YamlView::setYaml(const std::string& text)
{
    const QString wanted = format::text(text);
    if (wanted == toPlainText()) {
        return;
    }
    const int at = textCursor().position();
    setPlainText(wanted);
    QTextCursor cursor = textCursor();
    cursor.setPosition(std::min(at, static_cast<int>(toPlainText().size())));
    setTextCursor(cursor);
}

std::string YamlView::yaml() const { return format::utf8(toPlainText()); }

int YamlView::lineOf(const std::string& where)
{
    const QStringList parts = format::text(where).split(QLatin1Char(':'));
    for (qsizetype i = 1; i < parts.size(); ++i) {
        bool isNumber = false;
        const int line = parts.at(i).toInt(&isNumber);
        if (isNumber) {
            return line;
        }
    }
    return 0;
}

void YamlView::setProblems(const std::vector<Error>& problems)
{
    const Theme& theme = themeOf(QApplication::palette());
    QList<QTextEdit::ExtraSelection> marks;
    QStringList said;
    for (const Error& problem : problems) {
        said << format::text(toText(problem));
        const QTextBlock block = document()->findBlockByNumber(lineOf(problem.where) - 1);
        if (block.isValid()) {
            QTextEdit::ExtraSelection mark;
            mark.cursor = QTextCursor(block);
            mark.format.setBackground(theme.failedGround);
            mark.format.setProperty(QTextFormat::FullWidthSelection, true);
            mark.format.setUnderlineStyle(QTextCharFormat::WaveUnderline);
            mark.format.setUnderlineColor(theme.failed);
            marks << mark;
        }
    }
    setExtraSelections(marks);
    setToolTip(format::tip(said.join(QLatin1Char('\n'))));
}

void YamlView::changeEvent(QEvent* event)
{
    QPlainTextEdit::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) {
        m_highlighter->rehighlight();
    }
}

} // namespace dubito::ui
