// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/Panel.h"
#include "ui/session/EventModel.h"

#include <array>

class QFormLayout;
class QLabel;
class QLineEdit;
class QPushButton;
class QTableView;

namespace dubito::ui {

class GrowthBars;
class SymbolLabel;
class TextLabel;

/// What happened, as a table, and below it the evidence of the chosen event; a click goes to its moment in the charts.
class EventPanel final : public Panel {
    Q_OBJECT

public:
    explicit EventPanel(QWidget* parent = nullptr);

    void display(const session::Snapshot& snapshot) override;

    /// Selects it, as a click on its mark in a chart does.
    void choose(std::uint64_t id);

    /// The newest event of the guardian: what a banner calls evidence.
    void chooseEvidence();

signals:
    /// It was clicked, or Enter was pressed on it: the charts may go to the moment.
    void eventChosen(const dubito::session::Event& event);

private:
    QWidget* makeFilter();
    QWidget* makeDetails();
    void currentChanged(const QModelIndex& current);
    void go(const QModelIndex& index);
    void displayDetails();

    EventModel* m_model;
    EventFilter* m_filter;
    QLineEdit* m_search;
    QPushButton* m_all;
    QPushButton* m_guardian;
    QTableView* m_table;
    QWidget* m_details;
    SymbolLabel* m_symbol;
    TextLabel* m_heading;
    TextLabel* m_number;
    QLabel* m_text;
    QFormLayout* m_story;
    TextLabel* m_growthTitle;
    GrowthBars* m_growth;
    std::array<TextLabel*, 5> m_sites {}; ///< lines of the program that grow
    std::uint64_t m_shown = 0;
    dubito::memory::LeakVerdict m_leak;
    double m_limit = 0;
};

} // namespace dubito::ui
