// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Error.h"
#include "backend/config/ConfigFolders.h"
#include "backend/config/ConfigStatus.h"
#include "backend/session/Command.h"
#include "ui/Panel.h"
#include "ui/config/ConfigMerge.h"

#include <QTimer>

#include <array>
#include <string>

class QFrame;
class QLabel;
class QLineEdit;
class QPushButton;
class QStackedWidget;
class QTextBrowser;
class QToolButton;
class QTreeView;

namespace dubito::ui {

class ConfigFilter;
class ConfigModel;
class SymbolLabel;
class TextLabel;
class YamlView;

/// The configuration editor, generated from the field table: a form by section, the same as YAML, and the difference.
///
/// Apply posts the draft: live fields act at the next step, the others at the next start. Save writes it into the file
/// where comments and order stay. Both wait until nothing is wrong; Diff and Revert always work. A file that another
/// program changed is offered: take it over, keep what is here, or choose key by key.
class ConfigPanel final : public Panel {
    Q_OBJECT

public:
    enum class View : std::uint8_t { Form, Yaml, Difference };

    explicit ConfigPanel(QWidget* parent = nullptr);

    void display(const session::Snapshot& snapshot) override;

    ConfigModel& model() { return *m_model; }
    void setView(View view);

    /// Writes into the file in force; asks for a name when there is none.
    void save();
    /// The same with the file named.
    void saveTo(const QString& path);

signals:
    void commandWanted(const dubito::session::Command& command);
    void problemsChanged(int problems);

private:
    QWidget* makeTop();
    QWidget* makeOutside();
    QWidget* makeTree();
    QWidget* makeBottom();
    void connectButtons();
    void openSections();
    void refresh();
    void fillYaml();
    void readYaml();
    void tellHelp();
    static QString helpHint();
    void fillDifference();
    void apply();
    Result<std::vector<MergeRow>> readTheirs() const;
    void takeAll(Side side);
    void take(const std::vector<MergeRow>& rows);
    void openMerge();
    void fillStartMenu();
    void startFrom(const config::StartingPoint& point);
    void say(const Error& problem);

    ConfigModel* m_model;
    ConfigFilter* m_filter;
    config::ConfigStatus m_status;
    QLineEdit* m_search;
    std::array<QPushButton*, 2> m_views {}; ///< form, yaml
    std::array<QPushButton*, 3> m_rows {}; ///< all, changed, problems
    TextLabel* m_file;
    QFrame* m_outside;
    QStackedWidget* m_pages;
    QTreeView* m_tree;
    YamlView* m_yaml;
    QTextBrowser* m_difference;
    QLabel* m_help;
    TextLabel* m_counts;
    SymbolLabel* m_problemSymbol;
    TextLabel* m_problems;
    QToolButton* m_start; ///< a menu: defaults, profiles, presets
    QPushButton* m_undo;
    QPushButton* m_redo;
    QPushButton* m_diff;
    QPushButton* m_revert;
    QPushButton* m_save;
    QPushButton* m_apply;
    QTimer m_typing;
    QString m_yamlProblem; ///< the first of them
    std::size_t m_yamlProblems = 0;
    View m_view = View::Form;
};

} // namespace dubito::ui
