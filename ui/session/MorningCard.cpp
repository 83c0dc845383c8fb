// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/MorningCard.h"

#include "ui/Format.h"
#include "ui/TextLabel.h"
#include "ui/session/NightView.h"

#include <QApplication>
#include <QEvent>
#include <QFrame>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace dubito::ui {

namespace {

constexpr int kWidest = 940; ///< pixels at the base size of type
constexpr int kMargin = 3 * kGrid;

TextLabel* makeLabel(const QString& text, TypeSize size, Ink ink, QFont::Weight weight = QFont::Normal)
{
    auto* label = new TextLabel(size);
    label->setText(text, ink, weight);
    return label;
}

/// Words of several lines; plain, whatever they hold.
QLabel* makeWords(const QString& text, TypeSize size, QFont::Weight weight = QFont::Normal)
{
    auto* label = new QLabel(text);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setFont(typeFont(QApplication::font(), size, weight));
    return label;
}

} // namespace

MorningCard::MorningCard(QWidget* window) : QWidget(window), m_view(new NightView(this))
{
    setObjectName(QStringLiteral("morningCard"));
    setFocusPolicy(Qt::NoFocus);
    window->installEventFilter(this);
    hide();
}

void MorningCard::follow(const session::Snapshot& snapshot)
{
    const bool isActive = train::isActive(snapshot.run.state);
    if (isActive && !isHidden() && m_night.isDeath) {
        hide(); // it is gone on with
    } else if (!isActive && snapshot.postMortem && isHidden() && nightOf(snapshot).id != m_closed) {
        open(snapshot);
    }
}

void MorningCard::open(const session::Snapshot& snapshot)
{
    m_night = nightOf(snapshot);
    m_view->setRun(snapshot);
    rebuild();
    show();
    raise();
    place();
    m_first->setFocus(Qt::OtherFocusReason);
}

void MorningCard::close()
{
    m_closed = m_night.id;
    hide();
    if (QWidget* under = parentWidget(); under != nullptr) {
        under->setFocus();
    }
}

void MorningCard::rebuild()
{
    m_view->setParent(this);
    delete m_card;
    m_card = new QFrame(this);
    m_card->setObjectName(QStringLiteral("morningFrame"));
    m_card->setProperty("card", QStringLiteral("true"));
    m_card->setAccessibleName(m_night.title);
    auto* column = new QVBoxLayout(m_card);
    column->setContentsMargins(kMargin, kMargin, kMargin, kMargin);
    column->setSpacing(2 * kGrid);
    column->addWidget(makeHead());
    column->addWidget(makeFigures());
    m_view->setVisible(!m_view->isEmpty());
    if (!m_view->isEmpty()) {
        auto* legend = makeLabel({}, TypeSize::Legend, Ink::Label);
        legend->setSpans({ { tr("The night    "), Ink::Value, QFont::DemiBold }, { tr("free on the machine"), Ink::Accent, QFont::DemiBold }, { tr("  and "), Ink::Unit },
            { tr("Dubito RSS"), Ink::Label, QFont::DemiBold }, { tr(", GiB"), Ink::Unit } });
        column->addWidget(legend);
        column->addWidget(m_view);
    }
    auto* facts = new QHBoxLayout;
    facts->setSpacing(kMargin);
    facts->addWidget(makeEvidence(), 8);
    facts->addWidget(makeCosts(), 5);
    column->addLayout(facts);
    if (!m_night.advice.isEmpty()) {
        auto* box = new QFrame;
        box->setProperty("card", QStringLiteral("true"));
        auto* line = new QHBoxLayout(box);
        line->setContentsMargins(kCardPadding, kGrid, kCardPadding, kGrid);
        line->addWidget(makeWords(m_night.advice, TypeSize::Base));
        column->addWidget(box);
    }
    column->addWidget(makeFoot());
}

QWidget* MorningCard::makeHead()
{
    auto* head = new QWidget;
    auto* line = new QHBoxLayout(head);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(2 * kGrid);
    auto* symbol = new SymbolLabel(26);
    symbol->setSymbol(m_night.symbol, m_night.tone);
    line->addWidget(symbol, 0, Qt::AlignTop);
    auto* words = new QVBoxLayout;
    words->setSpacing(4);
    auto* title = makeWords(m_night.title, TypeSize::Figure, QFont::DemiBold);
    title->setObjectName(QStringLiteral("morningTitle"));
    title->setFont(typeFont(QApplication::font(), TypeSize::Answer, QFont::DemiBold));
    words->addWidget(title);
    words->addWidget(makeWords(m_night.text, TypeSize::Base));
    line->addLayout(words, 1);
    return head;
}

QWidget* MorningCard::makeFigures()
{
    auto* frame = new QFrame;
    frame->setProperty("card", QStringLiteral("true"));
    auto* line = new QHBoxLayout(frame);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(0);
    for (std::size_t i = 0; i < m_night.figures.size(); ++i) {
        const NightFigure& figure = m_night.figures[i];
        auto* cell = new QFrame;
        cell->setProperty("line", i + 1 < m_night.figures.size() ? QStringLiteral("right") : QString());
        auto* column = new QVBoxLayout(cell);
        column->setContentsMargins(kCardPadding, kGrid, kCardPadding, kGrid);
        column->setSpacing(2);
        auto* value = new TextLabel(TypeSize::Figure);
        value->setSpans({ { figure.value, Ink::Value, QFont::DemiBold }, { figure.unit.isEmpty() ? QString() : QLatin1Char(' ') + figure.unit, Ink::Label } });
        column->addWidget(makeLabel(figure.name, TypeSize::Unit, Ink::Unit));
        column->addWidget(value);
        column->addWidget(makeLabel(figure.help, TypeSize::Unit, Ink::Label));
        line->addWidget(cell, 1);
    }
    return frame;
}

