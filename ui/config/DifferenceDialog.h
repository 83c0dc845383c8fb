// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/config/ConfigDifference.h"
#include "backend/config/ConfigStatus.h"

#include <QDialog>

#include <vector>

namespace dubito::ui {

/// In what is in force here and there differ.
std::vector<config::Difference> differencesOf(const config::ConfigStatus& here, const config::ConfigStatus& there);

/// In what the configurations of two runs differ: key, value here, value there. To be read and copied.
class DifferenceDialog final : public QDialog {
    Q_OBJECT

public:
    /// `here` and `there` are what people call the runs.
    DifferenceDialog(const std::vector<config::Difference>& differences, const QString& here, const QString& there,
        QWidget* parent = nullptr);
};

} // namespace dubito::ui
