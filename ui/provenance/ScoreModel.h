// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/session/Snapshot.h"

#include <QAbstractTableModel>

namespace dubito::ui {

/// One page of scored documents, as the backend sent it.
class ScoreModel final : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { Id, Title, Source, Year, Authority, Entropy, Weight, ColumnCount };

    explicit ScoreModel(QObject* parent = nullptr) : QAbstractTableModel(parent) { }

    /// A page that equals the present one changes nothing.
    void display(const session::DocumentPage& page);

    const session::ScoredDocument* document(int row) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    session::DocumentPage m_page;
};

} // namespace dubito::ui
