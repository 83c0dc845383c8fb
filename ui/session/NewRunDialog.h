// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/session/Command.h"
#include "backend/session/RunPlanner.h"

#include <QDialog>
#include <QTimer>

#include <memory>
#include <optional>

class QComboBox;
class QGridLayout;
class QLabel;
class QLineEdit;
class QPushButton;

namespace dubito::ui {

class SymbolLabel;
class TextLabel;

/// A new run: model, data, profile, and what they will take, by category, before anything starts.
///
/// Every change of a field is planned again, on another thread; the fields stay free meanwhile. The run can be started
/// once a plan is there that will do. It posts ApplyConfig and Start.
class NewRunDialog final : public QDialog {
    Q_OBJECT

public:
    /// `config` is what everything else stays as. It must not be null.
    explicit NewRunDialog(const std::shared_ptr<const config::Config>& config, QWidget* parent = nullptr);
    ~NewRunDialog() override;

    /// The newest plan that will do; null while there is none.
    const session::PlannedRun* planned() const { return m_planned ? &*m_planned : nullptr; }

signals:
    void commandWanted(const dubito::session::Command& command);

private:
    struct PathField {
        QLineEdit* text = nullptr;
        QPushButton* browse = nullptr;
    };
    PathField addPath(QGridLayout& grid, int row, const QString& label, const char* name);
    void addProfiles(QGridLayout& grid, int row);
    QWidget* makeResult();
    QWidget* makeButtons();
    void chooseModel();
    void chooseData();
    void planSoon();
    void plan();
    void look();
    void tell(const session::PlannedRun& planned);
    void showProblem(const Error& problem);
    void showCategories(const session::PlannedRun* planned);
    void makeRoom();
    void takeSuggestion();
    void start();

    config::Config m_base;
    PathField m_model;
    PathField m_data;
    QComboBox* m_profile = nullptr;
    SymbolLabel* m_symbol = nullptr;
    TextLabel* m_verdict = nullptr;
    QLabel* m_reason = nullptr;
    QLabel* m_facts = nullptr;
    std::array<TextLabel*, kCategoryCount + 2> m_bytes {}; ///< categories, the program, the peak
    QPushButton* m_take = nullptr;
    QPushButton* m_start = nullptr;
    std::optional<session::PlannedRun> m_planned;
    std::unique_ptr<session::RunPlanner> m_planner;
    bool m_isStale = false; ///< a field was changed since m_planner began
    QTimer m_soon; ///< while somebody types
    QTimer m_look; ///< at the planner, while there is one
};

} // namespace dubito::ui
