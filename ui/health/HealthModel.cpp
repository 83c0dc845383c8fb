// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/health/HealthModel.h"

#include "ui/Format.h"
#include "ui/Look.h"

namespace dubito::ui {

namespace {

constexpr qsizetype kLongestReason = 400;

/// What a row shows changes by the second, so that a beat of a few milliseconds does not paint.
bool showsTheSame(const health::ModuleHealth& a, const health::ModuleHealth& b)
{
    return a.module == b.module && a.state == b.state && a.reason == b.reason
        && a.sinceBeat.count() / 1000 == b.sinceBeat.count() / 1000 && a.bytes == b.bytes
        && a.historyFill == b.historyFill;
}

QString tipOf(const health::ModuleHealth& row)
{
    QString tip = HealthModel::tr("%1: %2").arg(format::text(toWord(row.module)), lookOf(row.state).word);
    if (!row.reason.empty()) {
        tip += QLatin1Char('\n') + format::text(row.reason).left(kLongestReason);
    }
    if (row.bytes > 0) {
        tip += QLatin1Char('\n') + HealthModel::tr("holds %1").arg(format::bytes(row.bytes));
    }
    if (row.historyFill > 0) {
        tip += QLatin1Char('\n') + HealthModel::tr("history %1 full").arg(format::percent(row.historyFill));
    }
    return tip + QLatin1Char('\n') + HealthModel::tr("A click shows what it logged.");
}

} // namespace

void HealthModel::display(const std::vector<health::ModuleHealth>& rows)
{
    if (rows.size() != m_rows.size()) {
        beginResetModel();
        m_rows = rows;
        endResetModel();
        return;
    }
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (!showsTheSame(rows[i], m_rows[i])) {
            m_rows[i] = rows[i];
            const QModelIndex changed = index(static_cast<int>(i));
            emit dataChanged(changed, changed);
        }
    }
}

int HealthModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QVariant HealthModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) {
        return {};
    }
    const auto& row = m_rows[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole:
        return format::text(toWord(row.module));
    case Qt::ToolTipRole:
        return format::tip(tipOf(row));
    case Qt::AccessibleTextRole:
        return tr("%1, %2, %3").arg(format::text(toWord(row.module)), lookOf(row.state).word,
            format::text(row.reason).left(kLongestReason));
    case StateRole:
        return static_cast<int>(row.state);
    case ModuleRole:
        return static_cast<int>(row.module);
    case ReasonRole:
        return format::text(row.reason).left(kLongestReason);
    case AgeRole:
        return format::age(row.sinceBeat);
    default:
        return {};
    }
}

} // namespace dubito::ui
