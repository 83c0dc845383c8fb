// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/session/Command.h"
#include "ui/Panel.h"

#include <QTimer>

class QLineEdit;
class QPushButton;
class QTableView;
class QTextBrowser;

namespace dubito::ui {

class ScoreModel;
class TextLabel;

/// Why a document has its weight: pages of scored documents, and for the chosen one every rule that fired.
///
/// The backend holds the documents; this panel asks for pages with ShowDocuments and shows what comes.
class ScorePanel final : public Panel {
    Q_OBJECT

public:
    static constexpr std::int64_t kPage = 64;

    explicit ScorePanel(QWidget* parent = nullptr);

    void display(const session::Snapshot& snapshot) override;

signals:
    void commandWanted(const dubito::session::Command& command);

protected:
    void showEvent(QShowEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    QWidget* makeFilter();
    void ask(std::int64_t first);
    void explain();

    ScoreModel* m_model;
    QLineEdit* m_search;
    QTimer m_typing;
    QPushButton* m_before;
    QPushButton* m_after;
    TextLabel* m_rows;
    QTableView* m_table;
    TextLabel* m_heading;
    TextLabel* m_numbers;
    QTextBrowser* m_why;
    std::int64_t m_first = 0;
    std::int64_t m_matching = 0;
    bool m_asked = false;
};

} // namespace dubito::ui
