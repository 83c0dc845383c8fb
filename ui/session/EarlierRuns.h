// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <QStringList>

class QVBoxLayout;

namespace dubito::ui {

/// The runs that were started or opened last, newest first, to be opened again with one click.
class EarlierRuns final : public QFrame {
    Q_OBJECT

public:
    static constexpr qsizetype kMost = 5; ///< the File menu has more

    explicit EarlierRuns(QWidget* parent = nullptr);

    /// Folders, newest first. The same ones change nothing.
    void setRuns(const QStringList& folders);

signals:
    void runChosen(const QString& folder);

private:
    void addRun(const QString& folder, int number);

    QVBoxLayout* m_rows;
    QStringList m_folders { QString() }; ///< what stands there; the first call always differs
};

} // namespace dubito::ui
