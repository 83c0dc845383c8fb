// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/provenance/ScorePanel.h"

#include "ui/Format.h"
#include "ui/TextLabel.h"
#include "ui/provenance/ScoreModel.h"

#include <QApplication>
#include <QFrame>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLineEdit>
#include <QPushButton>
#include <QTableView>
#include <QTextBrowser>
#include <QVBoxLayout>

#include <algorithm>

namespace dubito::ui {

namespace {

constexpr int kTypingPauseMilliseconds = 250;

/// Reasons and text, escaped: both come from the corpus.
QString explanationOf(const session::ScoredDocument& document)
{
    QString html;
    if (document.labelled) {
        html += QStringLiteral("<p>%1</p>").arg(ScorePanel::tr("Authority and entropy came with the document.").toHtmlEscaped());
    }
    if (!document.reasons.empty()) {
        html += QStringLiteral("<p><b>%1</b></p><ul style=\"margin-left:-24px\">").arg(ScorePanel::tr("Rules, and the words that fired them").toHtmlEscaped());
        for (const auto& reason : document.reasons) {
            html += QStringLiteral("<li>%1</li>").arg(format::text(reason).left(400).toHtmlEscaped());
        }
        html += QStringLiteral("</ul>");
    }
    constexpr qsizetype kMostText = 2000;
    return html + QStringLiteral("<p>%1</p>").arg(format::text(document.text).left(kMostText).toHtmlEscaped());
}

QPushButton* makeTurn(Symbol symbol, const char* name, const QString& help)
{
    auto* button = new QPushButton(symbolIcon(symbol), {});
    button->setObjectName(QLatin1String(name));
    button->setAccessibleName(help);
    button->setToolTip(help);
    button->setProperty("narrow", true);
    return button;
}

} // namespace

ScorePanel::ScorePanel(QWidget* parent)
    : Panel(parent)
    , m_model(new ScoreModel(this))
    , m_search(new QLineEdit)
    , m_before(makeTurn(Symbol::Left, "scoresBefore", tr("The documents before these")))
    , m_after(makeTurn(Symbol::Right, "scoresAfter", tr("The documents after these")))
    , m_rows(new TextLabel(TypeSize::Unit))
    , m_table(new QTableView)
    , m_heading(new TextLabel)
    , m_numbers(new TextLabel(TypeSize::Legend))
    , m_why(new QTextBrowser)
{
    setObjectName(QStringLiteral("scorePanel"));
    m_table->setObjectName(QStringLiteral("scoreTable"));
    m_table->setAccessibleName(tr("Scored documents"));
    m_table->setModel(m_model);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setShowGrid(false);
    m_table->setTabKeyNavigation(false);
    m_table->setWordWrap(false);
    m_table->setFont(typeFont(QApplication::font(), TypeSize::Legend));
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(scaledPixels(QApplication::font(), 28));
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->horizontalHeader()->setSectionResizeMode(ScoreModel::Title, QHeaderView::Stretch);
    const QFontMetrics metrics(m_table->font());
    m_table->setColumnWidth(ScoreModel::Id, metrics.horizontalAdvance(QStringLiteral("00000")) + 16);
    m_table->setColumnWidth(ScoreModel::Source, metrics.horizontalAdvance(QStringLiteral("lab notebook")) + 16);
    for (const int column : { int(ScoreModel::Authority), int(ScoreModel::Entropy), int(ScoreModel::Weight) }) {
        m_table->setColumnWidth(column, metrics.horizontalAdvance(QStringLiteral("Weight")) + 18);
    }
    m_why->setObjectName(QStringLiteral("scoreReasons"));
    m_why->setAccessibleName(tr("Why this document has its weight"));
    m_why->setOpenLinks(false);
    m_why->document()->setDocumentMargin(kCardPadding);
    auto* head = new QFrame;
    head->setProperty("line", QStringLiteral("top"));
    auto* headColumn = new QVBoxLayout(head);
    headColumn->setContentsMargins(kCardPadding, kGrid, kCardPadding, 0);
    headColumn->setSpacing(2);
    headColumn->addWidget(m_heading);
    headColumn->addWidget(m_numbers);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(makeFilter());
    layout->addWidget(m_table, 3);
    layout->addWidget(head);
    layout->addWidget(m_why, 2);
    m_typing.setSingleShot(true);
    m_typing.setInterval(kTypingPauseMilliseconds);
    connect(&m_typing, &QTimer::timeout, this, [this] { ask(0); });
    connect(m_search, &QLineEdit::textChanged, &m_typing, qOverload<>(&QTimer::start));
    connect(m_before, &QPushButton::clicked, this, [this] { ask(std::max<std::int64_t>(0, m_first - kPage)); });
    connect(m_after, &QPushButton::clicked, this, [this] { ask(m_first + kPage); });
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &ScorePanel::explain);
}

