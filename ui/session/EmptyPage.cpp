// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/EmptyPage.h"

#include "ui/Format.h"
#include "ui/TextLabel.h"

#include <QApplication>
#include <QFileInfo>
#include <QFrame>
#include <QGridLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QThread>
#include <QVBoxLayout>

namespace dubito::ui {

namespace {

constexpr std::array kSymbols { Symbol::Running, Symbol::Plus, Symbol::Folder };
constexpr std::array kButtons { "emptyStart", "emptyNew", "emptyOpen" };

/// A symbol on a soft disc.
class Disc final : public QWidget {
public:
    Disc(Symbol symbol, QWidget* parent) : QWidget(parent), m_symbol(symbol)
    {
        const int side = scaledPixels(QApplication::font(), 40);
        setFixedSize(side, side);
    }

protected:
    void paintEvent(QPaintEvent*) override
    {
        const Theme& theme = themeOf(palette());
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        painter.setBrush(theme.accentSoft);
        painter.drawEllipse(rect());
        const double side = width() * 0.4;
        QRectF inner(0, 0, side, side);
        inner.moveCenter(QRectF(rect()).center());
        paintSymbol(painter, inner, m_symbol, theme.accent, theme.accentSoft);
    }

private:
    Symbol m_symbol;
};

QLabel* makeText(TypeSize size, QFont::Weight weight, const char* tone)
{
    auto* label = new QLabel;
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setFont(typeFont(QApplication::font(), size, weight));
    label->setProperty("tone", QLatin1String(tone));
    return label;
}

QString nameOf(const std::string& path) { return QFileInfo(format::text(path)).fileName(); }

} // namespace

EmptyPage::EmptyPage(QWidget* parent) : Panel(parent), m_verdictSymbol(new SymbolLabel(14)), m_verdict(new TextLabel(TypeSize::Legend))
{
    setObjectName(QStringLiteral("emptyPage"));
    QLabel* title = makeText(TypeSize::Hero, QFont::DemiBold, "1");
    title->setText(tr("Nothing is running"));
    QLabel* lead = makeText(TypeSize::Base, QFont::Normal, "2");
    lead->setText(tr("Dubito trains a language model, watches its memory, and tells in the morning what happened."));
    QLabel* keys = makeText(TypeSize::Unit, QFont::Normal, "3");
    keys->setText(tr("Ctrl+Return starts the run, Ctrl+N plans a new one, F1 lists all keys."));
    auto* columns = new QHBoxLayout;
    columns->setSpacing(5 * kGrid);
    columns->addWidget(makeOffers(), 2, Qt::AlignTop);
    columns->addWidget(makeMachine(), 1, Qt::AlignTop);
    auto* inner = new QVBoxLayout;
    inner->setSpacing(kGrid);
    inner->addWidget(title);
    inner->addWidget(lead);
    inner->addSpacing(2 * kGrid);
    inner->addLayout(columns);
    inner->addWidget(keys);
    auto* middle = new QHBoxLayout;
    middle->addStretch(1);
    middle->addLayout(inner, 8);
    middle->addStretch(1);
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(3 * kGrid, 3 * kGrid, 3 * kGrid, 3 * kGrid);
    outer->addStretch(1);
    outer->addLayout(middle);
    outer->addStretch(2);
    display({});
}

EmptyPage::Offer EmptyPage::addOffer(QFrame* card, int index)
{
    const auto at = static_cast<std::size_t>(index);
    Offer offer;
    auto* row = new QFrame(card);
    if (index > 0) {
        row->setProperty("line", QStringLiteral("top"));
    }
    offer.title = makeText(TypeSize::Title, QFont::DemiBold, "1");
    offer.text = makeText(TypeSize::Legend, QFont::Normal, "2");
    offer.button = new QPushButton(row);
    offer.button->setObjectName(QLatin1String(kButtons[at]));
    offer.button->setMinimumWidth(scaledPixels(QApplication::font(), 168));
    auto* words = new QVBoxLayout;
    words->setSpacing(2);
    words->addWidget(offer.title);
    words->addWidget(offer.text);
    auto* line = new QHBoxLayout(row);
    line->setContentsMargins(3 * kGrid, 2 * kGrid, 3 * kGrid, 2 * kGrid);
    line->setSpacing(2 * kGrid);
    line->addWidget(new Disc(kSymbols[at], row));
    line->addLayout(words, 1);
    line->addWidget(offer.button);
    card->layout()->addWidget(row);
    return offer;
}

QWidget* EmptyPage::makeOffers()
{
    auto* card = new QFrame(this);
    card->setProperty("card", QStringLiteral("true"));
    auto* column = new QVBoxLayout(card);
    column->setContentsMargins(1, 1, 1, 1);
    column->setSpacing(0);
    m_start = addOffer(card, 0);
    m_new = addOffer(card, 1);
    m_open = addOffer(card, 2);
    m_start.button->setProperty("primary", true);
    m_start.button->setDefault(true);
    setFocusProxy(m_start.button);
    m_new.title->setText(tr("New run"));
    m_new.text->setText(tr("Choose model, data and profile. You see whether it fits into memory before it starts."));
    m_new.button->setText(tr("&New run…"));
    m_open.title->setText(tr("Open a run"));
    m_open.text->setText(tr("Look at an earlier run again; the File menu lays two over each other."));
    m_open.button->setText(tr("&Open a run…"));
    connect(m_start.button, &QPushButton::clicked, this, [this] { emit commandWanted(session::Start {}); });
    connect(m_new.button, &QPushButton::clicked, this, &EmptyPage::newRunWanted);
    connect(m_open.button, &QPushButton::clicked, this, &EmptyPage::openRunWanted);
    return card;
}

QWidget* EmptyPage::makeMachine()
{
    auto* box = new QWidget(this);
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(kGrid);
    auto* title = new TextLabel(TypeSize::Legend);
    title->setText(tr("This machine"), Ink::Value, QFont::DemiBold);
    auto* card = new QFrame(box);
    card->setProperty("card", QStringLiteral("true"));
    auto* grid = new QGridLayout(card);
    grid->setContentsMargins(3 * kGrid, 2 * kGrid, 3 * kGrid, 2 * kGrid);
    grid->setHorizontalSpacing(3 * kGrid);
    grid->setVerticalSpacing(kGrid);
    const std::array<QString, 4> names { tr("memory"), tr("processor"), tr("pauses below"), tr("ends below") };
    for (int i = 0; i < 4; ++i) {
        auto* name = new TextLabel(TypeSize::Legend);
        name->setText(names[static_cast<std::size_t>(i)], Ink::Label);
        auto* fact = new TextLabel(TypeSize::Legend);
        m_facts[static_cast<std::size_t>(i)] = fact;
        grid->addWidget(name, i, 0);
        grid->addWidget(fact, i, 1);
    }
    grid->setColumnStretch(1, 1);
    auto* verdict = new QHBoxLayout;
    verdict->setSpacing(kGrid);
    verdict->addWidget(m_verdictSymbol);
    verdict->addWidget(m_verdict, 1);
    grid->addLayout(verdict, 4, 0, 1, 2);
    column->addWidget(title);
    column->addWidget(card);
    return box;
}

void EmptyPage::display(const session::Snapshot& snapshot)
{
    m_config = snapshot.config.inForce;
    displayRun();
    const auto& memory = snapshot.memory;
    const auto said = [](std::int64_t bytes) { return bytes > 0 ? format::bytes(bytes) : tr("not known yet"); };
    m_facts[0]->setText(memory.limits.machine > 0 ? tr("%1, %2 free").arg(format::bytes(memory.limits.machine), format::bytes(memory.latest.available)) : tr("not known yet"));
    m_facts[1]->setText(tr("%1 processors").arg(QThread::idealThreadCount()));
    m_facts[2]->setText(memory.limits.pauseAvailable > 0 ? tr("%1 free").arg(said(memory.limits.pauseAvailable)) : said(0));
    m_facts[3]->setText(memory.limits.abortAvailable > 0 ? tr("%1 free").arg(said(memory.limits.abortAvailable)) : said(0));
    const auto& refused = snapshot.config.refused;
    const bool isShort = memory.limits.pauseAvailable > 0 && memory.latest.available >= 0 && memory.latest.available < memory.limits.pauseAvailable;
    if (!refused.empty()) {
        m_verdictSymbol->setSymbol(Symbol::Cross, Tone::Failed);
        m_verdict->setText(format::text(toText(refused.front())));
    } else if (isShort) {
        m_verdictSymbol->setSymbol(Symbol::Warn, Tone::Warn);
        m_verdict->setText(tr("Too little is free: a run would pause at once"));
    } else {
        m_verdictSymbol->setSymbol(Symbol::Tick, Tone::Healthy);
        m_verdict->setText(tr("No problem found"));
    }
}

void EmptyPage::displayRun()
{
    const config::Config standard;
    const config::Config& config = m_config ? *m_config : standard;
    const bool sample = config.model.path.empty() && config.data.path.empty();
    const QString steps = format::count(config.training.steps);
    m_start.title->setText(sample ? tr("Start the sample run") : tr("Start the run"));
    m_start.button->setText(sample ? tr("&Start sample run") : tr("&Start the run"));
    m_start.text->setText(sample
            ? tr("The shipped tiny model on the shipped corpus, %1 steps. It learns visibly within a minute.").arg(steps)
            : tr("%1 steps: %2 on %3. It can be paused, reloaded and stopped at any time.")
                  .arg(steps, config.model.path.empty() ? tr("the shipped tiny model") : nameOf(config.model.path),
                      config.data.path.empty() ? tr("the shipped corpus") : nameOf(config.data.path)));
}

} // namespace dubito::ui
