// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/SideTabs.h"

#include "ui/Panel.h"
#include "ui/Symbol.h"

#include <QApplication>
#include <QBoxLayout>
#include <QStackedWidget>
#include <QTabBar>

#include <algorithm>

namespace dubito::ui {

SideTabs::SideTabs(QWidget* parent) : QWidget(parent), m_bar(new QTabBar(this)), m_pages(new QStackedWidget(this))
{
    setObjectName(QStringLiteral("sideTabs"));
    m_bar->setObjectName(QStringLiteral("sideTabBar"));
    m_bar->setAccessibleName(tr("Side panels"));
    m_bar->setDrawBase(false);
    m_bar->setExpanding(false);
    m_bar->setIconSize(QSize(1, 1) * scaledPixels(QApplication::font(), 12));
    m_pages->setProperty("ground", QStringLiteral("surface"));
    m_pages->setAttribute(Qt::WA_StyledBackground);
    auto* layout = new QBoxLayout(QBoxLayout::TopToBottom, this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_bar);
    layout->addWidget(m_pages, 1);
    connect(m_bar, &QTabBar::currentChanged, this, [this](int index) {
        m_pages->setCurrentIndex(index);
        if (Panel* panel = openPanel()) {
            emit opened(panel);
        }
    });
    connect(m_bar, &QTabBar::tabBarClicked, this, &SideTabs::clicked);
    arrange();
}

void SideTabs::add(Panel* panel, const QString& title)
{
    m_panels.push_back(panel);
    m_pages->addWidget(panel);
    const int tab = m_bar->addTab(title);
    m_bar->setTabToolTip(tab, tr("%1 (Ctrl+%2)").arg(title).arg(tab + 1));
}

void SideTabs::setShape(Shape shape)
{
    if (shape != m_shape) {
        m_shape = shape;
        m_isOpen = shape == Shape::Wide;
        arrange();
    }
}

void SideTabs::setMark(Panel* panel, Mark mark)
{
    const auto at = std::ranges::find(m_panels, panel);
    if (at != m_panels.end()) {
        const int tab = static_cast<int>(at - m_panels.begin());
        m_bar->setTabIcon(tab, mark == Mark::Problem ? symbolIcon(Symbol::Cross, Tone::Failed) : QIcon());
    }
}

void SideTabs::open(Panel* panel)
{
    const auto at = std::ranges::find(m_panels, panel);
    if (at != m_panels.end()) {
        openAt(static_cast<int>(at - m_panels.begin()));
    }
}

void SideTabs::openAt(int index)
{
    m_isOpen = true;
    m_bar->setCurrentIndex(index);
    arrange();
    if (Panel* panel = openPanel()) {
        emit opened(panel);
        panel->setFocus();
    }
}

Panel* SideTabs::openPanel() const
{
    const auto index = static_cast<std::size_t>(m_pages->currentIndex());
    return m_isOpen && index < m_panels.size() ? m_panels[index] : nullptr;
}

void SideTabs::clicked(int index)
{
    if (m_shape == Shape::Folded && index >= 0) {
        m_isOpen = !m_isOpen || index != m_bar->currentIndex();
        arrange();
    }
}

void SideTabs::arrange()
{
    const bool folded = m_shape == Shape::Folded;
    auto* box = static_cast<QBoxLayout*>(layout());
    box->setDirection(folded ? QBoxLayout::RightToLeft : QBoxLayout::TopToBottom);
    box->setAlignment(m_bar, folded ? Qt::AlignTop : Qt::Alignment());
    m_bar->setShape(folded ? QTabBar::RoundedEast : QTabBar::RoundedNorth);
    m_pages->setVisible(m_isOpen);
    const QFont base = QApplication::font();
    if (m_isOpen) {
        setMinimumWidth(scaledPixels(base, folded ? 400 : 360));
        setMaximumWidth(scaledPixels(base, folded ? 440 : 640));
    } else {
        setFixedWidth(m_bar->sizeHint().width());
    }
}

} // namespace dubito::ui
