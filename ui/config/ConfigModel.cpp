// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/config/ConfigModel.h"

#include "backend/config/ConfigRules.h"
#include "ui/Format.h"

#include <QStringList>
#include <QUndoCommand>

#include <algorithm>
#include <array>
#include <tuple>

namespace dubito::ui {

namespace {

const config::Config& defaults()
{
    static const config::Config kDefaults {};
    return kDefaults;
}

QString sectionOf(const config::Field& field) { return format::text(field.key.substr(0, field.key.rfind('.'))); }

/// What is edited most comes first; the others keep the order of the table. Within a section what can be turned while a
/// run goes on stands above what waits for the next start.
std::size_t rankOf(const config::Field& field)
{
    constexpr std::array<std::string_view, 5> kFirst { "training.", "memory.", "reload.", "distrust.", "data." };
    const auto found = std::ranges::find_if(kFirst, [&](std::string_view prefix) { return field.key.starts_with(prefix); });
    return static_cast<std::size_t>(found - kFirst.begin());
}

QString nameOf(const config::Field& field) { return format::text(field.key.substr(field.key.rfind('.') + 1)); }

QString textIn(const config::Field& field, const config::Config& config) { return format::text(config::toText(field.get(config))); }

} // namespace

/// One edit of one or more fields.
class ConfigEdit final : public QUndoCommand {
public:
    struct Change {
        std::size_t row;
        QString before;
        QString after;
    };

    ConfigEdit(ConfigModel& model, std::vector<Change> changes, const QString& text)
        : QUndoCommand(text)
        , m_model(model)
        , m_changes(std::move(changes))
    {
    }

    void undo() override { write(&Change::before); }
    void redo() override { write(&Change::after); }

private:
    void write(QString Change::*text)
    {
        for (const Change& change : m_changes) {
            m_model.write(change.row, change.*text);
        }
        m_model.judge();
        m_model.tellAll();
    }

    ConfigModel& m_model;
    std::vector<Change> m_changes; ///< at most one per field
};

ConfigModel::ConfigModel(QObject* parent) : QAbstractItemModel(parent)
{
    constexpr int kMostUndo = 200;
    m_undo.setUndoLimit(kMostUndo);
    std::vector<const config::Field*> ordered;
    for (const config::Field& field : config::fields()) {
        ordered.push_back(&field);
    }
    const auto placeOf = [](const config::Field* field) {
        const auto first = std::ranges::find(config::fields(), sectionOf(*field), sectionOf);
        return std::tuple(rankOf(*field), first - config::fields().begin(), field->when == config::When::NextStart);
    };
    std::ranges::stable_sort(ordered, {}, placeOf);
    for (const config::Field* each : ordered) {
        const config::Field& field = *each;
        if (m_sections.empty() || m_sections.back().name != sectionOf(field)) {
            m_sections.push_back({ sectionOf(field), m_rows.size(), 0 });
        }
        ++m_sections.back().count;
        m_rows.push_back({ &field, textIn(field, m_draft), {}, {} });
    }
    m_status.inForce = std::make_shared<const config::Config>();
}

void ConfigModel::display(const config::ConfigStatus& status)
{
    if (!status.inForce || (status.revision == m_status.revision && status.inForce == m_status.inForce)) {
        m_status.origins = status.origins;
        return;
    }
    std::vector<bool> kept;
    for (const Row& row : m_rows) {
        kept.push_back(isEdited(row));
    }
    m_status = status;
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        if (!kept[i]) {
            write(i, textIn(*m_rows[i].field, *status.inForce));
        }
    }
    judge();
    tellAll();
}

void ConfigModel::edit(const QString& key, const QString& text) { editAll({ { key, text } }, tr("edit %1").arg(key)); }

void ConfigModel::editAll(const std::vector<std::pair<QString, QString>>& edits, const QString& title)
{
    std::vector<ConfigEdit::Change> changes;
    for (const auto& [key, text] : edits) {
        const std::string wanted = format::utf8(key);
        const auto row = std::ranges::find_if(m_rows, [&](const Row& candidate) { return candidate.field->key == wanted; });
        if (row != m_rows.end() && row->text != text) {
            changes.push_back({ static_cast<std::size_t>(row - m_rows.begin()), row->text, text });
        }
    }
    if (!changes.empty()) {
        m_undo.push(new ConfigEdit(*this, std::move(changes), title));
    }
}

void ConfigModel::editToDefaults()
{
    std::vector<std::pair<QString, QString>> edits;
    for (const Row& row : m_rows) {
        edits.emplace_back(format::text(row.field->key), textIn(*row.field, defaults()));
    }
    editAll(edits, tr("back to the defaults"));
}

