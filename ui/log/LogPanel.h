// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/Panel.h"
#include "ui/log/LogModel.h"

class QComboBox;
class QLineEdit;
class QTableView;

namespace dubito::ui {

class TextLabel;

/// The log: follows the newest line until one scrolls up; filters by level, module and words, and counts what it hides.
class LogPanel final : public Panel {
    Q_OBJECT

public:
    explicit LogPanel(QWidget* parent = nullptr);

    void display(const session::Snapshot& snapshot) override;

    /// Shows the lines of this module alone.
    void filterBy(Module module);

private:
    QWidget* makeFilter();
    void applyFilter();
    void countHidden();

    LogModel* m_model;
    LogFilter* m_filter;
    QLineEdit* m_search;
    QComboBox* m_level;
    QComboBox* m_module;
    QTableView* m_table;
    TextLabel* m_hidden;
};

} // namespace dubito::ui
