// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/Panel.h"
#include "ui/health/HealthDelegate.h"

class QListView;
class QToolButton;

namespace dubito::ui {

class GuardianCard;
class HealthModel;
class SymbolLabel;
class TextLabel;

/// The left side: score, one row per module, and the memory guardian below.
///
/// Quiet when healthy: only what is not healthy is bold and coloured.
class HealthPanel final : public Panel {
    Q_OBJECT

public:
    explicit HealthPanel(QWidget* parent = nullptr);

    void display(const session::Snapshot& snapshot) override;

    /// Rail for a narrow window: shapes and words, no reasons, no guardian.
    void setShape(HealthDelegate::Shape shape);

signals:
    /// A row was clicked, or Enter was pressed on it.
    void moduleChosen(dubito::Module module);
    /// The user asks for the other shape.
    void unfoldWanted();

private:
    QWidget* makeHeader();
    void displayScore(const session::Snapshot& snapshot);
    void choose(const QModelIndex& index);

    HealthDelegate::Shape m_shape = HealthDelegate::Shape::Board;
    TextLabel* m_title;
    TextLabel* m_modules;
    QToolButton* m_unfold;
    SymbolLabel* m_symbol;
    TextLabel* m_score;
    TextLabel* m_word;
    TextLabel* m_count;
    HealthModel* m_model;
    HealthDelegate* m_delegate;
    QListView* m_list;
    GuardianCard* m_guardian;
};

} // namespace dubito::ui
