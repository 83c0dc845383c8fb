// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/session/Snapshot.h"

#include <QAbstractListModel>

#include <vector>

namespace dubito::ui {

/// The health table: one row per module word, in the order of the words. Tells which rows changed; never resets for a tick.
class HealthModel final : public QAbstractListModel {
    Q_OBJECT

public:
    enum Role { StateRole = Qt::UserRole + 1, ModuleRole, ReasonRole, AgeRole };

    explicit HealthModel(QObject* parent = nullptr) : QAbstractListModel(parent) { }

    void display(const std::vector<health::ModuleHealth>& rows);

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;

private:
    std::vector<health::ModuleHealth> m_rows;
};

} // namespace dubito::ui
