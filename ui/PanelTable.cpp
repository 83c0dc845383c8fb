// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/PanelTable.h"

#include "ui/Symbol.h"
#include "ui/Theme.h"

#include <QApplication>
#include <QHeaderView>
#include <QLineEdit>
#include <QTableView>

namespace dubito::ui {

void setUpPanelTable(QTableView& table, int rowPixels)
{
    table.setSelectionBehavior(QAbstractItemView::SelectRows);
    table.setShowGrid(false);
    table.setTabKeyNavigation(false);
    table.setWordWrap(false);
    table.setFont(typeFont(QApplication::font(), TypeSize::Legend));
    table.setIconSize(QSize(1, 1) * scaledPixels(QApplication::font(), 11));
    table.verticalHeader()->hide();
    table.verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    table.verticalHeader()->setDefaultSectionSize(scaledPixels(QApplication::font(), rowPixels));
    table.horizontalHeader()->setFont(typeFont(QApplication::font(), TypeSize::Legend, QFont::DemiBold));
    table.horizontalHeader()->setStretchLastSection(true);
    table.horizontalHeader()->setHighlightSections(false);
}

void setUpSearch(QLineEdit& search, const char* objectName, const QString& hint, const QString& accessibleName)
{
    search.setObjectName(QLatin1String(objectName));
    search.setPlaceholderText(hint);
    search.setAccessibleName(accessibleName);
    search.setClearButtonEnabled(true);
    search.addAction(symbolIcon(Symbol::Search, Tone::Quiet), QLineEdit::LeadingPosition);
}

} // namespace dubito::ui
