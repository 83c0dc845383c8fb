// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/health/HealthPanel.h"

#include "ui/Format.h"
#include "ui/Look.h"
#include "ui/TextLabel.h"
#include "ui/health/HealthModel.h"
#include "ui/memory/GuardianCard.h"

#include <QApplication>
#include <QFrame>
#include <QHBoxLayout>
#include <QListView>
#include <QToolButton>
#include <QVBoxLayout>

namespace dubito::ui {

namespace {

/// A strip with a line below it.
QFrame* makeStrip(QWidget* parent)
{
    auto* strip = new QFrame(parent);
    strip->setProperty("line", QStringLiteral("bottom"));
    return strip;
}

} // namespace

HealthPanel::HealthPanel(QWidget* parent)
    : Panel(parent)
    , m_title(new TextLabel(TypeSize::Base))
    , m_modules(new TextLabel(TypeSize::Unit))
    , m_unfold(new QToolButton)
    , m_symbol(new SymbolLabel(20))
    , m_score(new TextLabel(TypeSize::Figure))
    , m_word(new TextLabel(TypeSize::Unit))
    , m_count(new TextLabel(TypeSize::Unit))
    , m_model(new HealthModel(this))
    , m_delegate(new HealthDelegate(this))
    , m_list(new QListView)
    , m_guardian(new GuardianCard)
{
    setObjectName(QStringLiteral("healthPanel"));
    setAccessibleName(tr("Health"));
    setProperty("ground", QStringLiteral("surface"));
    setAttribute(Qt::WA_StyledBackground);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(makeHeader());
    m_list->setObjectName(QStringLiteral("healthList"));
    m_list->setAccessibleName(tr("Modules and their states"));
    m_list->setModel(m_model);
    m_list->setItemDelegate(m_delegate);
    m_list->setUniformItemSizes(true);
    m_list->setMouseTracking(true);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    layout->addWidget(m_list, 1);
    layout->addWidget(m_guardian);
    connect(m_list, &QListView::clicked, this, &HealthPanel::choose);
    connect(m_list, &QListView::activated, this, &HealthPanel::choose);
    connect(m_unfold, &QToolButton::clicked, this, &HealthPanel::unfoldWanted);
    setShape(HealthDelegate::Shape::Board);
}

QWidget* HealthPanel::makeHeader()
{
    auto* header = new QWidget(this);
    auto* titles = makeStrip(header);
    auto* titleLine = new QHBoxLayout(titles);
    titleLine->setContentsMargins(kCardPadding, kGrid, kCardPadding, kGrid);
    m_title->setText(tr("Health"), Ink::Value, QFont::DemiBold);
    m_modules->setAlignment(Qt::AlignRight);
    m_unfold->setObjectName(QStringLiteral("healthUnfold"));
    m_unfold->setIcon(symbolIcon(Symbol::Right));
    m_unfold->setAutoRaise(true);
    m_unfold->setAccessibleName(tr("Show health with reasons"));
    m_unfold->setToolTip(m_unfold->accessibleName());
    titleLine->addWidget(m_title);
    titleLine->addWidget(m_modules, 1);
    titleLine->addWidget(m_unfold);
    auto* score = makeStrip(header);
    auto* scoreLine = new QHBoxLayout(score);
    scoreLine->setContentsMargins(kCardPadding, kGrid, kCardPadding, kGrid);
    scoreLine->setSpacing(10);
    auto* words = new QVBoxLayout;
    words->setSpacing(2);
    for (TextLabel* label : { m_word, m_count }) {
        label->setAlignment(Qt::AlignRight);
        words->addWidget(label);
    }
    m_score->setObjectName(QStringLiteral("healthScore"));
    scoreLine->addWidget(m_symbol);
    scoreLine->addWidget(m_score);
    scoreLine->addLayout(words, 1);
    auto* column = new QVBoxLayout(header);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(titles);
    column->addWidget(score);
    return header;
}

void HealthPanel::display(const session::Snapshot& snapshot)
{
    displayScore(snapshot);
    m_model->display(snapshot.health);
    m_guardian->display(snapshot);
}

void HealthPanel::displayScore(const session::Snapshot& snapshot)
{
    const HealthScore score = scoreOf(snapshot.health);
    const Look look = lookOf(score);
    m_modules->setText(tr("%1 modules").arg(snapshot.health.size()), Ink::Unit);
    m_symbol->setSymbol(look.symbol, look.tone);
    if (score.judged == 0) {
        m_score->setText(format::kDash, Ink::Value, QFont::DemiBold);
        m_word->setText(look.word, Ink::Label, QFont::DemiBold);
        m_count->setText(tr("nothing runs"), Ink::Label);
        return;
    }
    m_score->setText(format::percent(score.share()), Ink::Value, QFont::DemiBold);
    m_word->setText(look.word, inkOf(look.tone), QFont::DemiBold);
    m_count->setText(tr("%1 of %2 healthy").arg(score.healthy).arg(score.judged), Ink::Label);
}

void HealthPanel::setShape(HealthDelegate::Shape shape)
{
    m_shape = shape;
    const bool board = shape == HealthDelegate::Shape::Board;
    m_delegate->setShape(shape);
    m_modules->setVisible(board);
    m_score->setSize(board ? TypeSize::Figure : TypeSize::Title); // "100 %" has to fit the rail
    m_score->parentWidget()->layout()->setSpacing(board ? 10 : 4);
    m_unfold->setVisible(!board);
    m_word->setVisible(board);
    m_count->setVisible(board);
    m_guardian->setVisible(board);
    setFixedWidth(scaledPixels(QApplication::font(), board ? 232 : 112));
    m_list->doItemsLayout();
}

void HealthPanel::choose(const QModelIndex& index)
{
    if (index.isValid()) {
        emit moduleChosen(static_cast<Module>(index.data(HealthModel::ModuleRole).toInt()));
    }
}

} // namespace dubito::ui
