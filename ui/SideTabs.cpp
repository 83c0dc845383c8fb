// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/SideTabs.h"

#include "ui/Panel.h"
#include "ui/Symbol.h"

#include <QApplication>
#include <QBoxLayout>
#include <QKeyEvent>
#include <QPushButton>
#include <QStackedWidget>
#include <QTabBar>
#include <QToolButton>

#include <algorithm>

namespace dubito::ui {

SideTabs::SideTabs(QWidget* parent)
    : QWidget(parent)
    , m_head(new QWidget(this))
    , m_headLine(new QBoxLayout(QBoxLayout::LeftToRight, m_head))
    , m_bar(new QTabBar(m_head))
    , m_enlarge(new QToolButton(m_head))
    , m_back(new QPushButton(tr("&Back to the charts"), m_head))
    , m_pages(new QStackedWidget(this))
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
    layout->addWidget(m_head);
    m_headLine->setContentsMargins(0, 0, 0, 0);
    m_headLine->addWidget(m_bar);
    m_headLine->addStretch(1);
    m_headLine->addWidget(m_enlarge);
    m_headLine->addWidget(m_back);
    makeButtons();
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

void SideTabs::makeButtons()
{
    m_enlarge->setObjectName(QStringLiteral("sideEnlarge"));
    m_enlarge->setAccessibleName(tr("Enlarge this panel"));
    m_enlarge->setToolTip(tr("Enlarge this panel (Ctrl+Shift+E)"));
    m_enlarge->setIcon(symbolIcon(Symbol::Enlarge, Tone::Quiet));
    m_enlarge->setAutoRaise(true);
    m_enlarge->setFocusPolicy(Qt::StrongFocus);
    m_back->setObjectName(QStringLiteral("sideBack"));
    m_back->setToolTip(tr("Esc or Ctrl+Shift+E"));
    connect(m_enlarge, &QToolButton::clicked, this, &SideTabs::enlargeWanted);
    connect(m_back, &QPushButton::clicked, this, &SideTabs::backWanted);
}

void SideTabs::setEnlarged(bool enlarged)
{
    if (enlarged != m_isEnlarged) {
        m_isEnlarged = enlarged;
        m_isOpen = m_isOpen || enlarged;
        arrange();
    }
}

void SideTabs::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Escape && m_isEnlarged) {
        emit backWanted();
        return;
    }
    QWidget::keyPressEvent(event);
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

void SideTabs::choose(int index)
{
    if (index >= 0 && index < m_bar->count()) {
        m_bar->setCurrentIndex(index);
        arrange();
    }
}

int SideTabs::index() const { return m_bar->currentIndex(); }

Panel* SideTabs::openPanel() const
{
    const auto index = static_cast<std::size_t>(m_pages->currentIndex());
    return m_isOpen && index < m_panels.size() ? m_panels[index] : nullptr;
}

void SideTabs::clicked(int index)
{
    if (m_shape == Shape::Folded && index >= 0 && !m_isEnlarged) {
        m_isOpen = !m_isOpen || index != m_bar->currentIndex();
        arrange();
    }
}

void SideTabs::arrange()
{
    const bool folded = m_shape == Shape::Folded && !m_isEnlarged;
    auto* box = static_cast<QBoxLayout*>(layout());
    box->setDirection(folded ? QBoxLayout::RightToLeft : QBoxLayout::TopToBottom);
    box->setAlignment(m_head, folded ? Qt::AlignTop : Qt::Alignment());
    m_headLine->setDirection(folded ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
    m_headLine->setContentsMargins(0, 0, folded ? 0 : kGrid, 0);
    m_enlarge->setVisible(!m_isEnlarged && m_isOpen);
    m_back->setVisible(m_isEnlarged);
    m_bar->setShape(folded ? QTabBar::RoundedEast : QTabBar::RoundedNorth);
    m_pages->setVisible(m_isOpen);
    const QFont base = QApplication::font();
    if (m_isEnlarged) {
        setMinimumWidth(scaledPixels(base, 500));
        setMaximumWidth(QWIDGETSIZE_MAX);
    } else if (m_isOpen) {
        setMinimumWidth(scaledPixels(base, folded ? 400 : 360));
        setMaximumWidth(scaledPixels(base, folded ? 440 : 640));
    } else {
        setFixedWidth(m_bar->sizeHint().width());
    }
}

} // namespace dubito::ui
