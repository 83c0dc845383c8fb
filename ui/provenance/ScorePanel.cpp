// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/provenance/ScorePanel.h"

#include "ui/Format.h"
#include "ui/PanelTable.h"
#include "ui/Symbol.h"
#include "ui/TextLabel.h"
#include "ui/provenance/CorpusStrip.h"
#include "ui/provenance/DocumentCard.h"
#include "ui/provenance/ScatterView.h"
#include "ui/provenance/ScoreModel.h"
#include "ui/provenance/SourceLook.h"

#include <QAction>
#include <QApplication>
#include <QComboBox>
#include <QEvent>
#include <QFrame>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLineEdit>
#include <QPushButton>
#include <QStyle>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>
#include <array>
#include <limits>

namespace dubito::ui {

namespace {

constexpr int kTypingPauseMilliseconds = 250;

/// Ranges of weight to choose from, times the mean document.
constexpr double kNoEnd = std::numeric_limits<double>::infinity();
constexpr std::array<std::pair<double, double>, 5> kWeights { { { 0, kNoEnd }, { 2, kNoEnd }, { 1, 2 }, { 0.25, 1 }, { 0, 0.25 } } };

QPushButton* makeTurn(Symbol symbol, const char* name, const QString& help)
{
    auto* button = new QPushButton(symbolIcon(symbol), {});
    button->setObjectName(QLatin1String(name));
    button->setAccessibleName(help);
    button->setToolTip(help);
    button->setProperty("narrow", true);
    return button;
}

session::DocumentDot dotOf(const session::ScoredDocument& document)
{
    return { document.index, document.id, dubito::metrics::sourcePlace(document.sourceType), document.authority, document.entropy, document.weight };
}

} // namespace

ScorePanel::ScorePanel(QWidget* parent)
    : Panel(parent)
    , m_model(new ScoreModel(this))
    , m_strip(new CorpusStrip)
    , m_scatter(new ScatterView)
    , m_scatterCard(new QFrame)
    , m_scatterNote(new TextLabel(TypeSize::Unit))
    , m_search(new QLineEdit)
    , m_class(new QComboBox)
    , m_weight(new QComboBox)
    , m_before(makeTurn(Symbol::Left, "scoresBefore", tr("The documents before these")))
    , m_after(makeTurn(Symbol::Right, "scoresAfter", tr("The documents after these")))
    , m_rows(new TextLabel(TypeSize::Unit))
    , m_list(new QFrame)
    , m_table(new QTableView)
    , m_card(new DocumentCard)
    , m_left(new QVBoxLayout)
    , m_body(new QBoxLayout(QBoxLayout::TopToBottom))
{
    setObjectName(QStringLiteral("scorePanel"));
    m_list->setObjectName(QStringLiteral("scoreList"));
    makeTable();
    auto* list = new QVBoxLayout(m_list);
    list->setContentsMargins(0, 0, 0, 0);
    list->setSpacing(0);
    list->addWidget(makeFilter());
    list->addWidget(m_table, 1);
    m_left->setSpacing(kGrid);
    m_left->addWidget(makeScatter(), 5);
    m_left->addWidget(m_list, 4);
    m_body->addLayout(m_left, 15);
    m_body->addWidget(m_card, 12);
    auto* whole = new QVBoxLayout(this);
    whole->addWidget(m_strip);
    whole->addLayout(m_body, 1);
    m_typing.setSingleShot(true);
    m_typing.setInterval(kTypingPauseMilliseconds);
    connectParts();
    layOut();
}

void ScorePanel::makeTable()
{
    m_table->setObjectName(QStringLiteral("scoreTable"));
    m_table->setAccessibleName(tr("Scored documents"));
    m_table->setModel(m_model);
    setUpPanelTable(*m_table, 28);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setIconSize(QSize(1, 1) * scaledPixels(QApplication::font(), 14));
    m_table->horizontalHeader()->setStretchLastSection(false);
    m_table->horizontalHeader()->setSectionsClickable(true);
    m_table->setContextMenuPolicy(Qt::ActionsContextMenu); // sorting by keyboard: a header has no focus
    for (int column = 0; column < ScoreModel::ColumnCount; ++column) {
        auto* sort = new QAction(tr("Sort by: %1").arg(ScoreModel::nameOf(column, ScoreModel::Words::Long)), m_table);
        sort->setObjectName(QStringLiteral("sortBy%1").arg(column));
        connect(sort, &QAction::triggered, this, [this, column] { sortBy(column); });
        m_table->addAction(sort);
    }
    m_table->horizontalHeader()->setSectionResizeMode(ScoreModel::Title, QHeaderView::Stretch);
    const QFontMetrics metrics(typeFont(QApplication::font(), TypeSize::Legend, QFont::DemiBold));
    m_table->setColumnWidth(ScoreModel::Source, metrics.horizontalAdvance(QStringLiteral("correspondence")) + 40);
    m_table->setColumnWidth(ScoreModel::Year, metrics.horizontalAdvance(QStringLiteral("00000")) + 16);
    fitIds();
}

/// As wide as the ids of the page are, within reason; and the numbers as wide as their names.
void ScorePanel::fitIds()
{
    const bool full = m_shape == Shape::Full;
    const QFontMetrics metrics(typeFont(QApplication::font(), TypeSize::Legend, QFont::DemiBold));
    const QFontMetrics ids(m_table->font());
    int widest = metrics.horizontalAdvance(QStringLiteral("0000000"));
    for (int row = 0; row < m_model->rowCount(); ++row) {
        widest = std::max(widest, ids.horizontalAdvance(m_model->index(row, ScoreModel::Id).data().toString().left(40)));
    }
    const int most = metrics.horizontalAdvance(full ? QStringLiteral("0000000000000000") : QStringLiteral("0000000000"));
    m_table->setColumnWidth(ScoreModel::Id, std::min(widest, most) + 16);
    for (const int column : { int(ScoreModel::Authority), int(ScoreModel::Entropy), int(ScoreModel::Weight) }) {
        const QString name = ScoreModel::nameOf(column, full ? ScoreModel::Words::Long : ScoreModel::Words::Short);
        m_table->setColumnWidth(column, metrics.horizontalAdvance(name + QStringLiteral(" ↑")) + 16);
    }
}

QWidget* ScorePanel::makeFilter()
{
    setUpSearch(*m_search, "scoreSearch", tr("Id, title or words in the text…"), tr("Find documents"));
    m_class->setObjectName(QStringLiteral("scoreClass"));
    m_class->setAccessibleName(tr("Source class"));
    m_class->addItem(tr("All classes"), QString());
    m_weight->setObjectName(QStringLiteral("scoreWeight"));
    m_weight->setAccessibleName(tr("Weight"));
    m_weight->addItems({ tr("Any weight"), tr("2 and more"), tr("1 to 2"), tr("0.25 to 1"), tr("under 0.25") });
    m_rows->setAlignment(Qt::AlignRight);
    auto* filter = new QWidget(this);
    auto* line = new QHBoxLayout(filter);
    line->setContentsMargins(kCardPadding, kGrid, kCardPadding, kGrid);
    line->setSpacing(kGrid);
    line->addWidget(m_search, 2);
    line->addWidget(m_class);
    line->addWidget(m_weight);
    line->addWidget(m_rows, 1);
    line->addWidget(m_before);
    line->addWidget(m_after);
    return filter;
}

QWidget* ScorePanel::makeScatter()
{
    auto* title = new TextLabel;
    title->setSpans({ { tr("Authority against entropy   "), Ink::Value, QFont::DemiBold }, { tr("larger = more weight; grey lines = equal weight"), Ink::Unit } });
    auto* column = new QVBoxLayout(m_scatterCard);
    column->setContentsMargins(kCardPadding, kGrid, kGrid, kGrid);
    column->setSpacing(2);
    column->addWidget(title);
    column->addWidget(m_scatterNote);
    column->addWidget(m_scatter, 1);
    m_scatterNote->setText(m_scatter->note(), Ink::Unit);
    return m_scatterCard;
}

void ScorePanel::connectParts()
{
    connect(&m_typing, &QTimer::timeout, this, [this] { ask(0); });
    connect(m_search, &QLineEdit::textChanged, &m_typing, qOverload<>(&QTimer::start));
    connect(m_class, &QComboBox::activated, this, [this](int index) {
        const QString word = m_class->itemData(index).toString();
        m_scatter->setOnlySource(word.isEmpty() ? std::nullopt : std::optional(dubito::metrics::sourcePlace(format::utf8(word))));
        ask(0);
    });
    connect(m_weight, &QComboBox::activated, this, [this] { ask(0); });
    connect(m_before, &QPushButton::clicked, this, [this] { ask(std::max<std::int64_t>(0, m_first - kPage)); });
    connect(m_after, &QPushButton::clicked, this, [this] { ask(m_first + kPage); });
    connect(m_table->horizontalHeader(), &QHeaderView::sectionClicked, this, &ScorePanel::sortBy);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &ScorePanel::explain);
    connect(m_scatter, &ScatterView::documentChosen, this, [this](const QString& id) {
        m_wanted = id;
        chooseWanted();
        if (!m_wanted.isEmpty()) {
            ask(m_first, id);
        }
    });
    connect(m_scatter, &ScatterView::noteChanged, this, [this] { m_scatterNote->setText(m_scatter->note(), Ink::Unit); });
}

