// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/Panel.h"
#include "ui/Symbol.h"

class QProgressBar;

namespace dubito::ui {

class SymbolLabel;
class TextLabel;

/// A state in a capsule: shape, word, colour.
class Chip final : public QWidget {
    Q_OBJECT

public:
    explicit Chip(QWidget* parent = nullptr);

    void setContent(Symbol symbol, Tone tone, const QString& word);
    QString word() const { return m_word; }
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    Symbol m_symbol;
    Tone m_tone;
    QString m_word;
};

/// How far the run is: state, step of steps, progress, time left, model; the right half of the tool bar.
class RunBar final : public Panel {
    Q_OBJECT

public:
    enum class Width : std::uint8_t { Full, Narrow };

    explicit RunBar(QWidget* parent = nullptr);

    void display(const session::Snapshot& snapshot) override;
    void setRoom(Width room);

private:
    void displayProgress(const train::RunStatus& run);

    Chip* m_state;
    TextLabel* m_step;
    QProgressBar* m_progress;
    TextLabel* m_share;
    TextLabel* m_left;
    TextLabel* m_model;
    Chip* m_drill;
    Width m_room = Width::Full;
    bool m_hasDrill = false;
};

} // namespace dubito::ui
