// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/config/ConfigPanel.h"

#include "backend/config/ConfigFile.h"
#include "ui/Format.h"
#include "ui/TextLabel.h"
#include "ui/config/ConfigModel.h"
#include "ui/config/ConfigSaving.h"
#include "ui/config/MergeDialog.h"
#include "ui/config/YamlView.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QFrame>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QStackedWidget>
#include <QTextBrowser>
#include <QToolButton>
#include <QTreeView>

#include <algorithm>

namespace dubito::ui {

void ConfigPanel::connectButtons()
{
    connect(m_search, &QLineEdit::textChanged, this, [this](const QString& words) {
        m_filter->setWords(words);
        words.isEmpty() ? openSections() : m_tree->expandAll();
    });
    connect(m_views[0], &QPushButton::clicked, this, [this] { setView(View::Form); });
    connect(m_views[1], &QPushButton::clicked, this, [this] { setView(View::Yaml); });
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        connect(m_rows[i], &QPushButton::clicked, this, [this, i] {
            m_filter->setRows(static_cast<ConfigFilter::Rows>(i));
            i == 0 ? openSections() : m_tree->expandAll();
        });
    }
    connect(m_tree, &QTreeView::clicked, this, [this](const QModelIndex& index) {
        if (m_filter->hasChildren(index)) {
            m_tree->setExpanded(index, !m_tree->isExpanded(index));
        } else {
            m_tree->edit(index);
        }
    });
    connect(m_tree->selectionModel(), &QItemSelectionModel::currentChanged, this,
        [this](const QModelIndex& current) { m_help->setText(current.data(ConfigModel::HelpRole).toString()); });
    connect(m_model, &ConfigModel::edited, this, &ConfigPanel::refresh);
    connect(m_undo, &QPushButton::clicked, &m_model->undoStack(), &QUndoStack::undo);
    connect(m_redo, &QPushButton::clicked, &m_model->undoStack(), &QUndoStack::redo);
    connect(m_diff, &QPushButton::toggled, this, [this](bool on) { setView(on ? View::Difference : View::Form); });
    connect(m_revert, &QPushButton::clicked, m_model, &ConfigModel::revert);
    connect(m_save, &QPushButton::clicked, this, &ConfigPanel::save);
    connect(m_apply, &QPushButton::clicked, this, &ConfigPanel::apply);
    connect(m_start->menu(), &QMenu::aboutToShow, this, &ConfigPanel::fillStartMenu);
    connect(m_yaml, &QPlainTextEdit::textChanged, &m_typing, qOverload<>(&QTimer::start));
    connect(&m_typing, &QTimer::timeout, this, &ConfigPanel::readYaml);
}

void ConfigPanel::display(const session::Snapshot& snapshot)
{
    const bool changed = snapshot.config.revision != m_status.revision || snapshot.config.inForce != m_status.inForce
        || snapshot.config.file != m_status.file;
    m_outside->setVisible(snapshot.config.changedOutside);
    if (!changed || !snapshot.config.inForce) {
        return;
    }
    m_status = snapshot.config;
    m_model->display(m_status);
    const QString path = format::text(m_status.file);
    m_file->setText(path.isEmpty() ? tr("no file") : QFileInfo(path).fileName(), Ink::Unit);
    refresh();
}

void ConfigPanel::refresh()
{
    const int problems = m_model->problems() + static_cast<int>(m_yamlProblems);
    const int edits = m_model->edits();
    m_rows[0]->setText(tr("All %1").arg(m_model->keys()));
    m_rows[1]->setText(tr("Changed %1").arg(m_model->differing()));
    m_rows[2]->setText(tr("Problems %1").arg(m_model->problems()));
    const QString edited = edits == 1 ? tr("1 edit") : tr("%1 edits").arg(edits);
    m_counts->setText(tr("%1, %2 differ from the default").arg(edited).arg(m_model->differing()), Ink::Label);
    m_problemSymbol->setSymbol(problems > 0 ? Symbol::Cross : Symbol::Tick, problems > 0 ? Tone::Failed : Tone::Healthy);
    m_problems->setText(problems == 0 ? tr("no problem") : problems == 1 ? tr("1 problem to fix") : tr("%1 problems to fix").arg(problems),
        problems > 0 ? Ink::Failed : Ink::Label);
    m_undo->setEnabled(m_model->undoStack().canUndo());
    m_redo->setEnabled(m_model->undoStack().canRedo());
    m_revert->setEnabled(edits > 0);
    const QString wait = tr("Waits until no problem is left.");
    m_apply->setEnabled(problems == 0 && edits > 0);
    m_apply->setToolTip(problems > 0 ? wait : edits == 0 ? tr("Nothing was edited.") : tr("Live fields act at the next step, the others at the next start."));
    m_save->setEnabled(problems == 0);
    m_save->setToolTip(problems > 0 ? wait : tr("Writes into the file; comments and order stay. (Ctrl+S)"));
    if (m_view == View::Difference) {
        fillDifference();
    } else if (m_view == View::Yaml && m_yamlProblems == 0 && !m_yaml->hasFocus()) {
        fillYaml();
    }
    m_tree->doItemsLayout();
    tellHelp();
    emit problemsChanged(problems);
}

