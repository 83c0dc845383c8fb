// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chart/PlotPanel.h"

#include "ui/chart/PlotGroup.h"

#include <QVBoxLayout>

namespace dubito::ui::chart {

PlotPanel::PlotPanel(PlotGroup& group, ContentOf contentOf, QWidget* parent)
    : Panel(parent)
    , m_group(group)
    , m_contentOf(contentOf)
    , m_plot(new Plot(group, this))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_plot);
    m_plot->setContent(contentOf({}));
}

void PlotPanel::display(const session::Snapshot& snapshot)
{
    m_group.advance(snapshot);
    if (m_revision == snapshot.revision) {
        return;
    }
    m_revision = snapshot.revision;
    m_plot->setContent(m_contentOf(snapshot));
}

} // namespace dubito::ui::chart
