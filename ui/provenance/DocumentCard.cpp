// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/provenance/DocumentCard.h"

#include "ui/Format.h"
#include "ui/PanelTable.h"
#include "ui/TextLabel.h"
#include "ui/provenance/ReasonModel.h"
#include "ui/provenance/SourceLook.h"

#include <QApplication>
#include <QClipboard>
#include <QEvent>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QPushButton>
#include <QTableView>
#include <QTextBrowser>
#include <QTextDocument>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace dubito::ui {

namespace {

constexpr int kBarPixels = 44;

QString shortName(const std::string& place)
{
    const QString whole = format::text(place);
    return whole.mid(whole.lastIndexOf(QLatin1Char('/')) + 1).left(80);
}

} // namespace

DocumentCard::DocumentCard(QWidget* parent)
    : QFrame(parent)
    , m_heading(new TextLabel)
    , m_rules(new TextLabel(TypeSize::Unit))
    , m_text(new QTextBrowser)
    , m_key(new TextLabel(TypeSize::Unit))
    , m_table(new QTableView)
    , m_model(new ReasonModel(this))
    , m_copy(new QPushButton(tr("Copy e&xplanation")))
    , m_place(new TextLabel(TypeSize::Unit))
{
    setObjectName(QStringLiteral("documentCard"));
    setAccessibleName(tr("Why this document has its weight"));
    m_text->setObjectName(QStringLiteral("scoreReasons"));
    m_text->setAccessibleName(tr("Text of the document, the words that fired a rule marked"));
    m_text->setOpenLinks(false);
    m_text->document()->setDocumentMargin(kCardPadding);
    m_text->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_copy->setObjectName(QStringLiteral("copyExplanation"));
    makeTable();
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(makeHead());
    column->addWidget(m_text, 3);
    auto* key = new QHBoxLayout;
    key->setContentsMargins(kCardPadding, 2, kCardPadding, 6);
    key->addWidget(m_key);
    column->addLayout(key);
    column->addWidget(m_table, 4);
    column->addWidget(makeFoot());
    column->addStretch(1);
    m_key->setSpans({ { tr("raises authority"), Ink::Warn, QFont::DemiBold }, { QStringLiteral("    ") }, { tr("date"), Ink::Accent, QFont::DemiBold },
        { QStringLiteral("    ") }, { tr("primary source"), Ink::Healthy, QFont::DemiBold }, { tr("    letters lead to the rows"), Ink::Unit } });
    connect(m_text, &QTextBrowser::anchorClicked, this, [this](const QUrl& url) { goTo(url.toString()); });
    connect(m_copy, &QPushButton::clicked, this, &DocumentCard::copy);
    setDocument(nullptr, {});
}

QWidget* DocumentCard::makeHead()
{
    auto* head = new QWidget;
    auto* column = new QVBoxLayout(head);
    column->setContentsMargins(kCardPadding, kGrid, kCardPadding, kGrid);
    column->setSpacing(4);
    auto* first = new QHBoxLayout;
    first->addWidget(m_heading, 1);
    first->addWidget(m_rules);
    column->addLayout(first);
    m_figureRow = new QWidget;
    auto* figures = new QHBoxLayout(m_figureRow);
    figures->setContentsMargins(0, 4, 0, 0);
    figures->setSpacing(kCardPadding);
    const std::array<QString, 3> names { tr("Authority"), tr("Entropy"), tr("Weight") };
    for (std::size_t i = 0; i < names.size(); ++i) {
        auto* cell = new QVBoxLayout;
        cell->setSpacing(0);
        auto* name = new TextLabel(TypeSize::Unit);
        name->setText(names[i], Ink::Unit);
        m_figures[i] = new TextLabel(TypeSize::Answer);
        m_helps[i] = new TextLabel(TypeSize::Unit);
        for (QWidget* part : { name, m_figures[i], m_helps[i] }) {
            cell->addWidget(part);
        }
        figures->addLayout(cell, 1);
    }
    column->addWidget(m_figureRow);
    return head;
}

QWidget* DocumentCard::makeFoot()
{
    m_foot = new QFrame;
    m_foot->setProperty("line", QStringLiteral("top"));
    auto* column = new QVBoxLayout(m_foot);
    column->setContentsMargins(kCardPadding, kGrid, kCardPadding, kGrid);
    column->setSpacing(4);
    for (TextLabel*& line : m_weight) {
        line = new TextLabel(TypeSize::Legend);
        column->addWidget(line);
    }
    column->addSpacing(kGrid);
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(m_copy);
    buttons->addStretch();
    buttons->addWidget(m_place);
    column->addLayout(buttons);
    return m_foot;
}

void DocumentCard::makeTable()
{
    m_table->setObjectName(QStringLiteral("reasonTable"));
    m_table->setAccessibleName(tr("Rules, and what each of them added"));
    m_table->setModel(m_model);
    m_table->setItemDelegate(new ReasonDelegate(m_table));
    setUpPanelTable(*m_table, 26);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto* header = m_table->horizontalHeader();
    header->setStretchLastSection(false);
    header->setMinimumSectionSize(20);
    header->setSectionResizeMode(ReasonModel::Rule, QHeaderView::Stretch);
    const QFontMetrics metrics(typeFont(QApplication::font(), TypeSize::Legend, QFont::DemiBold));
    m_table->setColumnWidth(ReasonModel::Letter, metrics.horizontalAdvance(QStringLiteral("mm")) + 8);
    for (const int column : { int(ReasonModel::Authority), int(ReasonModel::Entropy) }) {
        m_table->setColumnWidth(column, metrics.horizontalAdvance(tr("Authority")) + 16);
    }
    for (const int column : { int(ReasonModel::AuthorityBar), int(ReasonModel::EntropyBar) }) {
        const int padding = column == ReasonModel::EntropyBar ? kGrid : 0; // beside it stands the frame of the card
        m_table->setColumnWidth(column, scaledPixels(QApplication::font(), kBarPixels) + padding);
    }
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this](const QModelIndex& row) {
        const QString letter = row.siblingAtColumn(ReasonModel::Letter).data().toString();
        if (!letter.isEmpty()) {
            m_text->scrollToAnchor(QStringLiteral("at-") + letter);
        }
    });
}

