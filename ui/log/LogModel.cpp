// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/log/LogModel.h"

#include "ui/Format.h"
#include "ui/Look.h"

#include <algorithm>
#include <array>

namespace dubito::ui {

namespace {

constexpr qsizetype kLongest = 1000;

} // namespace

void LogModel::display(const std::vector<log::LogLine>& lines)
{
    const std::uint64_t newest = m_lines.empty() ? 0 : m_lines.back().id;
    if (lines.empty() || lines.back().id < newest) {
        if (!m_lines.empty() || !lines.empty()) {
            beginResetModel();
            m_lines = lines;
            endResetModel();
        }
        return;
    }
    const auto first = std::ranges::upper_bound(lines, newest, {}, &log::LogLine::id);
    const int added = static_cast<int>(lines.end() - first);
    if (added == 0) {
        return;
    }
    const std::size_t wanted = m_lines.size() + static_cast<std::size_t>(added);
    if (wanted > kMostLines && !m_lines.empty()) {
        const std::size_t gone = std::min(m_lines.size(), wanted - kMostLines);
        beginRemoveRows({}, 0, static_cast<int>(gone) - 1);
        m_lines.erase(m_lines.begin(), m_lines.begin() + static_cast<std::ptrdiff_t>(gone));
        endRemoveRows();
    }
    const int at = static_cast<int>(m_lines.size());
    beginInsertRows({}, at, at + added - 1);
    m_lines.insert(m_lines.end(), first, lines.end());
    endInsertRows();
}

int LogModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : static_cast<int>(m_lines.size()); }

int LogModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : ColumnCount; }

QVariant LogModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) {
        return {};
    }
    const log::LogLine& line = m_lines[static_cast<std::size_t>(index.row())];
    const Look look = lookOf(line.level);
    switch (role) {
    case Qt::DisplayRole:
        if (index.column() == Time) {
            return format::timeOfDay(line.time);
        }
        return index.column() == ModuleWord ? format::text(toWord(line.module))
                                            : format::text(line.text).left(kLongest).simplified();
    case Qt::DecorationRole:
        return index.column() == ModuleWord && look.symbol != Symbol::None ? QVariant(symbolIcon(look.symbol, look.tone)) : QVariant();
    case Qt::ToolTipRole:
        return format::tip(format::text(line.text));
    case Qt::AccessibleTextRole:
        return index.column() == ModuleWord ? tr("%1, %2").arg(format::text(toWord(line.module)), look.word) : QVariant();
    case LevelRole:
        return static_cast<int>(line.level);
    case ModuleRole:
        return static_cast<int>(line.module);
    default:
        return {};
    }
}

QVariant LogModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount) {
        return {};
    }
    if (role == Qt::TextAlignmentRole) {
        return static_cast<int>(Qt::AlignVCenter | Qt::AlignLeft);
    }
    const std::array<QString, ColumnCount> titles { tr("Time"), tr("Module"), tr("Line") };
    return role == Qt::DisplayRole ? QVariant(titles[static_cast<std::size_t>(section)]) : QVariant();
}

void LogFilter::setLeastLevel(log::LogLevel level)
{
    m_level = level;
    invalidateFilter();
}

void LogFilter::setModule(std::optional<Module> module)
{
    m_module = module;
    invalidateFilter();
}

void LogFilter::setWords(const QString& words)
{
    m_words = words.trimmed();
    invalidateFilter();
}

bool LogFilter::filterAcceptsRow(int row, const QModelIndex& parent) const
{
    const QModelIndex index = sourceModel()->index(row, LogModel::Text, parent);
    if (index.data(LogModel::LevelRole).toInt() < static_cast<int>(m_level)) {
        return false;
    }
    if (m_module && index.data(LogModel::ModuleRole).toInt() != static_cast<int>(*m_module)) {
        return false;
    }
    return m_words.isEmpty() || index.data().toString().contains(m_words, Qt::CaseInsensitive);
}

} // namespace dubito::ui
