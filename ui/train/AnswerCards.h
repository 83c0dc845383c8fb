// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/Panel.h"
#include "ui/train/Answers.h"

#include <array>

class QBoxLayout;
class QFrame;

namespace dubito::ui {

class SymbolLabel;
class TextLabel;

/// The four answers on top of the window; see answersOf() for what they say.
class AnswerCards final : public Panel {
    Q_OBJECT

public:
    enum class Shape : std::uint8_t { Tall, OneLine };

    explicit AnswerCards(QWidget* parent = nullptr);

    void display(const session::Snapshot& snapshot) override;

    /// OneLine for a narrow window: topic above, answer and brief evidence beside each other.
    void setShape(Shape shape);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    struct Card {
        QFrame* frame = nullptr;
        TextLabel* question = nullptr;
        SymbolLabel* symbol = nullptr;
        TextLabel* answer = nullptr;
        TextLabel* beside = nullptr;
        TextLabel* evidence = nullptr;
    };
    Card makeCard(int index);
    bool besideFits(const Card& card) const;
    void fill();

    Shape m_shape = Shape::Tall;
    std::array<Answer, 4> m_answers;
    std::array<Card, 4> m_cards;
};

} // namespace dubito::ui
