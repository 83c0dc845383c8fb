// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/provenance/ReasonModel.h"

#include "ui/Format.h"
#include "ui/Theme.h"

#include <QApplication>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace dubito::ui {

void ReasonModel::setRows(std::vector<ReasonRow> rows)
{
    beginResetModel();
    m_rows = std::move(rows);
    m_mostAuthority = m_mostEntropy = 0;
    for (const ReasonRow& row : m_rows) {
        m_mostAuthority = std::max(m_mostAuthority, std::abs(row.authorityAmount));
        m_mostEntropy = std::max(m_mostEntropy, std::abs(row.entropyAmount));
    }
    endResetModel();
}

int ReasonModel::rowOf(const QString& letter) const
{
    const auto row = std::ranges::find(m_rows, letter, &ReasonRow::letter);
    return letter.isEmpty() || row == m_rows.end() ? -1 : static_cast<int>(row - m_rows.begin());
}

int ReasonModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : static_cast<int>(m_rows.size()); }

int ReasonModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : ColumnCount; }

QVariant ReasonModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) {
        return {};
    }
    const ReasonRow& row = m_rows[static_cast<std::size_t>(index.row())];
    const int column = index.column();
    if (role == AmountRole && (column == AuthorityBar || column == EntropyBar)) {
        const double most = column == AuthorityBar ? m_mostAuthority : m_mostEntropy;
        return row.isSum || most <= 0 ? 0.0 : (column == AuthorityBar ? row.authorityAmount : row.entropyAmount) / most;
    }
    if (role == Qt::DisplayRole) {
        const QString rule = row.words.isEmpty() ? row.rule : row.rule + QStringLiteral(", ") + row.words;
        const std::array<QString, ColumnCount> texts { row.letter, rule, row.authority, {}, row.entropy, {} };
        return texts[static_cast<std::size_t>(column)];
    }
    if (role == Qt::TextAlignmentRole) {
        return static_cast<int>(Qt::AlignVCenter | (column == Authority || column == Entropy ? Qt::AlignRight : Qt::AlignLeft));
    }
    if (role == Qt::FontRole) {
        return typeFont(QApplication::font(), TypeSize::Legend, row.isSum || column == Letter ? QFont::DemiBold : QFont::Normal);
    }
    return role == Qt::ToolTipRole && column == Rule ? QVariant(format::tip(data(index, Qt::DisplayRole).toString())) : QVariant();
}

QVariant ReasonModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount) {
        return {};
    }
    if (role == Qt::TextAlignmentRole) {
        return static_cast<int>(Qt::AlignVCenter | (section == Authority || section == Entropy ? Qt::AlignRight : Qt::AlignLeft));
    }
    const std::array<QString, ColumnCount> titles { QString(), tr("Rule, and the words that fired it"), tr("Authority"), QString(), tr("Entropy"), QString() };
    return role == Qt::DisplayRole ? QVariant(titles[static_cast<std::size_t>(section)]) : QVariant();
}

void ReasonDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    QStyledItemDelegate::paint(painter, option, index);
    const double amount = index.data(ReasonModel::AmountRole).toDouble();
    if (amount == 0) {
        return;
    }
    const Theme& theme = themeOf(option.palette);
    const int padding = index.column() == ReasonModel::EntropyBar ? kGrid : 0;
    const QRectF box = QRectF(option.rect).adjusted(3, option.rect.height() / 3.0, -3 - padding, -option.rect.height() / 3.0);
    const double middle = std::floor(box.center().x());
    const double wide = std::max(1.0, std::abs(amount) * box.width() / 2);
    painter->fillRect(QRectF(amount > 0 ? middle : middle - wide, box.top(), wide, box.height()), theme.greys[1]);
    painter->fillRect(QRectF(middle, box.top() - 3, 1, box.height() + 6), theme.strongBorder);
}

} // namespace dubito::ui
