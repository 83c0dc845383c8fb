// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/WindowShape.h"

#include "ui/ChartArea.h"
#include "ui/SideTabs.h"
#include "ui/Symbol.h"
#include "ui/chart/PlotGrid.h"
#include "ui/health/HealthPanel.h"
#include "ui/provenance/ScorePanel.h"
#include "ui/train/RunBar.h"

#include <QApplication>
#include <QDockWidget>
#include <QEvent>
#include <QMainWindow>
#include <QStackedWidget>
#include <QTimer>
#include <QToolBar>

#include <algorithm>
#include <array>

namespace dubito::ui {

namespace {

constexpr int kFoldBelow = 1280; ///< pixels at the base size of type
constexpr int kThreeRowsFrom = 820; ///< height from which three rows of charts can be read

} // namespace

WindowShape::WindowShape(QMainWindow& window, const WindowParts& parts) : QObject(&window), m_window(window), m_parts(parts)
{
    m_parts.tabs->installEventFilter(this);
    connect(m_parts.tabs, &SideTabs::enlargeWanted, this, &WindowShape::enlargeSide);
    connect(m_parts.tabs, &SideTabs::backWanted, this, &WindowShape::backToCharts);
}

bool WindowShape::mustFold() const { return m_window.width() < scaledPixels(QApplication::font(), kFoldBelow); }

/// Only the width that the side panel has beside the charts is worth remembering.
bool WindowShape::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::Resize && !m_isFolded && !mustFold() && !isSideEnlarged()) {
        m_sideWidth = m_parts.tabs->width();
    }
    return QObject::eventFilter(watched, event);
}

void WindowShape::fold()
{
    const bool folded = mustFold();
    m_healthUnfolded = m_healthUnfolded && folded == m_isFolded;
    const bool unfolds = m_isFolded && !folded;
    const int before = m_sideWidth;
    m_isFolded = folded;
    arrange();
    if (unfolds && !isSideEnlarged()) {
        // The docks take their new limits when the loop has laid them out.
        QTimer::singleShot(0, this, [this, before] { setSideWidth(before); });
    }
}

void WindowShape::unfoldHealth()
{
    m_healthUnfolded = true;
    arrange();
}

void WindowShape::arrange()
{
    const bool side = isSideEnlarged();
    const bool rail = (m_isFolded || side) && !m_healthUnfolded;
    m_parts.toolBar->setToolButtonStyle(m_isFolded ? Qt::ToolButtonIconOnly : Qt::ToolButtonTextBesideIcon);
    m_parts.runBar->setRoom(m_isFolded ? RunBar::Width::Narrow : RunBar::Width::Full);
    m_parts.health->setShape(rail ? HealthDelegate::Shape::Rail : HealthDelegate::Shape::Board);
    m_parts.tabs->setShape(m_isFolded ? SideTabs::Shape::Folded : SideTabs::Shape::Wide);
    m_parts.charts->setShape(m_isFolded ? AnswerCards::Shape::OneLine : AnswerCards::Shape::Tall);
    const bool isLow = m_window.height() < scaledPixels(QApplication::font(), kThreeRowsFrom);
    m_parts.charts->setPaging(m_isFolded || isLow ? chart::Paging::Small : chart::Paging::Wide);
}

void WindowShape::toggleEnlarged()
{
    if (isSideEnlarged()) {
        backToCharts();
    } else if (m_parts.tabs->isVisible() && m_parts.tabs->isAncestorOf(m_window.focusWidget())) {
        enlargeSide();
    } else {
        m_parts.charts->toggleEnlarged();
    }
}

void WindowShape::enlargeSide()
{
    if (isSideEnlarged() || !m_parts.tabs->isVisible()) {
        return;
    }
    m_parts.tabs->setEnlarged(true);
    m_parts.scores->setShape(ScorePanel::Shape::Full);
    m_parts.pages->hide();
    arrange();
    emit snapshotWanted();
}

void WindowShape::backToCharts()
{
    if (!isSideEnlarged()) {
        return;
    }
    const int before = m_sideWidth;
    m_parts.pages->show();
    m_parts.scores->setShape(ScorePanel::Shape::Side);
    m_parts.tabs->setEnlarged(false);
    arrange();
    setSideWidth(before);
    emit snapshotWanted();
}

void WindowShape::setSideWidth(int pixels)
{
    auto* dock = qobject_cast<QDockWidget*>(m_parts.tabs->parentWidget());
    if (dock != nullptr && pixels > 0 && !m_isFolded && !isSideEnlarged()) {
        m_window.resizeDocks({ dock }, { pixels }, Qt::Horizontal);
    }
}

void WindowShape::turnTo(WindowView view)
{
    constexpr int kConfig = 0, kEvents = 1, kData = 2, kLog = 3;
    backToCharts();
    m_parts.charts->turnTo(view == WindowView::Details ? 1 : 0);
    if (m_isFolded) {
        return; // the side panels stay folded away
    }
    m_parts.tabs->openAt(view == WindowView::Data ? kData : view == WindowView::Evidence ? kEvents : view == WindowView::Details ? kLog : kConfig);
    if (view == WindowView::Data) {
        enlargeSide();
    }
}

bool WindowShape::isSideEnlarged() const { return m_parts.tabs->isEnlarged(); }

void WindowShape::nextPanel()
{
    const std::array<QWidget*, 4> panels { m_parts.toolBar, m_parts.health, m_parts.pages->currentWidget(), m_parts.tabs };
    auto current = std::find_if(panels.begin(), panels.end(), [this](const QWidget* panel) { return panel->isAncestorOf(m_window.focusWidget()); });
    for (std::size_t tried = 0; tried < panels.size(); ++tried) {
        current = current == panels.end() || current + 1 == panels.end() ? panels.begin() : current + 1;
        for (QWidget* child : (*current)->findChildren<QWidget*>()) {
            if (child->isVisible() && child->isEnabled() && (child->focusPolicy() & Qt::TabFocus) != 0) {
                child->setFocus(Qt::TabFocusReason);
                return;
            }
        }
    }
}

} // namespace dubito::ui
