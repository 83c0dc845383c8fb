// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Error.h"

#include <QPlainTextEdit>

#include <string>
#include <vector>

namespace dubito::ui {

class YamlHighlighter;

/// The configuration as text, with what is wrong marked at its line.
class YamlView final : public QPlainTextEdit {
    Q_OBJECT

public:
    explicit YamlView(QWidget* parent = nullptr);

    /// Keeps the cursor where it was; the same text changes nothing.
    void setYaml(const std::string& text);
    std::string yaml() const;

    /// Marks the lines that the places name ("my.yaml:4:3"); the sentences stand in the tool-tip of the view.
    void setProblems(const std::vector<Error>& problems);

    /// The line of a place, from 1; 0 when it names none.
    static int lineOf(const std::string& where);

protected:
    void changeEvent(QEvent* event) override;

private:
    YamlHighlighter* m_highlighter;
};

} // namespace dubito::ui