void ScorePanel::setShape(Shape shape)
{
    if (shape != m_shape) {
        m_shape = shape;
        layOut();
    }
}

void ScorePanel::layOut()
{
    const bool full = m_shape == Shape::Full;
    const int gap = full ? kGrid : 0;
    layout()->setContentsMargins(gap, gap, gap, gap);
    static_cast<QVBoxLayout*>(layout())->setSpacing(gap);
    m_body->setDirection(full ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom);
    m_body->setSpacing(gap);
    m_strip->setVisible(full);
    m_scatterCard->setVisible(full);
    m_class->setVisible(full);
    m_weight->setVisible(full);
    for (QFrame* card : { m_scatterCard, m_list, static_cast<QFrame*>(m_card) }) {
        card->setProperty("card", full ? QStringLiteral("true") : QString());
        card->setProperty("line", !full && card == m_card ? QStringLiteral("top") : QString());
        card->style()->unpolish(card);
        card->style()->polish(card);
        QEvent changed(QEvent::StyleChange); // only this tells a frame how wide its border has become
        QApplication::sendEvent(card, &changed);
    }
    m_table->setColumnHidden(ScoreModel::Source, !full);
    m_table->setColumnHidden(ScoreModel::Year, !full);
    m_model->setWords(full ? ScoreModel::Words::Long : ScoreModel::Words::Short);
    fitIds();
    setProperty("ground", full ? QStringLiteral("window") : QString());
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

void ScorePanel::ask(std::int64_t first, const QString& holding)
{
    m_asked = true;
    const auto [from, below] = kWeights[static_cast<std::size_t>(std::max(0, m_weight->currentIndex()))];
    emit commandWanted(session::ShowDocuments { .filter = format::utf8(m_search->text().trimmed()),
        .first = first,
        .holding = format::utf8(holding),
        .order = m_order,
        .direction = m_direction,
        .sourceClass = format::utf8(m_class->currentData().toString()),
        .weightFrom = from,
        .weightBelow = below,
        .cause = session::Cause::User });
}

void ScorePanel::sortBy(int column)
{
    using session::Direction;
    const auto order = ScoreModel::orderOf(column);
    const bool isSame = order == m_order;
    m_order = isSame && m_direction == Direction::Descending ? session::DocumentOrder::Corpus : order;
    m_direction = isSame && m_direction == Direction::Ascending ? Direction::Descending : Direction::Ascending;
    ask(0);
}

void ScorePanel::fillClasses(const session::Snapshot& snapshot)
{
    if (snapshot.corpus == m_facts.corpus) {
        return;
    }
    m_scatter->setCorpus(snapshot.corpus);
    m_class->clear();
    m_class->addItem(tr("All classes"), QString());
    for (const auto& share : snapshot.corpus ? snapshot.corpus->sources : std::vector<session::SourceShare> {}) {
        const auto word = dubito::metrics::kSourceWords[std::min(share.source, dubito::metrics::kSourceWords.size() - 1)];
        m_class->addItem(sourceWord(std::string(word)), format::text(word));
    }
}

void ScorePanel::display(const session::Snapshot& snapshot)
{
    m_strip->display(snapshot);
    fillClasses(snapshot);
    m_facts.corpus = snapshot.corpus;
    m_facts.config = snapshot.config;
    const auto& page = snapshot.documents;
    if (m_model->display(page) == ScoreModel::Change::Page) {
        fitIds();
    }
    m_first = page.first;
    m_matching = page.matching;
    const auto shown = static_cast<std::int64_t>(page.documents.size());
    m_rows->setText(shown == 0 ? tr("no documents") : tr("%1 … %2 of %3").arg(format::count(m_first + 1), format::count(m_first + shown), format::count(m_matching)), Ink::Unit);
    m_before->setEnabled(m_first > 0);
    const bool isSorted = page.order != session::DocumentOrder::Corpus;
    m_after->setEnabled(m_first + shown < (isSorted ? std::min(m_matching, session::kSortedReach) : m_matching));
    chooseWanted();
    if (shown > 0 && !m_table->currentIndex().isValid()) {
        m_table->setCurrentIndex(m_model->index(0, 0));
    }
    if (shown == 0) {
        explain();
    }
}

/// The document that was chosen in the scatter, as soon as its page is here.
void ScorePanel::chooseWanted()
{
    for (int row = 0; !m_wanted.isEmpty() && row < m_model->rowCount(); ++row) {
        if (format::text(m_model->document(row)->id) == m_wanted) {
            m_wanted.clear();
            m_table->setCurrentIndex(m_model->index(row, 0));
            m_table->scrollTo(m_model->index(row, 0));
        }
    }
}

void ScorePanel::explain()
{
    const session::ScoredDocument* document = m_model->document(m_table->currentIndex().row());
    m_card->setDocument(document, m_facts);
    if (document != nullptr && !document->hasWeightOne) {
        m_scatter->setChosen(dotOf(*document));
    } else {
        m_scatter->clearChosen();
    }
}

} // namespace dubito::ui