/// The form has its problems at the fields, and its help is of the chosen one; elsewhere the first problem stands below.
void ConfigPanel::tellHelp()
{
    if (m_view == View::Form) {
        return;
    }
    const QString problem = m_yamlProblem.isEmpty() ? m_model->firstProblem() : m_yamlProblem;
    const QString hint = m_view == View::Yaml ? tr("Checked as you type. Apply takes it into the run, Save writes it into the file.")
                                              : tr("What Apply would change. Edits that wait for the next start are marked.");
    m_help->setText(problem.isEmpty() ? hint : problem);
}

void ConfigPanel::setView(View view)
{
    m_view = view;
    m_pages->setCurrentIndex(static_cast<int>(view));
    m_views[0]->setChecked(view == View::Form);
    m_views[1]->setChecked(view == View::Yaml);
    const QSignalBlocker quiet(m_diff);
    m_diff->setChecked(view == View::Difference);
    m_search->setEnabled(view == View::Form);
    if (view == View::Yaml) {
        fillYaml();
    } else if (view == View::Difference) {
        fillDifference();
    } else {
        const QString help = m_tree->currentIndex().data(ConfigModel::HelpRole).toString();
        m_help->setText(help.isEmpty() ? helpHint() : help);
    }
    tellHelp();
}

void ConfigPanel::openSections()
{
    constexpr int kOpen = 4; // what is edited most stands first
    m_tree->collapseAll();
    for (int row = 0; row < std::min(kOpen, m_filter->rowCount()); ++row) {
        m_tree->expand(m_filter->index(row, 0));
    }
}

void ConfigPanel::fillYaml()
{
    const QSignalBlocker quiet(m_yaml);
    const auto text = readText(format::text(m_status.file));
    const auto wanted = text ? textToSave(*text, m_status, *m_model->draft()) : text;
    m_yaml->setYaml(wanted ? *wanted : "# " + toText(wanted.error()) + "\n");
}

void ConfigPanel::readYaml()
{
    if (m_view != View::Yaml) {
        return;
    }
    const std::string name = m_status.file.empty() ? "YAML" : m_status.file;
    const config::FileReading reading = config::readConfigText(m_yaml->yaml(), name);
    m_yaml->setProblems(reading.problems);
    m_yamlProblems = reading.problems.size();
    m_yamlProblem = reading.problems.empty() ? QString() : format::text(toText(reading.problems.front()));
    if (m_yamlProblems == 0) {
        for (const config::FileValue& value : reading.values) {
            m_model->edit(format::text(value.field->key), format::text(config::toText(value.value)));
        }
    }
    refresh();
}

void ConfigPanel::fillDifference()
{
    const auto changes = m_model->changes();
    QString html = QStringLiteral("<p><b>%1</b></p>").arg(changes.empty() ? tr("Nothing is changed.") : tr("What the edits change"));
    html += QStringLiteral("<table cellspacing=\"0\" cellpadding=\"3\">");
    for (const config::Difference& change : changes) {
        const QString when = change.when == config::When::NextStep ? tr("live") : tr("next start");
        html += QStringLiteral("<tr><td>%1&nbsp;&nbsp;</td><td><s>%2</s>&nbsp;→&nbsp;</td><td><b>%3</b>&nbsp;&nbsp;</td><td>%4</td></tr>")
                    .arg(format::text(change.key).toHtmlEscaped(), format::text(change.before).toHtmlEscaped(),
                        format::text(change.after).toHtmlEscaped(), when);
    }
    m_difference->setHtml(html + QStringLiteral("</table>"));
}

