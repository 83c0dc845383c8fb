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

    /// Names of the columns: those of the card, or short ones for a narrow panel.
    enum class Words : std::uint8_t { Long, Short };

    explicit ScoreModel(QObject* parent = nullptr) : QAbstractTableModel(parent) { }

    /// A page that equals the present one changes nothing. Its order stands as an arrow behind the name of a column.
    enum class Change : std::uint8_t { None, Page };
    Change display(const session::DocumentPage& page);

    void setWords(Words words);

    /// What is asked for to sort by a column.
    static session::DocumentOrder orderOf(int column);
    static QString nameOf(int column, Words words);

    const session::ScoredDocument* document(int row) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    session::DocumentPage m_page;
    Words m_words = Words::Short;
};

} // namespace dubito::ui
