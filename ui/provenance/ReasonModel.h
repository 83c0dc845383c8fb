// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/provenance/Reasons.h"

#include <QAbstractTableModel>
#include <QStyledItemDelegate>

#include <vector>

namespace dubito::ui {

/// The rows as a table.
class ReasonModel final : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { Letter, Rule, Authority, AuthorityBar, Entropy, EntropyBar, ColumnCount };
    static constexpr int AmountRole = Qt::UserRole; ///< of the bars: −1 … 1, share of the largest amount

    explicit ReasonModel(QObject* parent = nullptr) : QAbstractTableModel(parent) { }

    void setRows(std::vector<ReasonRow> rows);
    int rowOf(const QString& letter) const; ///< −1: none

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::vector<ReasonRow> m_rows; ///< at most 32, and the sums
    double m_mostAuthority = 0;
    double m_mostEntropy = 0;
};

/// Draws the amounts as bars from a middle line.
class ReasonDelegate final : public QStyledItemDelegate {
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

} // namespace dubito::ui