void ConfigPanel::apply()
{
    emit commandWanted(session::ApplyConfig { m_model->draft(), session::Cause::User });
}

void ConfigPanel::save()
{
    QString path = format::text(m_status.file);
    if (path.isEmpty()) {
        path = QFileDialog::getSaveFileName(this, tr("Save the configuration"), QStringLiteral("dubito.yaml"), tr("YAML (*.yaml *.yml)"));
    }
    if (!path.isEmpty()) {
        saveTo(path);
    }
}

void ConfigPanel::saveTo(const QString& path)
{
    const auto before = readText(path);
    if (!before) {
        say(before.error());
        return;
    }
    const auto text = m_view == View::Yaml && m_yamlProblems == 0 ? Result<std::string>(m_yaml->yaml())
                                                                   : textToSave(*before, m_status, *m_model->draft());
    if (!text) {
        say(text.error());
        return;
    }
    const auto written = writeText(path, *text);
    if (!written) {
        say(written.error());
        return;
    }
    m_help->setText(tr("Saved in %1. Comments and order stayed.").arg(QFileInfo(path).fileName()));
    if (m_model->edits() > 0) {
        apply();
    }
}

Result<std::vector<MergeRow>> ConfigPanel::readTheirs() const
{
    const auto text = readText(format::text(m_status.file));
    if (!text) {
        return text.error();
    }
    const auto theirs = withFileValues(*m_status.inForce, *text, m_status.file);
    if (!theirs) {
        return theirs.error();
    }
    return mergeRows(*m_status.inForce, *m_model->draft(), *theirs);
}

void ConfigPanel::takeAll(Side side)
{
    auto rows = readTheirs();
    if (!rows && side == Side::Mine) {
        rows = std::vector<MergeRow>(); // what is here may be kept whatever the file says
    }
    if (!rows) {
        say(rows.error());
        return;
    }
    for (MergeRow& row : *rows) {
        row.side = row.isTheirs() ? side : Side::Mine;
    }
    take(*rows);
}

void ConfigPanel::take(const std::vector<MergeRow>& rows)
{
    std::vector<std::pair<QString, QString>> edits;
    for (const auto& [key, text] : givenUp(rows)) {
        edits.emplace_back(format::text(key), format::text(text));
    }
    m_model->editAll(edits, tr("take over the file"));
    emit commandWanted(session::ApplyConfig {
        std::make_shared<const config::Config>(withTheirs(*m_status.inForce, rows)), session::Cause::File });
}

void ConfigPanel::openMerge()
{
    const auto rows = readTheirs();
    if (!rows) {
        say(rows.error());
        return;
    }
    auto* dialog = new MergeDialog(*rows, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &MergeDialog::merged, this, &ConfigPanel::take);
    dialog->open();
}

/// Listed anew each time: profiles are files.
void ConfigPanel::fillStartMenu()
{
    QMenu* menu = m_start->menu();
    menu->clear();
    connect(menu->addAction(tr("Defaults")), &QAction::triggered, m_model, &ConfigModel::editToDefaults);
    auto kind = config::ConfigKind::Preset;
    for (const config::StartingPoint& point : config::startingPoints(config::standardConfigFolders())) {
        if (menu->actions().size() == 1 || point.kind != kind) {
            menu->addSection(point.kind == config::ConfigKind::Profile ? tr("Hardware profiles") : tr("Presets"));
        }
        kind = point.kind;
        connect(menu->addAction(format::text(point.name)), &QAction::triggered, this, [this, point] { startFrom(point); });
    }
}

void ConfigPanel::startFrom(const config::StartingPoint& point)
{
    const config::FileReading reading = config::readConfigFile(point.file);
    if (!reading.problems.empty()) {
        say(reading.problems.front());
        return;
    }
    std::vector<std::pair<QString, QString>> edits;
    for (const config::FileValue& value : reading.values) {
        edits.emplace_back(format::text(value.field->key), format::text(config::toText(value.value)));
    }
    m_model->editAll(edits, tr("start from %1").arg(format::text(point.name)));
    m_help->setText(tr("Laid over the draft: %1. Nothing acts until you apply it.").arg(format::text(point.name)));
}

void ConfigPanel::say(const Error& problem) { m_help->setText(format::sentence(format::text(toText(problem)))); }

} // namespace dubito::ui
