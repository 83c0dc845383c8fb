// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/session/Command.h"
#include "ui/session/NightSummary.h"

#include <QWidget>

#include <string>

class QFrame;
class QPushButton;
class QVBoxLayout;

namespace dubito::ui {

class NightView;
class SymbolLabel;
class TextLabel;

/// The morning after, over the dimmed window: why the run ended and on what evidence, what is lost, the night as a
/// timeline, what it cost, and the way on.
///
/// It comes by itself once for an end that nobody asked for, while nothing runs; Esc closes it, and the Help menu brings
/// it back. The focus is on the way on, and Tab stays inside.
class MorningCard final : public QWidget {
    Q_OBJECT

public:
    /// Covers `window`, hidden at first.
    explicit MorningCard(QWidget* window);

    /// Comes or goes by itself, as described above.
    void follow(const session::Snapshot& snapshot);
    /// Because somebody asked.
    void open(const session::Snapshot& snapshot);
    void close();

signals:
    void commandWanted(const dubito::session::Command& command);
    void eventsWanted();

protected:
    void paintEvent(QPaintEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;
    bool focusNextPrevChild(bool next) override;

private:
    void rebuild();
    QWidget* makeHead();
    QWidget* makeFigures();
    QWidget* makeEvidence();
    QWidget* makeCosts();
    QWidget* makeFoot();
    void place();

    Night m_night;
    std::string m_closed; ///< id of the night that was closed
    QFrame* m_card = nullptr;
    NightView* m_view = nullptr; ///< kept from one card to the next
    QPushButton* m_first = nullptr; ///< gets the focus
};

} // namespace dubito::ui