QWidget* MorningCard::makeEvidence()
{
    auto* box = new QWidget;
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(6);
    auto* title = makeLabel({}, TypeSize::Base, Ink::Value);
    title->setSpans({ { tr("Evidence   "), Ink::Value, QFont::DemiBold }, { m_night.certainty, Ink::Label } });
    column->addWidget(title);
    for (const NightLine& evidence : m_night.evidence) {
        auto* line = new QHBoxLayout;
        line->setSpacing(kGrid);
        auto* symbol = new SymbolLabel(13);
        symbol->setSymbol(evidence.symbol, evidence.tone);
        symbol->standInLine(typeFont(QApplication::font(), TypeSize::Legend));
        line->addWidget(symbol, 0, Qt::AlignTop);
        line->addWidget(makeWords(evidence.text, TypeSize::Legend), 1);
        column->addLayout(line);
    }
    column->addStretch();
    return box;
}

QWidget* MorningCard::makeCosts()
{
    auto* box = new QWidget;
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(6);
    column->addWidget(makeLabel(tr("What it cost"), TypeSize::Base, Ink::Value, QFont::DemiBold));
    for (const auto& [what, length] : m_night.costs) {
        const bool isSum = &what == &m_night.costs.back().first;
        const auto weight = isSum ? QFont::DemiBold : QFont::Normal;
        if (isSum && m_night.costs.size() > 1) {
            auto* rule = new QFrame;
            rule->setProperty("line", QStringLiteral("top"));
            rule->setFixedHeight(1);
            column->addWidget(rule);
        }
        auto* line = new QHBoxLayout;
        line->addWidget(makeLabel(what, TypeSize::Legend, Ink::Value, weight), 1);
        line->addWidget(makeLabel(length, TypeSize::Legend, Ink::Value, weight));
        column->addLayout(line);
    }
    column->addStretch();
    return box;
}

QWidget* MorningCard::makeFoot()
{
    auto* foot = new QWidget;
    auto* line = new QHBoxLayout(foot);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(kGrid);
    line->addWidget(makeLabel(m_night.note, TypeSize::Legend, Ink::Label), 1);
    auto* events = new QPushButton(tr("Show the &events"));
    events->setObjectName(QStringLiteral("morningEvents"));
    auto* away = new QPushButton(tr("&Look at the run"));
    away->setObjectName(QStringLiteral("morningClose"));
    line->addWidget(events);
    line->addWidget(away);
    connect(events, &QPushButton::clicked, this, [this] {
        close();
        emit eventsWanted();
    });
    connect(away, &QPushButton::clicked, this, &MorningCard::close);
    m_first = away;
    if (!m_night.resumeText.isEmpty()) {
        auto* resume = new QPushButton(symbolIcon(Symbol::Running, Tone::OnAccent), m_night.resumeText);
        resume->setObjectName(QStringLiteral("morningResume"));
        resume->setProperty("primary", QStringLiteral("true"));
        connect(resume, &QPushButton::clicked, this, [this] {
            const session::Start start { .cause = session::Cause::User, .resumeFolder = m_night.resumeFolder };
            close();
            emit commandWanted(start);
        });
        line->addWidget(resume);
        m_first = resume;
    }
    return foot;
}

/// In the middle of the window, as wide as it likes and as the window allows.
void MorningCard::place()
{
    setGeometry(parentWidget()->rect());
    if (m_card == nullptr) {
        return;
    }
    const int width = std::min(scaledPixels(QApplication::font(), kWidest), QWidget::width() - 2 * kMargin);
    m_card->setFixedWidth(std::max(width, 320));
    const int wanted = m_card->layout()->hasHeightForWidth() ? m_card->layout()->totalHeightForWidth(m_card->width()) : m_card->sizeHint().height();
    m_card->resize(m_card->width(), std::min(wanted, QWidget::height() - 2 * kGrid));
    m_card->move((QWidget::width() - m_card->width()) / 2, std::max(kGrid, (QWidget::height() - m_card->height()) / 2));
    m_card->show();
}

void MorningCard::paintEvent(QPaintEvent*)
{
    QColor dim = themeOf(palette()).isDark() ? QColor(Qt::black) : QColor(0x10, 0x14, 0x1A);
    dim.setAlphaF(0.55F);
    QPainter(this).fillRect(rect(), dim);
}

void MorningCard::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Escape) {
        close();
        return;
    }
    event->accept(); // nothing behind it hears keys while it is open
}

void MorningCard::mousePressEvent(QMouseEvent* event) { event->accept(); }

bool MorningCard::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == parentWidget() && event->type() == QEvent::Resize && !isHidden()) {
        place();
    }
    return QWidget::eventFilter(watched, event);
}

/// Tab goes round inside the card.
bool MorningCard::focusNextPrevChild(bool next)
{
    QWidget* at = focusWidget();
    for (int i = 0; at != nullptr && i < 10'000; ++i) {
        at = next ? at->nextInFocusChain() : at->previousInFocusChain();
        if (m_card->isAncestorOf(at) && at->isVisible() && at->isEnabled() && (at->focusPolicy() & Qt::TabFocus) != 0) {
            at->setFocus(next ? Qt::TabFocusReason : Qt::BacktabFocusReason);
            return true;
        }
    }
    return false;
}

} // namespace dubito::ui
