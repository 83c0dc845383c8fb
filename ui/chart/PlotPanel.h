// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/Panel.h"
#include "ui/chart/Plot.h"

#include <cstdint>
#include <optional>

namespace dubito::ui::chart {

/// A panel that is one plot: a pure function makes its content from the snapshot.
///
/// The same revision twice is looked at once. Hidden, it takes the content and draws nothing.
class PlotPanel : public Panel {
    Q_OBJECT

public:
    using ContentOf = PlotContent (*)(const session::Snapshot& snapshot);

    /// The group must outlive the panel.
    PlotPanel(PlotGroup& group, ContentOf contentOf, QWidget* parent);

    void display(const session::Snapshot& snapshot) override;

    Plot& plot() { return *m_plot; }

private:
    PlotGroup& m_group;
    ContentOf m_contentOf;
    Plot* m_plot;
    std::optional<std::uint64_t> m_revision;
};

} // namespace dubito::ui::chart
