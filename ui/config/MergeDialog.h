// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/config/ConfigMerge.h"

#include <QDialog>

class QComboBox;
class QGridLayout;

namespace dubito::ui {

/// The file was changed by another program while edits wait here: for every key that one of the two changed, which of
/// both counts. Where only one side changed a key, its value is chosen already; conflicts stand first.
class MergeDialog final : public QDialog {
    Q_OBJECT

public:
    explicit MergeDialog(std::vector<MergeRow> rows, QWidget* parent = nullptr);

signals:
    /// The rows with the sides that were chosen.
    void merged(const std::vector<dubito::ui::MergeRow>& rows);

private:
    void addRow(QGridLayout& grid, std::size_t row);
    void chooseAll(Side side);

    std::vector<MergeRow> m_rows;
    std::vector<QComboBox*> m_choices; ///< one per row
};

} // namespace dubito::ui