QWidget* ScorePanel::makeFilter()
{
    m_search->setObjectName(QStringLiteral("scoreSearch"));
    m_search->setPlaceholderText(tr("Id, title or source class…"));
    m_search->setAccessibleName(tr("Find documents"));
    m_search->setClearButtonEnabled(true);
    m_search->addAction(symbolIcon(Symbol::Search, Tone::Quiet), QLineEdit::LeadingPosition);
    m_rows->setAlignment(Qt::AlignRight);
    auto* filter = new QWidget(this);
    auto* line = new QHBoxLayout(filter);
    line->setContentsMargins(kCardPadding, kGrid, kCardPadding, kGrid);
    line->setSpacing(kGrid);
    line->addWidget(m_search, 1);
    line->addWidget(m_rows);
    line->addWidget(m_before);
    line->addWidget(m_after);
    return filter;
}

void ScorePanel::showEvent(QShowEvent* event)
{
    Panel::showEvent(event);
    if (!m_asked) {
        ask(0);
    }
}

void ScorePanel::resizeEvent(QResizeEvent* event)
{
    Panel::resizeEvent(event);
    // In a narrow panel the title is worth more; the heading below names the source class.
    m_table->setColumnHidden(ScoreModel::Source, width() < scaledPixels(font(), 560));
}

void ScorePanel::ask(std::int64_t first)
{
    m_asked = true;
    emit commandWanted(session::ShowDocuments { format::utf8(m_search->text().trimmed()), first, session::Cause::User });
}

void ScorePanel::display(const session::Snapshot& snapshot)
{
    const auto& page = snapshot.documents;
    m_model->display(page);
    m_first = page.first;
    m_matching = page.matching;
    const auto shown = static_cast<std::int64_t>(page.documents.size());
    m_rows->setText(shown == 0 ? tr("no documents") : tr("%1–%2 of %3").arg(format::count(m_first + 1), format::count(m_first + shown), format::count(m_matching)), Ink::Unit);
    m_before->setEnabled(m_first > 0);
    m_after->setEnabled(m_first + shown < m_matching);
    if (shown > 0 && !m_table->currentIndex().isValid()) {
        m_table->setCurrentIndex(m_model->index(0, 0));
    }
    if (shown == 0) {
        explain();
    }
}

void ScorePanel::explain()
{
    const session::ScoredDocument* document = m_model->document(m_table->currentIndex().row());
    if (document == nullptr) {
        m_heading->setText(tr("No document is chosen"), Ink::Label);
        m_numbers->setText(tr("Documents appear here as soon as a run has read its corpus."), Ink::Unit);
        m_why->clear();
        return;
    }
    m_heading->setSpans({ { tr("Document %1  ").arg(format::text(document->id).left(60)), Ink::Value, QFont::DemiBold },
        { format::text(document->title).left(200).simplified(), Ink::Label } });
    const QString source = format::text(document->sourceType).left(60).replace(QLatin1Char('_'), QLatin1Char(' '));
    m_numbers->setSpans({ { source, Ink::Label }, { tr("   authority "), Ink::Unit }, { format::decimal(document->authority, 2), Ink::Value, QFont::DemiBold },
        { tr("   entropy "), Ink::Unit }, { format::decimal(document->entropy, 2), Ink::Value, QFont::DemiBold },
        { tr("   weight "), Ink::Unit }, { format::decimal(document->weight, 2), Ink::Value, QFont::DemiBold } });
    m_why->setHtml(explanationOf(*document));
}

} // namespace dubito::ui
