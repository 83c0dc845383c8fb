// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/memory/GuardianCard.h"

#include "ui/Format.h"
#include "ui/TextLabel.h"

#include <QFrame>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QVBoxLayout>

#include <algorithm>

namespace dubito::ui {

using reload::Outcome;
using reload::Rung;

namespace {

QString tr(const char* text) { return GuardianCard::tr(text); }

QString nextReload(const session::Snapshot& snapshot)
{
    if (!train::isActive(snapshot.run.state) && snapshot.run.step > 0) {
        return format::kDash; // the run has ended
    }
    if (snapshot.memory.limits.reloadThreshold > 0) {
        return tr("at %1").arg(format::bytes(snapshot.memory.limits.reloadThreshold));
    }
    const auto& config = snapshot.config.inForce;
    if (config && config->training.reloadIntervalSteps > 0) {
        const std::int64_t since = snapshot.run.step - std::max<std::int64_t>(0, snapshot.reload.lastStep);
        return tr("in %1 steps").arg(format::count(std::max<std::int64_t>(0, config->training.reloadIntervalSteps - since)));
    }
    return tr("only on a leak");
}

QString pauses(const session::Snapshot& snapshot)
{
    std::int64_t count = 0;
    double seconds = 0;
    for (const auto& event : snapshot.events) {
        count += event.kind == session::EventKind::Pause ? 1 : 0;
        if (event.kind == session::EventKind::Resume) {
            const auto found = std::ranges::find(event.numbers, "seconds", &std::pair<std::string, double>::first);
            seconds += found == event.numbers.end() || !(found->second < 1e9) ? 0.0 : found->second;
        }
    }
    if (count == 0) {
        return tr("none");
    }
    return seconds < 1 ? format::count(count)
                       : tr("%1, together %2").arg(format::count(count),
                           format::duration(std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000))));
}

std::array<std::pair<QString, QString>, 4> factsAtRest(const session::Snapshot& snapshot)
{
    const auto& reload = snapshot.reload;
    const bool any = reload.lastStep >= 0 && reload.lastOutcome != Outcome::None;
    const QString gave = reload.recoveredBytes > 0 ? format::bytes(reload.recoveredBytes) : tr("nothing");
    return { { { tr("next reload"), nextReload(snapshot) },
        { tr("last reload"), any ? tr("%1 steps ago").arg(format::count(std::max<std::int64_t>(0, snapshot.run.step - reload.lastStep))) : tr("none yet") },
        { tr("gave back"), any ? tr("%1 in %2 s").arg(gave, format::decimal(reload.seconds, 1)) : QString(format::kDash) },
        { tr("pauses"), pauses(snapshot) } } };
}

std::array<std::pair<QString, QString>, 4> factsOfClimb(const session::Snapshot& snapshot)
{
    const auto& reload = snapshot.reload;
    const QString saved = snapshot.run.lastCheckpointStep < 0
        ? tr("nothing yet")
        : tr("checkpoint-%1").arg(snapshot.run.lastCheckpointStep);
    return { { { tr("if it does not help"), reload::isPlanned(reload.lastCause) ? tr("the run goes on") : QStringLiteral("RETAINED") },
        { tr("reloads left"), tr("%1 this hour").arg(format::count(reload.left)) },
        { tr("cool-down"), tr("%1 steps").arg(format::count(reload.cooldownSteps)) }, { tr("saved"), saved } } };
}

} // namespace

GuardianText guardianOf(const session::Snapshot& snapshot)
{
    const auto& reload = snapshot.reload;
    GuardianText text;
    text.facts = reload.rung == Rung::Rest ? factsAtRest(snapshot) : factsOfClimb(snapshot);
    const auto say = [&text](Symbol symbol, Tone tone, const QString& word, const QString& rest) {
        text.symbol = symbol, text.tone = tone, text.word = word, text.rest = rest;
    };
    if (reload.rung != Rung::Rest) {
        say(Symbol::Current, Tone::Accent, tr("Reloading"), tr("rung %1 of 5").arg(static_cast<int>(reload.rung)));
    } else if (!train::isActive(snapshot.run.state)) {
        say(Symbol::Idle, Tone::Quiet, tr("Idle"), tr("nothing runs"));
    } else if (reload.lastOutcome == Outcome::GaveUp) {
        say(Symbol::Cross, Tone::Failed, QStringLiteral("GIVE UP"), tr("waits for you"));
    } else if (snapshot.memory.leak.decision == memory::Decision::Act) {
        say(Symbol::Cross, Tone::Failed, tr("Act"), tr("memory leaks"));
    } else if (snapshot.memory.pressure >= memory::Pressure::Pause) {
        say(Symbol::Paused, Tone::Quiet, tr("Waits"), tr("the machine is short"));
    } else if (reload.lastOutcome == Outcome::Retained) {
        say(Symbol::Warn, Tone::Warn, QStringLiteral("RETAINED"), tr("memory stayed"));
    } else if (snapshot.memory.leak.decision == memory::Decision::Warn) {
        say(Symbol::Warn, Tone::Warn, tr("Watches"), tr("memory may leak"));
    } else {
        say(Symbol::Tick, Tone::Healthy, tr("OK"), tr("nothing is due"));
    }
    return text;
}

GuardianCard::GuardianCard(QWidget* parent) : Panel(parent), m_symbol(new SymbolLabel(14)), m_state(new TextLabel)
{
    setObjectName(QStringLiteral("guardianCard"));
    setAccessibleName(tr("Memory guardian"));
    auto* title = new TextLabel(TypeSize::Legend);
    title->setText(tr("Memory guardian"), Ink::Value, QFont::DemiBold);
    auto* strip = new QFrame;
    strip->setProperty("line", QStringLiteral("both"));
    strip->setProperty("ground", QStringLiteral("alternate"));
    auto* stripLine = new QHBoxLayout(strip);
    stripLine->setContentsMargins(kCardPadding, 5, kCardPadding, 5);
    stripLine->addWidget(title);
    auto* body = new QGridLayout;
    body->setContentsMargins(kCardPadding, kGrid, kCardPadding, kCardPadding);
    body->setHorizontalSpacing(kGrid);
    body->setVerticalSpacing(4);
    auto* state = new QHBoxLayout;
    state->setSpacing(kGrid);
    state->addWidget(m_symbol);
    state->addWidget(m_state, 1);
    body->addLayout(state, 0, 0, 1, 2);
    for (int i = 0; i < 4; ++i) {
        auto& [name, value] = m_facts[static_cast<std::size_t>(i)];
        name = new TextLabel(TypeSize::Unit);
        value = new TextLabel(TypeSize::Unit);
        value->setAlignment(Qt::AlignRight);
        body->addWidget(name, i + 1, 0);
        body->addWidget(value, i + 1, 1);
    }
    body->setColumnStretch(1, 1);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(strip);
    column->addLayout(body);
}

void GuardianCard::display(const session::Snapshot& snapshot)
{
    const GuardianText text = guardianOf(snapshot);
    m_symbol->setSymbol(text.symbol, text.tone);
    m_state->setSpans({ { text.word, Ink::Value, QFont::DemiBold }, { QStringLiteral("  ") + text.rest, Ink::Label } });
    for (std::size_t i = 0; i < m_facts.size(); ++i) {
        m_facts[i].first->setText(text.facts[i].first, Ink::Label);
        m_facts[i].second->setText(text.facts[i].second, Ink::Value);
    }
}

} // namespace dubito::ui
