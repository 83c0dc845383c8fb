// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/Banner.h"

#include "ui/Theme.h"

#include <QApplication>
#include <QFrame>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QStyle>
#include <QVBoxLayout>

#include <algorithm>
#include <array>

namespace dubito::ui {

namespace {

constexpr qsizetype kLongest = 500;

struct Button {
    BannerStep step;
    const char* name;
    const char* text;
};

constexpr std::array kButtons {
    Button { BannerStep::ShowEvidence, "bannerEvidence", QT_TRANSLATE_NOOP("dubito::ui::Banner", "Show evide&nce") },
    Button { BannerStep::StopDrill, "bannerStopDrill", QT_TRANSLATE_NOOP("dubito::ui::Banner", "Stop dr&ill") },
    Button { BannerStep::Resume, "bannerResume", QT_TRANSLATE_NOOP("dubito::ui::Banner", "&Go on") },
    Button { BannerStep::Stop, "bannerStop", QT_TRANSLATE_NOOP("dubito::ui::Banner", "Save and st&op") },
    Button { BannerStep::ShowConfig, "bannerConfig", QT_TRANSLATE_NOOP("dubito::ui::Banner", "Show &configuration") },
    Button { BannerStep::Dismiss, "bannerDismiss", QT_TRANSLATE_NOOP("dubito::ui::Banner", "&Understood") },
};

QString groundOf(Tone tone)
{
    return tone == Tone::Failed ? QStringLiteral("banner-failed")
        : tone == Tone::Accent  ? QStringLiteral("banner-note")
                                : QStringLiteral("banner-warn");
}

} // namespace

Banner::Banner(QWidget* parent)
    : Panel(parent)
    , m_frame(new QFrame(this))
    , m_symbol(new SymbolLabel(22, m_frame))
    , m_title(new QLabel(m_frame))
    , m_text(new QLabel(m_frame))
    , m_buttons(new QHBoxLayout)
{
    setObjectName(QStringLiteral("banner"));
    for (QLabel* label : { m_title, m_text }) {
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
    }
    m_title->setObjectName(QStringLiteral("bannerTitle"));
    m_text->setObjectName(QStringLiteral("bannerText"));
    m_text->setProperty("tone", QStringLiteral("2"));
    m_title->setFont(typeFont(QApplication::font(), TypeSize::Base, QFont::DemiBold));
    m_text->setFont(typeFont(QApplication::font(), TypeSize::Legend));
    auto* words = new QVBoxLayout;
    words->setSpacing(2);
    words->addWidget(m_title);
    words->addWidget(m_text);
    auto* line = new QHBoxLayout(m_frame);
    line->setContentsMargins(2 * kGrid, 10, kCardPadding, 10);
    line->setSpacing(2 * kGrid);
    line->addWidget(m_symbol);
    line->addLayout(words, 1);
    line->addLayout(m_buttons);
    m_buttons->setSpacing(kGrid);
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->addWidget(m_frame);
    hide();
}

void Banner::display(const session::Snapshot& snapshot)
{
    auto text = bannerOf(snapshot);
    if (!text || text->id == m_dismissed) {
        m_shown.reset();
        hide();
        return;
    }
    const bool sameButtons = m_shown && m_shown->steps == text->steps;
    if (!sameButtons) {
        while (QLayoutItem* item = m_buttons->takeAt(0)) {
            item->widget()->deleteLater();
            delete item;
        }
        for (const BannerStep step : text->steps) {
            addButton(step);
        }
    }
    fill(*text);
    m_shown = std::move(text);
    setVisible(true);
}

void Banner::fill(const BannerText& text)
{
    m_symbol->setSymbol(text.symbol, text.tone);
    m_title->setText(text.title.left(kLongest));
    m_text->setText(text.text.left(kLongest));
    m_text->setVisible(!text.text.isEmpty());
    setAccessibleName(text.title);
    setAccessibleDescription(text.text);
    if (m_frame->property("card").toString() != groundOf(text.tone)) {
        m_frame->setProperty("card", groundOf(text.tone));
        m_frame->style()->unpolish(m_frame);
        m_frame->style()->polish(m_frame);
    }
}

void Banner::addButton(BannerStep step)
{
    const auto row = std::ranges::find(kButtons, step, &Button::step);
    auto* button = new QPushButton(tr(row->text), m_frame);
    button->setObjectName(QLatin1String(row->name));
    connect(button, &QPushButton::clicked, this, [this, step] { take(step); });
    m_buttons->addWidget(button);
}

void Banner::take(BannerStep step)
{
    switch (step) {
    case BannerStep::ShowEvidence:
        emit evidenceWanted();
        break;
    case BannerStep::ShowConfig:
        emit configWanted();
        break;
    case BannerStep::StopDrill:
        emit commandWanted(session::StopDrill {});
        break;
    case BannerStep::Resume:
        emit commandWanted(session::Resume {});
        break;
    case BannerStep::Stop:
        emit commandWanted(session::Stop {});
        break;
    case BannerStep::Dismiss:
        m_dismissed = m_shown ? m_shown->id : std::string();
        m_shown.reset();
        hide();
        break;
    }
}

} // namespace dubito::ui
