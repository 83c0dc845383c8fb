// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/StatusLine.h"

#include "ui/Format.h"
#include "ui/TextLabel.h"

#include <QFrame>
#include <QHBoxLayout>
#include <QStringList>

#include <algorithm>

namespace dubito::ui {

namespace {

constexpr int kSentenceMilliseconds = 8000;

} // namespace

StatusLine::StatusLine(QWidget* parent) : QStatusBar(parent), m_leakSymbol(new SymbolLabel(12))
{
    setObjectName(QStringLiteral("statusLine"));
    setAccessibleName(tr("Status"));
    setSizeGripEnabled(false);
    m_resident = add("statusResident");
    m_free = add("statusFree");
    m_leak = add("statusLeak");
    static_cast<QHBoxLayout*>(m_leak.box->layout())->insertWidget(0, m_leakSymbol);
    m_speed = add("statusSpeed");
    m_saved = add("statusSaved");
    m_lag = add("statusLag");
    m_cost = add("statusCost");
    m_sleep = add("statusSleep");
    m_lag.box->setToolTip(format::tip(tr("The longest that the window made you wait in the last two seconds.")));
    m_cost.box->setToolTip(format::tip(tr("Processor time of the window's own thread, of one core.")));
}

StatusLine::Item StatusLine::add(const char* name)
{
    Item item;
    item.box = new QFrame(this);
    item.box->setProperty("line", QStringLiteral("right"));
    item.text = new TextLabel(TypeSize::Unit, item.box);
    item.text->setObjectName(QLatin1String(name));
    auto* line = new QHBoxLayout(item.box);
    line->setContentsMargins(kCardPadding, 2, kCardPadding, 2);
    line->setSpacing(6);
    line->addWidget(item.text);
    addWidget(item.box);
    return item;
}

void StatusLine::fill(const Item& item, const QString& caption, const QString& value)
{
    item.box->setVisible(!value.isEmpty());
    item.text->setSpans({ { caption.isEmpty() ? QString() : caption + QStringLiteral("  "), Ink::Label }, { value, Ink::Value, QFont::DemiBold } });
}

void StatusLine::display(const session::Snapshot& snapshot, const WindowCost& cost, Sleep sleep)
{
    const auto& memory = snapshot.memory;
    const auto& run = snapshot.run;
    const bool active = train::isActive(run.state);
    fill(m_resident, tr("RSS"), memory.latest.resident > 0 && run.state != train::RunState::Idle ? format::bytes(memory.latest.resident) : QString());
    const std::int64_t atStart = snapshot.machine ? snapshot.machine->facts.memory.left() : -1;
    const std::int64_t left = memory.latest.available > 0 ? memory.latest.available : atStart;
    fill(m_free, tr("free"), left > 0 ? format::bytes(left) : QString());
    displayLeak(snapshot);
    m_speed.box->setVisible(active && run.tokensPerSecond > 0);
    m_speed.text->setSpans({ { format::compact(run.tokensPerSecond, 4), Ink::Value, QFont::DemiBold }, { tr(" tok/s"), Ink::Label } });
    const QString saved = run.lastCheckpointStep < 0 ? tr("nothing yet")
                                                     : tr("%1 steps ago").arg(format::count(std::max<std::int64_t>(0, run.step - run.lastCheckpointStep)));
    fill(m_saved, tr("saved"), active ? saved : QString());
    fill(m_lag, tr("window lag"), tr("%1 ms").arg(format::decimal(cost.lagMilliseconds, 0)));
    fill(m_cost, tr("window"), cost.share > 0 ? tr("%1 of a core").arg(format::percent(cost.share)) : QString());
    m_sleep.box->setVisible(sleep == Sleep::Inhibited);
    m_sleep.text->setText(tr("sleep inhibited"), Ink::Label);
}

void StatusLine::displayLeak(const session::Snapshot& snapshot)
{
    const auto& leak = snapshot.memory.leak;
    const QString who = leak.blameWord.empty() ? tr("memory") : format::text(leak.blameWord).left(40);
    const QString rate = format::rate(leak.mbPerStep);
    if (snapshot.run.state == train::RunState::Idle) {
        m_leakSymbol->setSymbol(Symbol::Idle, Tone::Quiet);
        m_leak.text->setText(tr("nothing runs"), Ink::Value, QFont::DemiBold);
    } else if (leak.decision == dubito::memory::Decision::Act) {
        m_leakSymbol->setSymbol(Symbol::Cross, Tone::Failed);
        m_leak.text->setText(tr("leak in %1, %2 MB/step").arg(who, rate), Ink::Value, QFont::DemiBold);
    } else if (leak.decision == dubito::memory::Decision::Warn) {
        m_leakSymbol->setSymbol(Symbol::Warn, Tone::Warn);
        m_leak.text->setText(tr("perhaps a leak in %1, %2 MB/step").arg(who, rate), Ink::Value, QFont::DemiBold);
    } else if (leak.nothingAbove > 0) {
        m_leakSymbol->setSymbol(Symbol::Tick, Tone::Healthy);
        m_leak.text->setText(tr("no leak above %1 MB/step").arg(format::rate(leak.nothingAbove)), Ink::Value, QFont::DemiBold);
    } else {
        m_leakSymbol->setSymbol(Symbol::Pending, Tone::Quiet);
        m_leak.text->setText(tr("leak: too early to tell"), Ink::Label);
    }
}

void StatusLine::say(const QString& sentence) { showMessage(sentence.left(300), kSentenceMilliseconds); }

} // namespace dubito::ui
