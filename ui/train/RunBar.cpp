// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/train/RunBar.h"

#include "ui/Format.h"
#include "ui/Look.h"
#include "ui/TextLabel.h"

#include <QApplication>
#include <QHBoxLayout>
#include <QPainter>
#include <QProgressBar>

#include <algorithm>

namespace dubito::ui {

using train::RunState;

namespace {

constexpr int kProgressUnits = 1000;

QFont chipFont() { return typeFont(QApplication::font(), TypeSize::Base, QFont::DemiBold); }

double shareDone(const train::RunStatus& run)
{
    if (run.state == RunState::Preparing) {
        return std::clamp(run.preparedShare, 0.0, 1.0);
    }
    return run.totalSteps > 0 ? std::clamp(static_cast<double>(run.step) / static_cast<double>(run.totalSteps), 0.0, 1.0)
                              : 0.0;
}

QString whatIsLeft(const train::RunStatus& run)
{
    switch (run.state) {
    case RunState::Idle:
        return {};
    case RunState::Preparing:
    case RunState::Stopping:
        return format::text(run.activity);
    case RunState::Finished:
        return run.step < run.totalSteps ? RunBar::tr("stopped") : RunBar::tr("took %1").arg(format::duration(run.elapsed));
    case RunState::Paused:
    case RunState::Failed:
        return RunBar::tr("%1 steps left").arg(format::count(std::max<std::int64_t>(0, run.totalSteps - run.step)));
    default:
        return run.remaining.count() < 0 ? QString() : RunBar::tr("%1 left").arg(format::remaining(run.remaining));
    }
}

} // namespace

Chip::Chip(QWidget* parent) : QWidget(parent), m_symbol(Symbol::None), m_tone(Tone::Quiet)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void Chip::setContent(Symbol symbol, Tone tone, const QString& word)
{
    if (symbol == m_symbol && tone == m_tone && word == m_word) {
        return;
    }
    m_symbol = symbol;
    m_tone = tone;
    m_word = word.left(60);
    setAccessibleName(m_word);
    updateGeometry();
    QWidget::update();
}

QSize Chip::sizeHint() const
{
    const QFontMetrics metrics(chipFont());
    return { metrics.horizontalAdvance(m_word) + scaledPixels(QApplication::font(), 50), metrics.height() + 11 };
}

void Chip::paintEvent(QPaintEvent*)
{
    const Theme& theme = themeOf(palette());
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QColor ground = m_tone == Tone::Accent ? theme.accentSoft
        : m_tone == Tone::Failed                 ? theme.failedGround
        : m_tone == Tone::Warn                   ? theme.warnGround
                                                 : theme.alternate;
    const double line = theme.isHighContrast() ? 2.0 : 1.2;
    const QRectF box = QRectF(rect()).adjusted(line, line, -line, -line);
    painter.setPen(QPen(inkOf(m_tone, theme), line));
    painter.setBrush(ground);
    painter.drawRoundedRect(box, box.height() / 2, box.height() / 2);
    const int side = scaledPixels(QApplication::font(), 13);
    const int left = scaledPixels(QApplication::font(), 14);
    paintSymbol(painter, QRectF(left, (height() - side) / 2.0, side, side), m_symbol, inkOf(m_tone, theme), ground);
    painter.setFont(chipFont());
    painter.setPen(textInkOf(m_tone, theme));
    painter.drawText(rect().adjusted(left + side + kGrid, 0, 0, 0), Qt::AlignVCenter | Qt::AlignLeft, m_word);
}

RunBar::RunBar(QWidget* parent)
    : Panel(parent)
    , m_state(new Chip(this))
    , m_step(new TextLabel(TypeSize::Base, this))
    , m_progress(new QProgressBar(this))
    , m_share(new TextLabel(TypeSize::Legend, this))
    , m_left(new TextLabel(TypeSize::Base, this))
    , m_model(new TextLabel(TypeSize::Legend, this))
    , m_drill(new Chip(this))
{
    setObjectName(QStringLiteral("runBar"));
    m_state->setObjectName(QStringLiteral("runState"));
    m_step->setObjectName(QStringLiteral("runStep"));
    m_left->setObjectName(QStringLiteral("runLeft"));
    m_model->setObjectName(QStringLiteral("runModel"));
    m_drill->setObjectName(QStringLiteral("drillChip"));
    m_progress->setObjectName(QStringLiteral("runProgress"));
    m_progress->setAccessibleName(tr("Progress of the run"));
    m_progress->setTextVisible(false);
    m_progress->setRange(0, kProgressUnits);
    m_progress->setFixedHeight(9);
    m_model->setAlignment(Qt::AlignRight);
    m_drill->hide();
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(kGrid / 2, 0, kGrid / 2, 0);
    layout->setSpacing(kCardPadding);
    for (QWidget* widget : std::initializer_list<QWidget*> { m_state, m_step, m_progress, m_share, m_left }) {
        layout->addWidget(widget);
    }
    layout->addStretch(1);
    layout->addWidget(m_model, 1000);
    layout->addWidget(m_drill);
    setRoom(Width::Full);
}

void RunBar::setRoom(Width room)
{
    m_room = room;
    const int wide = scaledPixels(QApplication::font(), room == Width::Full ? 220 : 160);
    m_progress->setFixedWidth(wide);
    m_model->setVisible(room == Width::Full && !m_hasDrill);
}

void RunBar::display(const session::Snapshot& snapshot)
{
    const auto& run = snapshot.run;
    const Look look = lookOf(run.state);
    m_state->setContent(look.symbol, look.tone, look.word);
    displayProgress(run);
    m_model->setText(format::text(run.modelName), Ink::Label);
    const auto& drill = snapshot.memory.drill;
    m_hasDrill = drill.active;
    m_drill->setVisible(m_hasDrill);
    m_model->setVisible(m_room == Width::Full && !m_hasDrill);
    if (m_hasDrill) {
        m_drill->setContent(Symbol::Warn, Tone::Warn,
            tr("Drill: %1 %2 MB/step").arg(format::text(drill.who), format::decimal(drill.mbPerStep, 1)));
    }
}

void RunBar::displayProgress(const train::RunStatus& run)
{
    const bool idle = run.state == RunState::Idle;
    m_progress->setVisible(!idle);
    m_share->setVisible(!idle);
    m_left->setVisible(!idle);
    if (idle) {
        m_step->setText(tr("nothing runs"), Ink::Label);
        return;
    }
    m_step->setSpans({ { tr("step "), Ink::Label }, { format::count(run.step), Ink::Value, QFont::DemiBold },
        { QStringLiteral(" / ") + format::count(run.totalSteps), Ink::Label } });
    m_progress->setValue(static_cast<int>(shareDone(run) * kProgressUnits));
    m_share->setText(format::percent(shareDone(run)), Ink::Label);
    m_left->setText(whatIsLeft(run), Ink::Value, QFont::DemiBold);
}

} // namespace dubito::ui
