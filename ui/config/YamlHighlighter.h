// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSyntaxHighlighter>

namespace dubito::ui {

/// Colours keys, values, comments and strings of the YAML that configurations are written in; linear in the line.
class YamlHighlighter final : public QSyntaxHighlighter {
    Q_OBJECT

public:
    explicit YamlHighlighter(QTextDocument* document) : QSyntaxHighlighter(document) { }

protected:
    void highlightBlock(const QString& text) override;
};

} // namespace dubito::ui
