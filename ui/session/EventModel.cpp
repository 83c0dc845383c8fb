// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/EventModel.h"

#include "ui/Format.h"
#include "ui/Look.h"

#include <QApplication>

#include <algorithm>
#include <array>

namespace dubito::ui {

using session::Event;
using session::EventKind;

namespace {

constexpr qsizetype kLongest = 500;

/// Rising ids make the overlap of two lists a matter of their ends.
std::size_t newerThan(const std::vector<Event>& events, std::uint64_t id)
{
    const auto first = std::ranges::upper_bound(events, id, {}, &Event::id);
    return static_cast<std::size_t>(events.end() - first);
}

} // namespace

bool isOfGuardian(EventKind kind)
{
    constexpr std::array kGuardian { EventKind::Reload, EventKind::Relieve, EventKind::Warn, EventKind::Act,
        EventKind::Retained, EventKind::GiveUp, EventKind::BatchReduced, EventKind::Alert };
    return std::ranges::find(kGuardian, kind) != kGuardian.end();
}

void EventModel::display(const std::vector<Event>& events)
{
    const std::uint64_t newest = m_events.empty() ? 0 : m_events.back().id;
    const bool another = events.empty() || m_events.empty() || events.back().id < newest
        || (events.front().id <= newest && events.front().id < m_events.front().id);
    if (another) {
        if (events.empty() && m_events.empty()) {
            return;
        }
        beginResetModel();
        m_events = events;
        endResetModel();
        return;
    }
    const std::size_t added = newerThan(events, newest);
    if (added > 0) {
        beginInsertRows({}, 0, static_cast<int>(added) - 1);
        m_events.insert(m_events.end(), events.end() - static_cast<std::ptrdiff_t>(added), events.end());
        endInsertRows();
    }
    if (m_events.size() > events.size()) {
        const std::size_t gone = m_events.size() - events.size();
        beginRemoveRows({}, static_cast<int>(events.size()), static_cast<int>(m_events.size()) - 1);
        m_events.erase(m_events.begin(), m_events.begin() + static_cast<std::ptrdiff_t>(gone));
        endRemoveRows();
    }
}

std::optional<Event> EventModel::event(std::uint64_t id) const
{
    const auto found = std::ranges::find(m_events, id, &Event::id);
    return found == m_events.end() ? std::nullopt : std::optional(*found);
}

int EventModel::rowOf(std::uint64_t id) const
{
    const auto found = std::ranges::find(m_events, id, &Event::id);
    return found == m_events.end() ? -1 : static_cast<int>(m_events.end() - found) - 1;
}

int EventModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_events.size());
}

int EventModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : ColumnCount; }

QVariant EventModel::textOf(const Event& event, int column) const
{
    switch (column) {
    case Time:
        return format::timeOfDay(event.wall);
    case Step:
        return format::count(event.step);
    case Kind:
        return lookOf(event.kind).word;
    default:
        return format::text(event.text).left(kLongest).simplified();
    }
}

QVariant EventModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) {
        return {};
    }
    const Event& event = at(index.row());
    const Look look = lookOf(event.kind);
    switch (role) {
    case Qt::DisplayRole:
        return textOf(event, index.column());
    case Qt::DecorationRole:
        return index.column() == Kind ? QVariant(symbolIcon(look.symbol, look.tone)) : QVariant();
    case Qt::TextAlignmentRole:
        return static_cast<int>(Qt::AlignVCenter | (index.column() == Step ? Qt::AlignRight : Qt::AlignLeft));
    case Qt::FontRole:
        if (index.column() == Kind && (look.tone == Tone::Failed || look.tone == Tone::Warn)) {
            return typeFont(QApplication::font(), TypeSize::Legend, QFont::DemiBold);
        }
        return {};
    case Qt::ToolTipRole:
        return format::tip(format::text(event.text));
    case IdRole:
        return QVariant::fromValue<qulonglong>(event.id);
    case KindRole:
        return static_cast<int>(event.kind);
    case SearchRole:
        return QStringLiteral("%1 %2 %3 %4").arg(look.word, format::text(event.text).left(kLongest),
            format::text(event.cause).left(kLongest), format::count(event.step));
    default:
        return {};
    }
}

QVariant EventModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount) {
        return {};
    }
    if (role == Qt::TextAlignmentRole) {
        return static_cast<int>(Qt::AlignVCenter | (section == Step ? Qt::AlignRight : Qt::AlignLeft));
    }
    if (role != Qt::DisplayRole) {
        return {};
    }
    const std::array<QString, ColumnCount> titles { tr("Time"), tr("Step"), tr("Event"), tr("What happened") };
    return titles[static_cast<std::size_t>(section)];
}

void EventFilter::setKinds(Kinds kinds)
{
    m_kinds = kinds;
    invalidateFilter();
}

void EventFilter::setWords(const QString& words)
{
    m_words = words.trimmed();
    invalidateFilter();
}

bool EventFilter::filterAcceptsRow(int row, const QModelIndex& parent) const
{
    const QModelIndex index = sourceModel()->index(row, 0, parent);
    const auto kind = static_cast<EventKind>(index.data(EventModel::KindRole).toInt());
    if (m_kinds == Kinds::Guardian && !isOfGuardian(kind)) {
        return false;
    }
    return m_words.isEmpty() || index.data(EventModel::SearchRole).toString().contains(m_words, Qt::CaseInsensitive);
}

} // namespace dubito::ui
