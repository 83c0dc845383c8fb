// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/session/Command.h"
#include "ui/Panel.h"

#include <array>

class QFrame;
class QLabel;
class QPushButton;

namespace dubito::ui {

class EarlierRuns;
class SymbolLabel;
class TextLabel;

/// What one sees before anything was started: what one can do, and what the machine is. No axes, no zeros.
class EmptyPage final : public Panel {
    Q_OBJECT

public:
    explicit EmptyPage(QWidget* parent = nullptr);

    void display(const session::Snapshot& snapshot) override;

signals:
    void commandWanted(const dubito::session::Command& command);
    void newRunWanted();
    void openRunWanted(const QString& folder); ///< an earlier one, to be looked at; empty: which, is to be asked

protected:
    void showEvent(QShowEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    struct Offer {
        QLabel* title = nullptr;
        QLabel* text = nullptr;
        QPushButton* button = nullptr;
    };
    Offer addOffer(QFrame* card, int index);
    QWidget* makeOffers();
    QWidget* makeMachine();
    QWidget* makeSide();
    void displayRun();
    void displayMachine(const session::Snapshot& snapshot);

    std::shared_ptr<const config::Config> m_config;
    Offer m_start;
    Offer m_new;
    Offer m_open;
    std::array<TextLabel*, 5> m_facts {};
    SymbolLabel* m_verdictSymbol;
    QLabel* m_verdict;
    EarlierRuns* m_earlier;
};

} // namespace dubito::ui