void DocumentCard::setDocument(const session::ScoredDocument* document, const session::Snapshot& snapshot)
{
    const auto lines = document != nullptr ? weightLines(*document, snapshot) : std::vector<std::pair<QString, QString>> {};
    if (document != nullptr && m_document && *document == *m_document && lines == m_lines) {
        return;
    }
    m_document = document != nullptr ? std::optional(*document) : std::nullopt;
    m_lines = lines;
    for (QWidget* part : std::initializer_list<QWidget*> { m_figureRow, m_text, m_key, m_table, m_foot }) {
        part->setVisible(m_document.has_value());
    }
    if (!m_document) {
        m_heading->setText(tr("No document is chosen"), Ink::Label);
        m_rules->setText(tr("Documents appear here as soon as a run has read its corpus."), Ink::Unit);
        return;
    }
    QString title = format::text(m_document->title).left(200).simplified();
    if (!m_document->year.empty()) {
        title += QStringLiteral(", ") + format::text(m_document->year).left(40);
    }
    m_heading->setSpans({ { tr("Document %1  ").arg(format::text(m_document->id).left(60)), Ink::Value, QFont::DemiBold }, { title, Ink::Label } });
    const auto& config = snapshot.config.inForce;
    m_rules->setText(m_document->labelled ? tr("labels of its line") : config && config->provenance.profile == config::Profile::Compat ? tr("rules: compat") : tr("rules: strict"), Ink::Unit);
    fillFigures();
    m_model->setRows(reasonRows(*m_document));
    fillText();
    for (std::size_t i = 0; i < m_weight.size(); ++i) {
        const bool isThere = i < m_lines.size();
        m_weight[i]->setVisible(isThere);
        if (isThere) {
            m_weight[i]->setSpans({ { m_lines[i].first + QStringLiteral("   "), Ink::Unit }, { m_lines[i].second, Ink::Value } });
        }
    }
    m_place->setText(shortName(m_document->place), Ink::Unit);
}

void DocumentCard::fillFigures()
{
    const QString unknown(format::kDash);
    const bool known = !m_document->hasWeightOne;
    const std::array<double, 3> values { m_document->authority, m_document->entropy, m_document->weight };
    const double weight = m_document->weight;
    const QString times = weight > 0.995 && weight < 1.005 ? tr("as the mean document")
        : weight >= 1                                     ? tr("%1 times the mean document").arg(format::decimal(weight, 1))
        : weight > 0.005                                  ? tr("%1 of the mean document").arg(format::percent(weight))
                                                          : tr("next to nothing");
    const std::array<QString, 3> helps { tr("0 none … 1 official"), tr("how many roots, bits"), times };
    for (std::size_t i = 0; i < values.size(); ++i) {
        m_figures[i]->setText(known || i == 2 ? format::decimal(values[i], 2) : unknown, Ink::Value, QFont::DemiBold);
        m_helps[i]->setText(helps[i], Ink::Unit);
    }
}

void DocumentCard::fillText()
{
    m_text->setHtml(markedText(*m_document, themeOf(palette())));
    fit();
}

/// Text and rules take no more room than they need: what is over stays empty below, not in between.
void DocumentCard::fit()
{
    constexpr int kFocusFrame = 2; // on each side, while it has the focus
    const int frame = 2 * (m_text->frameWidth() + kFocusFrame);
    m_text->document()->setTextWidth(std::max(80, contentsRect().width() - frame));
    m_text->setMaximumHeight(static_cast<int>(std::ceil(m_text->document()->size().height())) + frame);
    const int rows = m_model->rowCount() * m_table->verticalHeader()->defaultSectionSize();
    m_table->setMaximumHeight(m_table->horizontalHeader()->sizeHint().height() + rows + 2 * (m_table->frameWidth() + kFocusFrame));
}

void DocumentCard::resizeEvent(QResizeEvent* event)
{
    QFrame::resizeEvent(event);
    if (m_document) {
        fit();
    }
}

void DocumentCard::goTo(const QString& letter)
{
    const int row = m_model->rowOf(letter);
    if (row >= 0) {
        m_table->selectRow(row);
        m_table->scrollTo(m_model->index(row, 0));
        m_table->setFocus();
    }
}

void DocumentCard::copy() const
{
    if (!m_document) {
        return;
    }
    QString text = m_heading->text() + QLatin1Char('\n');
    for (int row = 0; row < m_model->rowCount(); ++row) {
        const auto cell = [&](int column) { return m_model->index(row, column).data().toString(); };
        text += QStringLiteral("%1\t%2\t%3\n").arg(cell(ReasonModel::Rule), cell(ReasonModel::Authority), cell(ReasonModel::Entropy));
    }
    for (const auto& [name, line] : m_lines) {
        text += name + QStringLiteral(": ") + line + QLatin1Char('\n');
    }
    QApplication::clipboard()->setText(text);
}

void DocumentCard::changeEvent(QEvent* event)
{
    QFrame::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_document) {
        fillText();
    }
}

} // namespace dubito::ui
