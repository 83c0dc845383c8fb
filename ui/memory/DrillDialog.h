// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/session/Command.h"

#include <QDialog>

class QComboBox;
class QDoubleSpinBox;

namespace dubito::ui {

/// Asks for a leak drill: who, how much, in which shape.
class DrillDialog final : public QDialog {
    Q_OBJECT

public:
    explicit DrillDialog(QWidget* parent = nullptr);

    session::StartDrill wanted() const;

signals:
    void commandWanted(const dubito::session::Command& command);

private:
    QComboBox* m_who;
    QDoubleSpinBox* m_rate;
    QComboBox* m_shape;
};

} // namespace dubito::ui
