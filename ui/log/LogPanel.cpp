// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/log/LogPanel.h"

#include "ui/Format.h"
#include "ui/PanelTable.h"
#include "ui/Look.h"
#include "ui/TextLabel.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QScrollBar>
#include <QTableView>
#include <QVBoxLayout>

namespace dubito::ui {

LogPanel::LogPanel(QWidget* parent)
    : Panel(parent)
    , m_model(new LogModel(this))
    , m_filter(new LogFilter(this))
    , m_search(new QLineEdit)
    , m_level(new QComboBox)
    , m_module(new QComboBox)
    , m_table(new QTableView)
    , m_hidden(new TextLabel(TypeSize::Unit))
{
    setObjectName(QStringLiteral("logPanel"));
    m_filter->setSourceModel(m_model);
    m_table->setObjectName(QStringLiteral("logTable"));
    m_table->setAccessibleName(tr("Log, newest line last"));
    m_table->setModel(m_filter);
    setUpPanelTable(*m_table, 24);
    const QFontMetrics metrics(m_table->font());
    m_table->setColumnWidth(LogModel::Time, metrics.horizontalAdvance(QStringLiteral("00:00:00")) + 22);
    m_table->setColumnWidth(LogModel::ModuleWord, metrics.horizontalAdvance(QStringLiteral("provenance")) + 42);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(makeFilter());
    layout->addWidget(m_table, 1);
}

QWidget* LogPanel::makeFilter()
{
    setUpSearch(*m_search, "logSearch", tr("Find in the log…"), tr("Find in the log"));
    m_level->setObjectName(QStringLiteral("logLevel"));
    m_level->setAccessibleName(tr("Least level"));
    m_level->addItem(tr("Everything"), static_cast<int>(log::LogLevel::Debug));
    m_level->addItem(tr("From info"), static_cast<int>(log::LogLevel::Info));
    m_level->addItem(tr("From warnings"), static_cast<int>(log::LogLevel::Warning));
    m_level->addItem(tr("Errors"), static_cast<int>(log::LogLevel::Error));
    m_level->setCurrentIndex(1);
    m_module->setObjectName(QStringLiteral("logModule"));
    m_module->setAccessibleName(tr("Module"));
    m_module->addItem(tr("All modules"), -1);
    for (std::size_t i = 0; i < kModuleCount; ++i) {
        m_module->addItem(format::text(kModuleWords[i]), static_cast<int>(i));
    }
    m_hidden->setObjectName(QStringLiteral("logHidden"));
    auto* filter = new QWidget(this);
    auto* column = new QVBoxLayout(filter);
    column->setContentsMargins(kCardPadding, kGrid, kCardPadding, kGrid);
    column->setSpacing(kGrid);
    auto* choices = new QHBoxLayout;
    choices->setSpacing(kGrid);
    choices->addWidget(m_level);
    choices->addWidget(m_module);
    choices->addStretch();
    choices->addWidget(m_hidden);
    column->addWidget(m_search);
    column->addLayout(choices);
    connect(m_search, &QLineEdit::textChanged, this, &LogPanel::applyFilter);
    connect(m_level, &QComboBox::currentIndexChanged, this, &LogPanel::applyFilter);
    connect(m_module, &QComboBox::currentIndexChanged, this, &LogPanel::applyFilter);
    return filter;
}

void LogPanel::display(const session::Snapshot& snapshot)
{
    const QScrollBar* bar = m_table->verticalScrollBar();
    const bool atEnd = bar->value() >= bar->maximum() - 1;
    m_model->display(snapshot.log);
    countHidden();
    if (atEnd) {
        m_table->scrollToBottom();
    }
}

void LogPanel::filterBy(Module module)
{
    m_search->clear();
    m_level->setCurrentIndex(0);
    m_module->setCurrentIndex(m_module->findData(static_cast<int>(module)));
}

void LogPanel::applyFilter()
{
    const int module = m_module->currentData().toInt();
    m_filter->setWords(m_search->text());
    m_filter->setLeastLevel(static_cast<log::LogLevel>(m_level->currentData().toInt()));
    m_filter->setModule(module < 0 ? std::nullopt : std::optional(static_cast<Module>(module)));
    countHidden();
    m_table->scrollToBottom();
}

void LogPanel::countHidden()
{
    const int hidden = m_model->rowCount() - m_filter->rowCount();
    m_hidden->setText(hidden > 0 ? tr("%1 hidden").arg(format::count(hidden)) : QString(), Ink::Unit);
}

} // namespace dubito::ui
