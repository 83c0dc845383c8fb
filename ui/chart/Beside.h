// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/chart/PlotContent.h"

namespace dubito::ui::chart {

/// Lays the line that a plot reads first of another run (`other`: the same plot, made of that run's snapshot) behind the
/// lines of this one, in grey, named after that run. Stacks and bands are not comparable by eye and stay away.
void layBeside(PlotContent& content, const PlotContent& other, const QString& name);

} // namespace dubito::ui::chart
