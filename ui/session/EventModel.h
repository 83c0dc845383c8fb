// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/session/Event.h"

#include <QAbstractTableModel>
#include <QSortFilterProxyModel>

#include <cstdint>
#include <optional>
#include <vector>

namespace dubito::ui {

/// The events of the run, newest first: time, step, kind, what happened. New ones are inserted on top, those that the
/// snapshot dropped leave at the end.
class EventModel final : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { Time, Step, Kind, Text, ColumnCount };
    enum Role { IdRole = Qt::UserRole + 1, KindRole, SearchRole };

    explicit EventModel(QObject* parent = nullptr) : QAbstractTableModel(parent) { }

    void display(const std::vector<session::Event>& events);

    std::optional<session::Event> event(std::uint64_t id) const;
    /// The row of an event; -1 when it is not here.
    int rowOf(std::uint64_t id) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    const session::Event& at(int row) const { return m_events[m_events.size() - 1 - static_cast<std::size_t>(row)]; }
    QVariant textOf(const session::Event& event, int column) const;

    std::vector<session::Event> m_events; ///< as in the snapshot: at most 512, oldest first
};

/// What the guardian of the memory did, as against what a run does by itself.
bool isOfGuardian(session::EventKind kind);

/// Filters by words and, if asked, by guardian.
class EventFilter final : public QSortFilterProxyModel {
    Q_OBJECT

public:
    enum class Kinds : std::uint8_t { All, Guardian };

    explicit EventFilter(QObject* parent = nullptr) : QSortFilterProxyModel(parent) { }

    void setKinds(Kinds kinds);
    void setWords(const QString& words);

protected:
    bool filterAcceptsRow(int row, const QModelIndex& parent) const override;

private:
    Kinds m_kinds = Kinds::All;
    QString m_words;
};

} // namespace dubito::ui
