// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/chart/PlotAxes.h"

#include <QDialog>

#include <optional>

class QLabel;
class QLineEdit;

namespace dubito::ui::chart {

/// Asks for the lowest and the highest value of a y-axis. Empty fields mean: by the data.
class LimitsDialog : public QDialog {
    Q_OBJECT

public:
    LimitsDialog(const std::optional<YRange>& present, const QString& unit, QWidget* parent);

    /// Nothing when the axis shall follow the data.
    std::optional<YRange> limits() const { return m_limits; }

    void accept() override;

private:
    QLineEdit* m_from;
    QLineEdit* m_to;
    QLabel* m_problem;
    std::optional<YRange> m_limits;
};

} // namespace dubito::ui::chart
