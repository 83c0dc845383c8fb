// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QLineEdit;
class QString;
class QTableView;

namespace dubito::ui {

/// A table of a side panel as all of them are: whole rows, no grid, one line a row, small type, no row numbers, and Tab
/// leaves it. `rowPixels`: height of a row at the base size of type.
void setUpPanelTable(QTableView& table, int rowPixels);

/// The field above such a table: a magnifying glass, a hint of what can be found, a cross that empties it.
void setUpSearch(QLineEdit& search, const char* objectName, const QString& hint, const QString& accessibleName);

} // namespace dubito::ui
