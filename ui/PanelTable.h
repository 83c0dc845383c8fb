// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QTableView;

namespace dubito::ui {

/// A table of a side panel as all of them are: whole rows, no grid, one line a row, small type, no row numbers, and Tab
/// leaves it. `rowPixels`: height of a row at the base size of type.
void setUpPanelTable(QTableView& table, int rowPixels);

} // namespace dubito::ui
