// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/provenance/ScoreModel.h"

#include "ui/Format.h"
#include "ui/Symbol.h"
#include "ui/Theme.h"
#include "ui/provenance/SourceLook.h"

#include <QApplication>
#include <QPainter>
#include <QPixmap>

#include <array>

namespace dubito::ui {

namespace {

constexpr qsizetype kLongest = 300;

bool isNumber(int column) { return column >= ScoreModel::Authority; }

QString textOf(const session::ScoredDocument& document, int column)
{
    switch (column) {
    case ScoreModel::Id:
        return format::text(document.id).left(kLongest);
    case ScoreModel::Title:
        return format::text(document.title).left(kLongest).simplified();
    case ScoreModel::Source:
        return sourceWord(document.sourceType);
    case ScoreModel::Year:
        return format::text(document.year).left(kLongest);
    case ScoreModel::Authority:
        return format::decimal(document.authority, 2);
    case ScoreModel::Entropy:
        return format::decimal(document.entropy, 2);
    default:
        return format::decimal(document.weight, 2);
    }
}

/// Painted anew at each call: it follows the theme, and a page shows a dozen of them.
QPixmap markerPixmap(const std::string& sourceClass)
{
    constexpr double kRatio = 2;
    const int side = scaledPixels(QApplication::font(), 14);
    QPixmap pixmap(QSize(side, side) * kRatio);
    pixmap.setDevicePixelRatio(kRatio);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    const SourceLook look = sourceLook(dubito::metrics::sourcePlace(sourceClass), themeOf(QApplication::palette()));
    paintMarker(painter, look.marker, QPointF(side / 2.0, side / 2.0), side * 0.75, look.color);
    return pixmap;
}

} // namespace

ScoreModel::Change ScoreModel::display(const session::DocumentPage& page)
{
    if (page == m_page) {
        return Change::None;
    }
    beginResetModel();
    m_page = page;
    endResetModel();
    emit headerDataChanged(Qt::Horizontal, 0, ColumnCount - 1);
    return Change::Page;
}

void ScoreModel::setWords(Words words)
{
    if (words != m_words) {
        m_words = words;
        emit headerDataChanged(Qt::Horizontal, 0, ColumnCount - 1);
    }
}

session::DocumentOrder ScoreModel::orderOf(int column)
{
    using session::DocumentOrder;
    constexpr std::array<DocumentOrder, ColumnCount> kOrders { DocumentOrder::Id, DocumentOrder::Title, DocumentOrder::Source, DocumentOrder::Year,
        DocumentOrder::Authority, DocumentOrder::Entropy, DocumentOrder::Weight };
    return column >= 0 && column < ColumnCount ? kOrders[static_cast<std::size_t>(column)] : DocumentOrder::Corpus;
}

QString ScoreModel::nameOf(int column, Words words)
{
    const bool isLong = words == Words::Long;
    const std::array<QString, ColumnCount> names { tr("Id"), tr("Title"), tr("Source class"), tr("Year"), isLong ? tr("Authority") : tr("Auth."),
        isLong ? tr("Entropy") : tr("Entr."), tr("Weight") };
    return names[static_cast<std::size_t>(column)];
}

const session::ScoredDocument* ScoreModel::document(int row) const
{
    return row >= 0 && row < rowCount() ? &m_page.documents[static_cast<std::size_t>(row)] : nullptr;
}

int ScoreModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_page.documents.size());
}

int ScoreModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : ColumnCount; }

QVariant ScoreModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) {
        return {};
    }
    const session::ScoredDocument& document = m_page.documents[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole:
        return textOf(document, index.column());
    case Qt::TextAlignmentRole:
        return static_cast<int>(Qt::AlignVCenter | (isNumber(index.column()) ? Qt::AlignRight : Qt::AlignLeft));
    case Qt::FontRole:
        return index.column() == Weight ? QVariant(typeFont(QApplication::font(), TypeSize::Legend, QFont::DemiBold)) : QVariant();
    case Qt::DecorationRole:
        return index.column() == Source ? QVariant(markerPixmap(document.sourceType)) : QVariant();
    case Qt::ToolTipRole:
        return index.column() == Title ? QVariant(format::tip(format::text(document.title))) : QVariant();
    default:
        return {};
    }
}

QVariant ScoreModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount) {
        return {};
    }
    if (role == Qt::TextAlignmentRole) {
        return static_cast<int>(Qt::AlignVCenter | (isNumber(section) ? Qt::AlignRight : Qt::AlignLeft));
    }
    if (role == Qt::ToolTipRole) {
        const std::array<QString, 3> help { tr("0 none … 1 official. "), tr("How many roots the claims have, in bits. "), tr("Times the mean document. ") };
        return (isNumber(section) ? help[static_cast<std::size_t>(section - Authority)] : QString()) + tr("A click sorts, a second one the other way, a third one as in the corpus.");
    }
    if (role != Qt::DisplayRole) {
        return {};
    }
    const bool isSorted = m_page.order == orderOf(section);
    const QString arrow = !isSorted ? QString() : m_page.direction == session::Direction::Ascending ? QStringLiteral(" ↑") : QStringLiteral(" ↓");
    return nameOf(section, m_words) + arrow;
}

} // namespace dubito::ui