void ConfigModel::revert()
{
    std::vector<ConfigEdit::Change> changes;
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        if (isEdited(m_rows[i])) {
            changes.push_back({ i, m_rows[i].text, textIn(*m_rows[i].field, *m_status.inForce) });
        }
    }
    if (!changes.empty()) {
        m_undo.push(new ConfigEdit(*this, std::move(changes), tr("revert")));
    }
}

std::vector<config::Difference> ConfigModel::changes() const { return config::differences(*m_status.inForce, m_draft); }

int ConfigModel::edits() const
{
    return static_cast<int>(std::ranges::count_if(m_rows, [this](const Row& row) { return isEdited(row); }));
}

int ConfigModel::differing() const
{
    return static_cast<int>(std::ranges::count_if(m_rows, [this](const Row& row) { return differs(row); }));
}

int ConfigModel::problems() const
{
    return static_cast<int>(std::ranges::count_if(m_rows, [](const Row& row) { return !row.problem.isEmpty(); }));
}

QString ConfigModel::firstProblem() const
{
    const auto row = std::ranges::find_if(m_rows, [](const Row& each) { return !each.problem.isEmpty(); });
    return row == m_rows.end() ? QString() : row->problem;
}

bool ConfigModel::isEdited(const Row& row) const { return row.text != textIn(*row.field, *m_status.inForce); }

bool ConfigModel::differs(const Row& row) const { return row.text != textIn(*row.field, defaults()); }

void ConfigModel::write(std::size_t at, const QString& text)
{
    Row& row = m_rows[at];
    row.text = text;
    const auto value = config::parseValue(*row.field, format::utf8(text));
    row.unreadable = value ? QString() : format::text(value.error().message);
    if (value) {
        row.field->set(m_draft, *value);
    }
}

void ConfigModel::judge()
{
    const auto broken = config::brokenRules(m_draft);
    for (Row& row : m_rows) {
        row.problem = row.unreadable;
        const auto rule = std::ranges::find(broken, row.field->key, &config::Problem::key);
        if (row.problem.isEmpty() && rule != broken.end()) {
            row.problem = format::text(rule->message);
        }
    }
}

void ConfigModel::tellAll()
{
    for (std::size_t section = 0; section < m_sections.size(); ++section) {
        const QModelIndex parent = index(static_cast<int>(section), 0);
        emit dataChanged(index(0, 0, parent), index(rowCount(parent) - 1, 0, parent));
    }
    emit edited();
}

QModelIndex ConfigModel::indexOf(const QString& key) const
{
    for (std::size_t section = 0; section < m_sections.size(); ++section) {
        for (std::size_t i = 0; i < m_sections[section].count; ++i) {
            if (format::text(m_rows[m_sections[section].first + i].field->key) == key) {
                return index(static_cast<int>(i), 0, index(static_cast<int>(section), 0));
            }
        }
    }
    return {};
}

// The internal id of a section is 0, that of a field 1 + the number of its section.
QModelIndex ConfigModel::index(int row, int column, const QModelIndex& parent) const
{
    if (!hasIndex(row, column, parent)) {
        return {};
    }
    return createIndex(row, column, parent.isValid() ? static_cast<quintptr>(parent.row()) + 1 : quintptr { 0 });
}

QModelIndex ConfigModel::parent(const QModelIndex& child) const
{
    if (!child.isValid() || child.internalId() == 0) {
        return {};
    }
    return createIndex(static_cast<int>(child.internalId() - 1), 0, quintptr { 0 });
}

int ConfigModel::rowCount(const QModelIndex& parent) const
{
    if (!parent.isValid()) {
        return static_cast<int>(m_sections.size());
    }
    return parent.internalId() == 0 ? static_cast<int>(m_sections[static_cast<std::size_t>(parent.row())].count) : 0;
}

int ConfigModel::columnCount(const QModelIndex&) const { return 1; }

const ConfigModel::Row* ConfigModel::rowAt(const QModelIndex& index) const
{
    if (!index.isValid() || index.internalId() == 0) {
        return nullptr;
    }
    const Section& section = m_sections[static_cast<std::size_t>(index.internalId() - 1)];
    return &m_rows[section.first + static_cast<std::size_t>(index.row())];
}

QVariant ConfigModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) {
        return {};
    }
    const Row* row = rowAt(index);
    return row == nullptr ? sectionData(m_sections[static_cast<std::size_t>(index.row())], role) : fieldData(*row, role);
}

