// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/Panel.h"

#include <QFrame>

#include <array>
#include <optional>

class QPushButton;
class QTableView;
class QTextBrowser;

namespace dubito::ui {

class ReasonModel;
class TextLabel;

/// Why one document has its weight: the three numbers, its text with the words that fired a rule, every rule with what it
/// added, and the way from there to the weight.
///
/// A letter in the text leads to its row, a row to its words. A function of what setDocument() was given.
class DocumentCard final : public QFrame {
    Q_OBJECT

public:
    explicit DocumentCard(QWidget* parent = nullptr);

    /// Nothing: says what will be here.
    void setDocument(const session::ScoredDocument* document, const session::Snapshot& snapshot);

protected:
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    QWidget* makeHead();
    QWidget* makeFoot();
    void makeTable();
    void fillText();
    void fit();
    void fillFigures();
    void goTo(const QString& letter);
    void copy() const;

    std::optional<session::ScoredDocument> m_document;
    std::vector<std::pair<QString, QString>> m_lines;
    TextLabel* m_heading;
    TextLabel* m_rules;
    std::array<TextLabel*, 3> m_figures {};
    std::array<TextLabel*, 3> m_helps {};
    QTextBrowser* m_text;
    TextLabel* m_key;
    QTableView* m_table;
    ReasonModel* m_model;
    QWidget* m_figureRow = nullptr;
    QWidget* m_foot = nullptr;
    std::array<TextLabel*, 2> m_weight {};
    QPushButton* m_copy;
    TextLabel* m_place;
};

} // namespace dubito::ui
