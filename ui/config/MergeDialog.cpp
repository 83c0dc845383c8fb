// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/config/MergeDialog.h"

#include "ui/Format.h"
#include "ui/Symbol.h"
#include "ui/Theme.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QGridLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

#include <algorithm>
#include <array>
#include <functional>

namespace dubito::ui {

namespace {

constexpr qsizetype kLongest = 60; // characters of a value; the whole stands in the tool-tip

QLabel* makeLabel(const QString& text, const QString& tip = {})
{
    auto* label = new QLabel(text.left(kLongest));
    label->setTextFormat(Qt::PlainText);
    label->setToolTip(format::tip(tip));
    return label;
}

QString shown(const std::string& value) { return value.empty() ? QString(format::kDash) : format::text(value); }

} // namespace

MergeDialog::MergeDialog(std::vector<MergeRow> rows, QWidget* parent)
    : QDialog(parent)
    , m_rows(std::move(rows))
{
    setObjectName(QStringLiteral("mergeDialog"));
    setWindowTitle(tr("Merge the configuration"));
    std::ranges::stable_sort(m_rows, std::greater(), &MergeRow::isConflict);
    const auto conflicts = std::ranges::count_if(m_rows, &MergeRow::isConflict);
    auto* words = new QLabel(tr("The file was changed by another program. %1. What you choose of the file acts at once; your other edits stay edits.")
                                 .arg(conflicts == 0 ? tr("No key was changed on both sides")
                                                     : tr("Changed on both sides: %1").arg(conflicts)));
    words->setWordWrap(true);
    auto* table = new QWidget;
    auto* grid = new QGridLayout(table);
    grid->setHorizontalSpacing(kCardPadding);
    const std::array headings { tr("Key"), tr("In force"), tr("In the file"), tr("Edited here"), tr("Take") };
    for (std::size_t i = 0; i < headings.size(); ++i) {
        auto* heading = makeLabel(headings[i]);
        heading->setFont(typeFont(font(), TypeSize::Base, QFont::DemiBold));
        grid->addWidget(heading, 0, static_cast<int>(i) + 1);
    }
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        addRow(*grid, i);
    }
    grid->setRowStretch(static_cast<int>(m_rows.size()) + 1, 1);
    auto* scroll = new QScrollArea;
    scroll->setObjectName(QStringLiteral("mergeKeys"));
    scroll->setAccessibleName(tr("Keys that differ"));
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidget(table);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel);
    auto* allTheirs = buttons->addButton(tr("All of the &file"), QDialogButtonBox::ActionRole);
    auto* allMine = buttons->addButton(tr("All of &mine"), QDialogButtonBox::ActionRole);
    allTheirs->setObjectName(QStringLiteral("mergeAllTheirs"));
    allMine->setObjectName(QStringLiteral("mergeAllMine"));
    buttons->button(QDialogButtonBox::Ok)->setObjectName(QStringLiteral("mergeTake"));
    buttons->button(QDialogButtonBox::Ok)->setText(tr("&Take over"));
    auto* column = new QVBoxLayout(this);
    column->addWidget(words);
    column->addWidget(scroll, 1);
    column->addWidget(buttons);
    resize(scaledPixels(font(), 720), scaledPixels(font(), 380));
    connect(allTheirs, &QPushButton::clicked, this, [this] { chooseAll(Side::Theirs); });
    connect(allMine, &QPushButton::clicked, this, [this] { chooseAll(Side::Mine); });
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(buttons, &QDialogButtonBox::accepted, this, [this] {
        emit merged(m_rows);
        accept();
    });
}

void MergeDialog::addRow(QGridLayout& grid, std::size_t row)
{
    const MergeRow& merge = m_rows[row];
    const int line = static_cast<int>(row) + 1;
    const QString key = format::text(merge.field->key);
    auto* mark = new SymbolLabel(12);
    mark->setSymbol(merge.isConflict() ? Symbol::Warn : Symbol::Tick, merge.isConflict() ? Tone::Warn : Tone::Quiet);
    mark->setToolTip(merge.isConflict() ? tr("changed on both sides") : tr("changed on one side"));
    auto* choice = new QComboBox;
    choice->setObjectName(QStringLiteral("merge.") + key);
    choice->setAccessibleName(tr("Whose value of %1").arg(key));
    choice->addItems({ merge.isMine() ? tr("mine") : tr("as it is"), tr("the file's") });
    choice->setCurrentIndex(static_cast<int>(merge.side));
    connect(choice, &QComboBox::currentIndexChanged, this,
        [this, row](int index) { m_rows[row].side = static_cast<Side>(index); });
    m_choices.push_back(choice);
    grid.addWidget(mark, line, 0);
    grid.addWidget(makeLabel(key, format::text(merge.field->help)), line, 1);
    grid.addWidget(makeLabel(shown(merge.inForce), shown(merge.inForce)), line, 2);
    grid.addWidget(makeLabel(shown(merge.theirs), shown(merge.theirs)), line, 3);
    grid.addWidget(makeLabel(merge.isMine() ? shown(merge.mine) : QString(), shown(merge.mine)), line, 4);
    grid.addWidget(choice, line, 5);
}

void MergeDialog::chooseAll(Side side)
{
    for (QComboBox* choice : m_choices) {
        choice->setCurrentIndex(static_cast<int>(side));
    }
}

} // namespace dubito::ui
