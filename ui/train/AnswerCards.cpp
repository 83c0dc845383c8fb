// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/train/AnswerCards.h"

#include "ui/TextLabel.h"

#include <QFrame>
#include <QHBoxLayout>
#include <QRegularExpression>
#include <QVBoxLayout>

namespace dubito::ui {

namespace {

constexpr std::array kNames { "answerLearning", "answerLeaking", "answerHealthy", "answerDone" };

constexpr std::size_t kMeasured = 2; ///< learning and leaking rest on a number

/// The first number of a measured answer is what counts.
QVector<Span> evidenceSpans(const QString& evidence, bool isMeasured)
{
    static const QRegularExpression number(QStringLiteral("[−+]?\\d[\\d.,]*\\d|\\d"));
    const auto found = isMeasured ? number.match(evidence) : QRegularExpressionMatch();
    if (!found.hasMatch()) {
        return { { evidence, Ink::Label } };
    }
    return { { evidence.left(found.capturedStart()), Ink::Label }, { found.captured(), Ink::Value, QFont::DemiBold },
        { evidence.mid(found.capturedEnd()), Ink::Label } };
}

} // namespace

AnswerCards::AnswerCards(QWidget* parent) : Panel(parent)
{
    setObjectName(QStringLiteral("answers"));
    setAccessibleName(tr("The four answers"));
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(kGrid);
    for (int i = 0; i < 4; ++i) {
        m_cards[static_cast<std::size_t>(i)] = makeCard(i);
        layout->addWidget(m_cards[static_cast<std::size_t>(i)].frame, 1);
    }
}

AnswerCards::Card AnswerCards::makeCard(int index)
{
    Card card;
    card.frame = new QFrame(this);
    card.frame->setObjectName(QLatin1String(kNames[static_cast<std::size_t>(index)]));
    card.frame->setProperty("card", QStringLiteral("true"));
    card.question = new TextLabel(TypeSize::Unit, card.frame);
    card.symbol = new SymbolLabel(16, card.frame);
    card.answer = new TextLabel(TypeSize::Answer, card.frame);
    card.answer->setObjectName(QStringLiteral("answer"));
    card.beside = new TextLabel(TypeSize::Unit, card.frame);
    card.beside->setAlignment(Qt::AlignRight);
    card.evidence = new TextLabel(TypeSize::Legend, card.frame);
    card.evidence->setObjectName(QStringLiteral("evidence"));
    auto* line = new QHBoxLayout;
    line->setSpacing(kGrid);
    line->addWidget(card.symbol);
    line->addWidget(card.answer);
    line->addWidget(card.beside, 1);
    auto* column = new QVBoxLayout(card.frame);
    column->setContentsMargins(kCardPadding, 6, kCardPadding, 6);
    column->setSpacing(2);
    column->addWidget(card.question);
    column->addLayout(line);
    column->addWidget(card.evidence);
    return card;
}

void AnswerCards::display(const session::Snapshot& snapshot)
{
    m_answers = answersOf(snapshot, std::chrono::system_clock::now());
    fill();
}

void AnswerCards::setShape(Shape shape)
{
    m_shape = shape;
    fill();
}

/// Half a word helps nobody: beside the answer stands all of the brief evidence, or nothing.
bool AnswerCards::besideFits(const Card& card) const
{
    const int frames = 2 * kCardPadding + 2 * kGrid + 2;
    return card.symbol->sizeHint().width() + card.answer->sizeHint().width() + card.beside->sizeHint().width() + frames <= card.frame->width();
}

void AnswerCards::resizeEvent(QResizeEvent* event)
{
    Panel::resizeEvent(event);
    if (m_shape == Shape::OneLine) {
        QMetaObject::invokeMethod(this, [this] { fill(); }, Qt::QueuedConnection); // when the cards have their widths
    }
}

void AnswerCards::fill()
{
    const bool tall = m_shape == Shape::Tall;
    for (std::size_t i = 0; i < m_cards.size(); ++i) {
        const Answer& answer = m_answers[i];
        const Card& card = m_cards[i];
        card.question->setText(tall ? answer.question : answer.topic, Ink::Unit);
        card.symbol->setSymbol(answer.symbol, answer.tone);
        card.answer->setText(answer.answer, Ink::Value, QFont::DemiBold);
        card.beside->setText(answer.brief, Ink::Label);
        card.beside->setVisible(!tall && besideFits(card));
        card.evidence->setSpans(evidenceSpans(answer.evidence, i < kMeasured));
        card.evidence->setVisible(tall);
        card.frame->setAccessibleName(answer.question + QLatin1Char(' ') + answer.answer);
        card.frame->setAccessibleDescription(answer.evidence);
    }
}

} // namespace dubito::ui