QVariant ConfigModel::sectionData(const Section& section, int role) const
{
    switch (role) {
    case Qt::DisplayRole:
        return section.name;
    case Qt::AccessibleTextRole:
        return tr("section %1, %2 keys").arg(section.name).arg(section.count);
    case CountRole:
        return static_cast<int>(section.count);
    default:
        return {};
    }
}

QVariant ConfigModel::fieldData(const Row& row, int role) const
{
    const config::Field& field = *row.field;
    switch (role) {
    case Qt::DisplayRole:
        return nameOf(field);
    case Qt::EditRole:
    case TextRole:
        return row.text;
    case Qt::ToolTipRole:
        return format::tip(tipOf(row));
    case Qt::AccessibleTextRole:
        return tr("%1, %2 %3, %4").arg(nameOf(field), row.text, format::text(field.unit), row.problem);
    case KeyRole:
        return format::text(field.key);
    case UnitRole:
        return field.unit.empty() && field.type == config::Type::Percent ? QStringLiteral("%") : format::text(field.unit);
    case HelpRole:
        return format::text(field.help);
    case TypeRole:
        return static_cast<int>(field.type);
    case WordsRole: {
        QStringList words;
        for (const auto word : field.words) {
            words << format::text(word);
        }
        return words;
    }
    case WhenRole:
        return static_cast<int>(field.when);
    case EditedRole:
        return isEdited(row);
    case DiffersRole:
        return differs(row);
    case ProblemRole:
        return row.problem;
    case NoteRole:
        return isEdited(row) ? tr("was %1").arg(format::text(config::toTextWithUnit(field, field.get(*m_status.inForce)))) : QString();
    case SearchRole:
        return QString(format::text(field.key) + QLatin1Char(' ') + format::text(field.help));
    default:
        return {};
    }
}

QString ConfigModel::tipOf(const Row& row) const
{
    const config::Field& field = *row.field;
    QStringList lines { format::text(field.key), format::text(field.help) };
    lines << tr("Takes %1.").arg(format::text(config::expectation(field)));
    const QString standard = format::text(config::toTextWithUnit(field, field.get(defaults())));
    lines << (standard.isEmpty() ? tr("Default: empty.") : tr("Default: %1.").arg(standard));
    const auto origin = std::ranges::find(m_status.origins, field.key, &config::Origin::key);
    if (origin != m_status.origins.end() && origin->layer != config::Layer::Default) {
        lines << tr("In force from: %1 %2").arg(format::text(toWord(origin->layer)), format::text(origin->place)).trimmed();
    }
    lines << (field.when == config::When::NextStep ? tr("Live: acts at the next step.") : tr("Acts at the next start."));
    return lines.join(QLatin1Char('\n'));
}

bool ConfigModel::setData(const QModelIndex& index, const QVariant& value, int role)
{
    const Row* row = rowAt(index);
    if (row == nullptr || role != Qt::EditRole) {
        return false;
    }
    edit(format::text(row->field->key), value.toString());
    return true;
}

Qt::ItemFlags ConfigModel::flags(const QModelIndex& index) const
{
    const Qt::ItemFlags flags = QAbstractItemModel::flags(index);
    return rowAt(index) == nullptr ? flags : flags | Qt::ItemIsEditable | Qt::ItemNeverHasChildren;
}

ConfigFilter::ConfigFilter(QObject* parent) : QSortFilterProxyModel(parent)
{
    setRecursiveFilteringEnabled(true);
}

void ConfigFilter::setRows(Rows rows)
{
    m_rows = rows;
    invalidateFilter();
}

void ConfigFilter::setWords(const QString& words)
{
    m_words = words.trimmed();
    invalidateFilter();
}

bool ConfigFilter::filterAcceptsRow(int row, const QModelIndex& parent) const
{
    const QModelIndex index = sourceModel()->index(row, 0, parent);
    if (index.data(ConfigModel::KeyRole).toString().isEmpty()) {
        return false; // a section stands as long as one of its fields does
    }
    if (m_rows == Rows::Changed && !index.data(ConfigModel::EditedRole).toBool() && !index.data(ConfigModel::DiffersRole).toBool()) {
        return false;
    }
    if (m_rows == Rows::Problems && index.data(ConfigModel::ProblemRole).toString().isEmpty()) {
        return false;
    }
    return m_words.isEmpty() || index.data(ConfigModel::SearchRole).toString().contains(m_words, Qt::CaseInsensitive);
}

} // namespace dubito::ui
