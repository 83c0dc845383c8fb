// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/config/ConfigPanel.h"

#include "ui/PanelTable.h"
#include "ui/TextLabel.h"
#include "ui/config/ConfigDelegate.h"
#include "ui/config/ConfigModel.h"
#include "ui/config/YamlView.h"

#include <QApplication>
#include <QButtonGroup>
#include <QFrame>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QStackedWidget>
#include <QTextBrowser>
#include <QToolButton>
#include <QTreeView>
#include <QVBoxLayout>

namespace dubito::ui {

namespace {

QPushButton* makeButton(const char* name, const QString& text)
{
    auto* button = new QPushButton(text);
    button->setObjectName(QLatin1String(name));
    return button;
}

QPushButton* makeIconButton(const char* name, Symbol symbol, const QString& help)
{
    QPushButton* button = makeButton(name, {});
    button->setIcon(symbolIcon(symbol));
    button->setToolTip(help);
    button->setAccessibleName(help);
    button->setProperty("narrow", true);
    return button;
}

/// Buttons that look and act as one switch.
template <std::size_t N>
QHBoxLayout* makeSegments(std::array<QPushButton*, N>& buttons, const std::array<const char*, N>& names, QObject* parent)
{
    auto* line = new QHBoxLayout;
    line->setSpacing(0);
    auto* group = new QButtonGroup(parent);
    for (std::size_t i = 0; i < N; ++i) {
        buttons[i] = makeButton(names[i], {});
        buttons[i]->setCheckable(true);
        buttons[i]->setProperty("segment", QLatin1String(i == 0 ? "first" : i + 1 == N ? "last" : "middle"));
        group->addButton(buttons[i]);
        line->addWidget(buttons[i]);
    }
    buttons[0]->setChecked(true);
    return line;
}

} // namespace

ConfigPanel::ConfigPanel(QWidget* parent)
    : Panel(parent)
    , m_model(new ConfigModel(this))
    , m_filter(new ConfigFilter(this))
    , m_search(new QLineEdit)
    , m_file(new TextLabel(TypeSize::Unit))
    , m_outside(nullptr)
    , m_pages(new QStackedWidget)
    , m_tree(new QTreeView)
    , m_yaml(new YamlView)
    , m_difference(new QTextBrowser)
    , m_help(new QLabel)
    , m_counts(new TextLabel(TypeSize::Unit))
    , m_problemSymbol(new SymbolLabel(12))
    , m_problems(new TextLabel(TypeSize::Unit))
    , m_start(new QToolButton)
    , m_undo(makeIconButton("configUndo", Symbol::Undo, tr("Take the last edit back")))
    , m_redo(makeIconButton("configRedo", Symbol::Redo, tr("Make the edit again")))
    , m_diff(makeButton("configDiff", tr("&Diff")))
    , m_revert(makeButton("configRevert", tr("R&evert")))
    , m_save(makeButton("configSave", tr("&Save")))
    , m_apply(makeButton("configApply", tr("&Apply")))
{
    setObjectName(QStringLiteral("configPanel"));
    m_status.inForce = std::make_shared<const config::Config>();
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(makeTop());
    layout->addWidget(makeOutside());
    layout->addWidget(makeTree(), 1);
    layout->addWidget(makeBottom());
    constexpr int kTypingPauseMilliseconds = 300;
    m_typing.setSingleShot(true);
    m_typing.setInterval(kTypingPauseMilliseconds);
    connectButtons();
    openSections();
    refresh();
}

QWidget* ConfigPanel::makeTop()
{
    setUpSearch(*m_search, "configSearch", tr("Find a key or its help…"), tr("Find a key or its help"));
    m_file->setObjectName(QStringLiteral("configFile"));
    auto* top = new QWidget(this);
    auto* column = new QVBoxLayout(top);
    column->setContentsMargins(kCardPadding, kGrid, kCardPadding, kGrid);
    column->setSpacing(kGrid);
    auto* first = new QHBoxLayout;
    first->setSpacing(kGrid);
    first->addWidget(m_search, 1);
    first->addLayout(makeSegments<2>(m_views, { "configForm", "configYaml" }, this));
    auto* second = new QHBoxLayout;
    second->setSpacing(kGrid);
    second->addLayout(makeSegments<3>(m_rows, { "configAll", "configChanged", "configProblems" }, this));
    second->addStretch();
    auto* third = new QHBoxLayout; // a line of its own: the names of files are long
    third->setSpacing(kGrid);
    third->addWidget(m_file, 1);
    m_start->setObjectName(QStringLiteral("configStart"));
    m_start->setText(tr("Start from"));
    m_start->setAutoRaise(true);
    m_start->setFocusPolicy(Qt::StrongFocus);
    m_start->setPopupMode(QToolButton::InstantPopup);
    m_start->setMenu(new QMenu(m_start));
    m_start->setToolTip(tr("Lays the defaults, a hardware profile or a preset over the draft."));
    third->addWidget(m_start);
    m_views[0]->setText(tr("Form"));
    m_views[1]->setText(tr("YAML"));
    column->addLayout(first);
    column->addLayout(second);
    column->addLayout(third);
    return top;
}

QWidget* ConfigPanel::makeOutside()
{
    m_outside = new QFrame(this);
    m_outside->setObjectName(QStringLiteral("configOutside"));
    m_outside->setProperty("card", QStringLiteral("banner-note"));
    auto* words = new QLabel(tr("The file was changed by another program."));
    words->setWordWrap(true);
    auto* take = makeButton("configTakeTheirs", tr("&Take it over"));
    auto* keep = makeButton("configKeepMine", tr("&Keep mine"));
    auto* line = new QHBoxLayout(m_outside);
    line->setContentsMargins(kCardPadding, kGrid, kCardPadding, kGrid);
    line->addWidget(words, 1);
    line->addWidget(take);
    line->addWidget(keep);
    auto* merge = makeButton("configMerge", tr("&Choose…"));
    merge->setToolTip(tr("Shows both sides key by key."));
    line->addWidget(merge);
    connect(take, &QPushButton::clicked, this, [this] { takeAll(Side::Theirs); });
    connect(keep, &QPushButton::clicked, this, [this] { takeAll(Side::Mine); });
    connect(merge, &QPushButton::clicked, this, &ConfigPanel::openMerge);
    m_outside->hide();
    return m_outside;
}

QWidget* ConfigPanel::makeTree()
{
    m_filter->setSourceModel(m_model);
    m_tree->setObjectName(QStringLiteral("configTree"));
    m_tree->setAccessibleName(tr("Configuration"));
    m_tree->setModel(m_filter);
    m_tree->setItemDelegate(new ConfigDelegate(m_tree));
    m_tree->setHeaderHidden(true);
    m_tree->setRootIsDecorated(false);
    m_tree->setIndentation(0);
    m_tree->setExpandsOnDoubleClick(false);
    m_tree->setSelectionMode(QAbstractItemView::NoSelection);
    m_tree->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_tree->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_tree->setEditTriggers(QAbstractItemView::EditKeyPressed | QAbstractItemView::AnyKeyPressed);
    m_difference->setObjectName(QStringLiteral("configDifference"));
    m_difference->setAccessibleName(tr("What the edits change"));
    m_difference->setOpenLinks(false);
    m_difference->document()->setDocumentMargin(kCardPadding);
    m_pages->addWidget(m_tree);
    m_pages->addWidget(m_yaml);
    m_pages->addWidget(m_difference);
    return m_pages;
}

QString ConfigPanel::helpHint()
{
    return tr("Choose a field to read what it does. A full disc marks what was edited here, a ring what differs from the default.");
}

QWidget* ConfigPanel::makeBottom()
{
    m_help->setObjectName(QStringLiteral("configHelp"));
    m_help->setText(helpHint());
    m_help->setTextFormat(Qt::PlainText);
    m_help->setWordWrap(true);
    m_help->setProperty("tone", QStringLiteral("2"));
    m_help->setFont(typeFont(QApplication::font(), TypeSize::Unit));
    m_help->setAlignment(Qt::AlignTop);
    m_help->setMinimumHeight(QFontMetrics(m_help->font()).lineSpacing() * 3);
    m_problems->setObjectName(QStringLiteral("configProblemCount"));
    m_counts->setObjectName(QStringLiteral("configCounts"));
    auto* bottom = new QFrame(this);
    bottom->setProperty("line", QStringLiteral("top"));
    auto* column = new QVBoxLayout(bottom);
    column->setContentsMargins(kCardPadding, kGrid, kCardPadding, kGrid);
    column->setSpacing(kGrid);
    auto* counts = new QHBoxLayout;
    counts->setSpacing(6);
    counts->addWidget(m_counts, 1);
    counts->addWidget(m_problemSymbol);
    counts->addWidget(m_problems);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(kGrid);
    buttons->addWidget(m_undo);
    buttons->addWidget(m_redo);
    buttons->addStretch();
    for (QPushButton* button : { m_diff, m_revert, m_save, m_apply }) {
        buttons->addWidget(button);
    }
    m_diff->setCheckable(true);
    column->addWidget(m_help);
    column->addLayout(counts);
    column->addLayout(buttons);
    return bottom;
}

} // namespace dubito::ui
