// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QIcon>

#include <cstdint>

namespace dubito::ui::chart {

enum class PlotIcon : std::uint8_t { Table, Chart, Enlarge, Restore, More };

/// The icons of a plot's buttons, drawn in the colour of the text beside them; sharp at any scale.
QIcon plotIcon(PlotIcon icon, const QColor& ink);

} // namespace dubito::ui::chart
