// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/config/ConfigDifference.h"
#include "backend/config/ConfigFields.h"
#include "backend/config/ConfigStatus.h"

#include <QAbstractItemModel>
#include <QSortFilterProxyModel>
#include <QString>
#include <QUndoStack>

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace dubito::ui {

/// The configuration as it is being edited: sections, below them one row per field of the table, in its order.
///
/// It holds what was typed, also what cannot be taken, and says what is wrong in words. Every edit can be undone. It
/// posts and writes nothing; ConfigPanel does.
class ConfigModel final : public QAbstractItemModel {
    Q_OBJECT

public:
    enum Role {
        KeyRole = Qt::UserRole + 1, ///< "memory.budget_gb"; empty for a section
        TextRole, ///< as typed
        UnitRole,
        HelpRole,
        TypeRole, ///< config::Type
        WordsRole,
        WhenRole, ///< config::When
        EditedRole,
        DiffersRole,
        ProblemRole,
        NoteRole, ///< "was 15 GiB"
        CountRole, ///< of a section: its keys
        SearchRole,
    };

    explicit ConfigModel(QObject* parent = nullptr);

    /// Takes over what is in force; what was edited here stays edited.
    void display(const config::ConfigStatus& status);

    /// One undoable edit. EditRole through setData() does the same.
    void edit(const QString& key, const QString& text);
    /// Several keys as one undoable edit; `title` says what it was. Unknown keys are left out.
    void editAll(const std::vector<std::pair<QString, QString>>& edits, const QString& title);
    /// Back to what is in force, as one undoable edit.
    void revert();
    /// Every key to its default, as one undoable edit.
    void editToDefaults();

    QUndoStack& undoStack() { return m_undo; }

    /// What apply and save take. Requires: no problem.
    std::shared_ptr<const config::Config> draft() const { return std::make_shared<const config::Config>(m_draft); }
    /// Against what is in force; of what can be taken.
    std::vector<config::Difference> changes() const;
    int edits() const;
    int differing() const;
    int problems() const;
    QString firstProblem() const; ///< empty when there is none
    int keys() const { return static_cast<int>(m_rows.size()); }

    QModelIndex indexOf(const QString& key) const;

    QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    QModelIndex parent(const QModelIndex& child) const override;
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;

signals:
    void edited(); ///< anything that the counts, or a preview, depend on

private:
    friend class ConfigEdit;

    struct Row {
        const config::Field* field = nullptr;
        QString text;
        QString unreadable; ///< why the text is no value
        QString problem; ///< unreadable, or the rule that does not hold
    };
    struct Section {
        QString name;
        std::size_t first = 0;
        std::size_t count = 0;
    };

    const Row* rowAt(const QModelIndex& index) const;
    QVariant sectionData(const Section& section, int role) const;
    QVariant fieldData(const Row& row, int role) const;
    QString tipOf(const Row& row) const;
    bool isEdited(const Row& row) const;
    bool differs(const Row& row) const;
    void write(std::size_t row, const QString& text);
    void judge();
    void tellAll();

    std::vector<Row> m_rows; ///< one per field
    std::vector<Section> m_sections;
    config::Config m_draft;
    config::ConfigStatus m_status;
    QUndoStack m_undo;
};

/// Filters by words, or leaves only what was changed, or only what has a problem.
class ConfigFilter final : public QSortFilterProxyModel {
    Q_OBJECT

public:
    enum class Rows : std::uint8_t { All, Changed, Problems };

    explicit ConfigFilter(QObject* parent = nullptr);

    void setRows(Rows rows);
    void setWords(const QString& words);

protected:
    bool filterAcceptsRow(int row, const QModelIndex& parent) const override;

private:
    Rows m_rows = Rows::All;
    QString m_words;
};

} // namespace dubito::ui
