// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/session/Snapshot.h"

#include <QAbstractTableModel>
#include <QSortFilterProxyModel>

#include <cstdint>
#include <optional>
#include <vector>

namespace dubito::ui {

/// The newest lines of the log, oldest first; keeps at most kMostLines of what it has seen.
class LogModel final : public QAbstractTableModel {
    Q_OBJECT

public:
    static constexpr std::size_t kMostLines = 2000;

    enum Column { Time, ModuleWord, Text, ColumnCount };
    enum Role { LevelRole = Qt::UserRole + 1, ModuleRole };

    explicit LogModel(QObject* parent = nullptr) : QAbstractTableModel(parent) { }

    void display(const std::vector<log::LogLine>& lines);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::vector<log::LogLine> m_lines;
};

/// Filters by level, module and words.
class LogFilter final : public QSortFilterProxyModel {
    Q_OBJECT

public:
    explicit LogFilter(QObject* parent = nullptr) : QSortFilterProxyModel(parent) { }

    void setLeastLevel(log::LogLevel level);
    void setModule(std::optional<Module> module);
    void setWords(const QString& words);

protected:
    bool filterAcceptsRow(int row, const QModelIndex& parent) const override;

private:
    log::LogLevel m_level = log::LogLevel::Info;
    std::optional<Module> m_module;
    QString m_words;
};

} // namespace dubito::ui
