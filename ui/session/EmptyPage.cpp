// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/EmptyPage.h"

#include "ui/Format.h"
#include "ui/TextLabel.h"
#include "ui/session/EarlierRuns.h"
#include "ui/session/RecentRuns.h"

#include <QApplication>
#include <QEvent>
#include <QFileInfo>
#include <QFrame>
#include <QGridLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

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

TextLabel* makeHeading(const QString& name)
{
    auto* heading = new TextLabel(TypeSize::Legend);
    heading->setText(name, Ink::Value, QFont::DemiBold);
    return heading;
}

/// "2 processors, AMX": how many threads a run may use, and the widest instructions they have.
QString processorsOf(const session::MachineFacts& facts)
{
    constexpr std::array<std::pair<const char*, const char*>, 3> kVectors { { { "amx_bf16", "AMX" }, { "avx512f", "AVX-512" }, { "avx2", "AVX2" } } };
    QString text = facts.threads == 1 ? EmptyPage::tr("1 processor") : EmptyPage::tr("%1 processors").arg(facts.threads);
    for (const auto& [word, name] : kVectors) {
        if (std::ranges::find(facts.vectors, word) != facts.vectors.end()) {
            return text + QStringLiteral(", ") + QLatin1String(name);
        }
    }
    return text;
}

QString freeBelow(std::int64_t bytes) { return bytes > 0 ? EmptyPage::tr("%1 free").arg(format::bytes(bytes)) : EmptyPage::tr("not known"); }

QString nameOf(const std::string& path) { return QFileInfo(format::text(path)).fileName(); }

} // namespace

EmptyPage::EmptyPage(QWidget* parent)
    : Panel(parent)
    , m_verdictSymbol(new SymbolLabel(14))
    , m_verdict(makeText(TypeSize::Legend, QFont::Normal, "1"))
    , m_earlier(new EarlierRuns)
{
    setObjectName(QStringLiteral("emptyPage"));
    QLabel* title = makeText(TypeSize::Hero, QFont::DemiBold, "1");
    title->setText(tr("Nothing is running"));
    QLabel* lead = makeText(TypeSize::Base, QFont::Normal, "2");
    lead->setText(tr("Dubito trains a language model, watches its memory, and tells in the morning what happened."));
    QLabel* keys = makeText(TypeSize::Unit, QFont::Normal, "3");
    keys->setText(tr("Ctrl+Return starts the run, Ctrl+N plans a new one, F1 lists all keys."));
    auto* head = new QVBoxLayout;
    head->setSpacing(kGrid);
    head->addWidget(title);
    head->addWidget(lead);
    head->addSpacing(kGrid);
    auto* offers = new QVBoxLayout;
    offers->setSpacing(kGrid);
    offers->addWidget(makeOffers());
    offers->addWidget(keys);
    offers->addStretch();
    auto* inner = new QGridLayout; // the cards of both columns begin on one line
    inner->setHorizontalSpacing(5 * kGrid);
    inner->setVerticalSpacing(kGrid);
    inner->addLayout(head, 0, 0);
    inner->addWidget(makeHeading(tr("This machine")), 0, 1, Qt::AlignBottom);
    inner->addLayout(offers, 1, 0);
    inner->addWidget(makeSide(), 1, 1, Qt::AlignTop);
    inner->setColumnStretch(0, 2);
    inner->setColumnStretch(1, 1);
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
    column->setContentsMargins(0, 0, 0, 0);
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
    connect(m_open.button, &QPushButton::clicked, this, [this] { emit openRunWanted({}); });
    return card;
}

/// The machine, and below it what ran on it.
QWidget* EmptyPage::makeSide()
{
    auto* box = new QWidget(this);
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(kGrid);
    column->addWidget(makeMachine());
    column->addSpacing(2 * kGrid);
    column->addWidget(makeHeading(tr("Earlier runs")));
    column->addWidget(m_earlier);
    connect(m_earlier, &EarlierRuns::runChosen, this, &EmptyPage::openRunWanted);
    return box;
}

QWidget* EmptyPage::makeMachine()
{
    auto* card = new QFrame(this);
    card->setProperty("card", QStringLiteral("true"));
    auto* grid = new QGridLayout(card);
    grid->setContentsMargins(3 * kGrid, 2 * kGrid, 3 * kGrid, 2 * kGrid);
    grid->setHorizontalSpacing(3 * kGrid);
    grid->setVerticalSpacing(kGrid);
    const std::array<QString, 5> names { tr("memory"), tr("processor"), tr("profile"), tr("pauses below"), tr("ends below") };
    for (int i = 0; i < 5; ++i) {
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
    m_verdictSymbol->standInLine(m_verdict->font());
    verdict->addWidget(m_verdictSymbol, 0, Qt::AlignTop);
    verdict->addWidget(m_verdict, 1);
    m_verdict->setObjectName(QStringLiteral("emptyVerdict"));
    grid->addLayout(verdict, 5, 0, 1, 2);
    return card;
}

void EmptyPage::display(const session::Snapshot& snapshot)
{
    m_config = snapshot.config.inForce;
    displayRun();
    displayMachine(snapshot);
}

void EmptyPage::displayMachine(const session::Snapshot& snapshot)
{
    const auto& machine = snapshot.machine;
    const QString unknown = tr("not known");
    if (machine) {
        const auto& memory = machine->facts.memory;
        m_facts[0]->setText(memory.size() > 0 && memory.left() >= 0 ? tr("%1, %2 free").arg(format::bytes(memory.size()), format::bytes(memory.left())) : unknown);
        m_facts[1]->setText(processorsOf(machine->facts));
        m_facts[2]->setText(machine->profile.empty() ? tr("smaller than any") : tr("%1 would fit").arg(format::text(machine->profile)));
        m_facts[3]->setText(freeBelow(machine->pressure.pauseBelow));
        m_facts[4]->setText(freeBelow(machine->pressure.abortBelow));
    } else {
        std::ranges::for_each(m_facts, [&](TextLabel* fact) { fact->setText(unknown); });
    }
    using session::Severity;
    const auto worst = machine ? std::ranges::max_element(machine->findings, {}, &session::Finding::severity) : std::vector<session::Finding>::const_iterator {};
    const bool isFound = machine && worst != machine->findings.end();
    if (const auto& refused = snapshot.config.refused; !refused.empty()) {
        m_verdictSymbol->setSymbol(Symbol::Cross, Tone::Failed);
        m_verdict->setText(format::sentence(format::text(toText(refused.front()))));
    } else if (isFound) {
        const bool blocks = worst->severity == Severity::Blocking;
        m_verdictSymbol->setSymbol(blocks ? Symbol::Cross : Symbol::Warn, blocks ? Tone::Failed : Tone::Warn);
        m_verdict->setText(format::sentence(format::text(worst->text)));
    } else {
        m_verdictSymbol->setSymbol(machine ? Symbol::Tick : Symbol::Pending, machine ? Tone::Healthy : Tone::Quiet);
        m_verdict->setText(machine ? tr("No problem found") : tr("This machine was not looked at"));
    }
}

/// A run that was opened or came to its end elsewhere stands there when one comes back.
void EmptyPage::showEvent(QShowEvent* event)
{
    Panel::showEvent(event);
    m_earlier->setRuns(recentRuns());
}

void EmptyPage::changeEvent(QEvent* event)
{
    Panel::changeEvent(event);
    if (event->type() == QEvent::ActivationChange && isVisible()) {
        m_earlier->setRuns(recentRuns());
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
