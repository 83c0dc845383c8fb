// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/NewRunDialog.h"

#include "ui/Format.h"
#include "ui/TextLabel.h"

#include <QApplication>
#include <QComboBox>
#include <QFileDialog>
#include <QFrame>
#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace dubito::ui {

namespace {

constexpr int kTypingMilliseconds = 300;
constexpr int kLookMilliseconds = 30;
constexpr qsizetype kLongest = 200;

QString shortText(std::string_view words) { return format::text(words).left(kLongest).simplified(); }

} // namespace

NewRunDialog::NewRunDialog(const std::shared_ptr<const config::Config>& config, QWidget* parent)
    : QDialog(parent)
    , m_base(*config)
{
    setObjectName(QStringLiteral("newRunDialog"));
    setWindowTitle(tr("New run"));
    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(kGrid);
    grid->setVerticalSpacing(kGrid);
    m_model = addPath(*grid, 0, tr("&Model"), "newRunModel");
    m_data = addPath(*grid, 1, tr("&Data"), "newRunData");
    m_model.text->setPlaceholderText(tr("the shipped tiny model"));
    m_data.text->setPlaceholderText(tr("the shipped sample corpus"));
    m_model.text->setText(format::text(config->model.path));
    m_data.text->setText(format::text(config->data.path));
    addProfiles(*grid, 2);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(2 * kGrid, 2 * kGrid, 2 * kGrid, 2 * kGrid);
    column->setSpacing(2 * kGrid);
    column->addLayout(grid);
    column->addWidget(makeResult());
    column->addWidget(makeButtons());
    setMinimumWidth(scaledPixels(QApplication::font(), 620));
    m_soon.setSingleShot(true);
    m_soon.setInterval(kTypingMilliseconds);
    m_look.setInterval(kLookMilliseconds);
    connect(&m_soon, &QTimer::timeout, this, &NewRunDialog::plan);
    connect(&m_look, &QTimer::timeout, this, &NewRunDialog::look);
    connect(m_model.browse, &QPushButton::clicked, this, &NewRunDialog::chooseModel);
    connect(m_data.browse, &QPushButton::clicked, this, &NewRunDialog::chooseData);
    plan();
}

NewRunDialog::~NewRunDialog() = default;

NewRunDialog::PathField NewRunDialog::addPath(QGridLayout& grid, int row, const QString& label, const char* name)
{
    PathField field { new QLineEdit(this), new QPushButton(row == 0 ? tr("Choose m&odel…") : tr("Choose d&ata…"), this) };
    field.text->setObjectName(QLatin1String(name));
    field.browse->setObjectName(QLatin1String(name) + QStringLiteral("Choose"));
    field.browse->setAutoDefault(false);
    auto* words = new QLabel(label, this);
    words->setBuddy(field.text);
    grid.addWidget(words, row, 0);
    grid.addWidget(field.text, row, 1);
    grid.addWidget(field.browse, row, 2);
    grid.setColumnStretch(1, 1);
    connect(field.text, &QLineEdit::textChanged, this, &NewRunDialog::planSoon);
    return field;
}

void NewRunDialog::addProfiles(QGridLayout& grid, int row)
{
    m_profile = new QComboBox(this);
    m_profile->setObjectName(QStringLiteral("newRunProfile"));
    m_profile->addItem(tr("none: as configured"));
    for (const std::string& name : session::profileNames()) {
        m_profile->addItem(shortText(name), format::text(name));
    }
    auto* words = new QLabel(tr("Hardware &profile"), this);
    words->setBuddy(m_profile);
    grid.addWidget(words, row, 0);
    grid.addWidget(m_profile, row, 1, 1, 2);
    connect(m_profile, &QComboBox::currentIndexChanged, this, &NewRunDialog::plan);
}

QWidget* NewRunDialog::makeResult()
{
    auto* card = new QFrame(this);
    card->setProperty("card", QStringLiteral("true"));
    auto* grid = new QGridLayout(card);
    grid->setContentsMargins(2 * kGrid, kCardPadding, 2 * kGrid, kCardPadding);
    grid->setHorizontalSpacing(kGrid);
    grid->setVerticalSpacing(4);
    m_symbol = new SymbolLabel(18, card);
    m_verdict = new TextLabel(TypeSize::Title, card);
    m_verdict->setObjectName(QStringLiteral("newRunVerdict"));
    for (QLabel** words : { &m_reason, &m_facts }) { // of several lines, plain, whatever they hold
        *words = new QLabel(card);
        (*words)->setTextFormat(Qt::PlainText);
        (*words)->setWordWrap(true);
        (*words)->setFont(typeFont(QApplication::font(), TypeSize::Legend));
        (*words)->setProperty("tone", QStringLiteral("2"));
    }
    m_facts->setObjectName(QStringLiteral("newRunFacts"));
    grid->addWidget(m_symbol, 0, 0);
    grid->addWidget(m_verdict, 0, 1, 1, 2);
    grid->addWidget(m_reason, 1, 1, 1, 2);
    grid->addWidget(m_facts, 2, 1, 1, 2);
    grid->setRowMinimumHeight(3, kGrid);
    for (std::size_t i = 0; i < m_bytes.size(); ++i) {
        const bool isPeak = i + 1 == m_bytes.size();
        auto* name = new TextLabel(TypeSize::Legend, card);
        name->setText(i < kCategoryCount ? shortText(kCategoryWords[i]) : isPeak ? tr("peak") : tr("the program beside its tensors"), Ink::Label,
            isPeak ? QFont::DemiBold : QFont::Normal);
        m_bytes[i] = new TextLabel(TypeSize::Legend, card);
        m_bytes[i]->setAlignment(Qt::AlignRight);
        grid->addWidget(name, static_cast<int>(i) + 4, 1);
        grid->addWidget(m_bytes[i], static_cast<int>(i) + 4, 2);
    }
    m_bytes.back()->setObjectName(QStringLiteral("newRunPeak"));
    grid->setColumnStretch(1, 1);
    return card;
}

QWidget* NewRunDialog::makeButtons()
{
    auto* row = new QWidget(this);
    auto* line = new QHBoxLayout(row);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(kGrid);
    m_take = new QPushButton(tr("&Take what would fit"), row);
    m_take->setObjectName(QStringLiteral("newRunTake"));
    m_take->setVisible(false);
    auto* cancel = new QPushButton(tr("&Cancel"), row);
    cancel->setObjectName(QStringLiteral("newRunCancel"));
    m_start = new QPushButton(tr("&Start the run"), row);
    m_start->setObjectName(QStringLiteral("newRunStart"));
    m_start->setProperty("primary", QStringLiteral("true"));
    m_start->setDefault(true);
    line->addWidget(m_take);
    line->addStretch();
    line->addWidget(cancel);
    line->addWidget(m_start);
    for (QPushButton* button : { m_take, cancel }) {
        button->setAutoDefault(false);
    }
    connect(m_take, &QPushButton::clicked, this, &NewRunDialog::takeSuggestion);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_start, &QPushButton::clicked, this, &NewRunDialog::start);
    return row;
}

void NewRunDialog::chooseModel()
{
    const QString path = QFileDialog::getExistingDirectory(this, tr("Choose a model folder"), m_model.text->text());
    if (!path.isEmpty()) {
        m_model.text->setText(path);
    }
}

void NewRunDialog::chooseData()
{
    const QString path = QFileDialog::getOpenFileName(this, tr("Choose a corpus"), m_data.text->text(), tr("JSON lines (*.jsonl *.ndjson *.json);;All files (*)"));
    if (!path.isEmpty()) {
        m_data.text->setText(path);
    }
}

void NewRunDialog::planSoon()
{
    m_start->setEnabled(false); // what stands there is of other fields
    m_soon.start();
}

/// One plan at a time: what changes meanwhile is planned when it is done, so that nothing is waited for.
void NewRunDialog::plan()
{
    m_soon.stop();
    m_start->setEnabled(false);
    if (m_planner) {
        m_isStale = true;
        return;
    }
    m_isStale = false;
    m_planner = std::make_unique<session::RunPlanner>(session::RunWish { .base = m_base,
        .model = format::utf8(m_model.text->text().trimmed()),
        .data = format::utf8(m_data.text->text().trimmed()),
        .profile = format::utf8(m_profile->currentData().toString()) });
    m_symbol->setSymbol(Symbol::Pending, Tone::Quiet);
    m_verdict->setText(tr("Looks at it…"), Ink::Label);
    m_look.start();
}

void NewRunDialog::look()
{
    if (!m_planner || !m_planner->isDone()) {
        return;
    }
    m_look.stop();
    auto planned = m_planner->take();
    m_planner.reset();
    if (m_isStale) {
        plan();
    } else if (planned) {
        m_planned = std::move(*planned);
        tell(*m_planned);
    } else {
        showProblem(planned.error());
    }
}

void NewRunDialog::tell(const session::PlannedRun& planned)
{
    const bool fits = planned.fits();
    m_symbol->setSymbol(fits ? Symbol::Tick : Symbol::Warn, fits ? Tone::Healthy : Tone::Warn);
    m_verdict->setText(fits ? tr("It fits: %1 of %2").arg(format::bytes(planned.plan.peakBytes()), format::bytes(planned.allowance.bytes))
                            : tr("It does not fit: %1 of %2").arg(format::bytes(planned.plan.peakBytes()), format::bytes(planned.allowance.bytes)),
        fits ? Ink::Value : Ink::Warn, QFont::DemiBold);
    m_reason->setText(format::sentence(shortText(planned.allowance.reason)));
    m_facts->setText(tr("Model: %1. Corpus: %2.").arg(shortText(planned.model), shortText(planned.corpus)));
    showCategories(&planned);
    makeRoom();
    const bool canTake = !planned.suggestions.empty();
    m_take->setVisible(canTake);
    if (canTake) {
        const auto& gentlest = planned.suggestions.front();
        m_take->setToolTip(format::tip(tr("%1: %2 at its peak, and the same gradients").arg(shortText(gentlest.flags), format::bytes(gentlest.peakBytes))));
    }
    m_start->setText(fits ? tr("&Start the run") : tr("&Start it all the same"));
    m_start->setEnabled(true);
}

void NewRunDialog::showProblem(const Error& problem)
{
    m_planned.reset();
    m_symbol->setSymbol(Symbol::Cross, Tone::Failed);
    m_verdict->setText(tr("This will not do"), Ink::Failed, QFont::DemiBold);
    m_reason->setText(format::sentence(shortText(toText(problem))));
    m_facts->setText({});
    showCategories(nullptr);
    makeRoom();
    m_take->setVisible(false);
    m_start->setEnabled(false);
}

/// Words of several lines need a dialog that is higher; a layout gives them one only when it is told.
void NewRunDialog::makeRoom()
{
    m_facts->parentWidget()->layout()->activate(); // tells the layout around it
    layout()->activate();
    const int wanted = layout()->hasHeightForWidth() ? layout()->totalHeightForWidth(width()) : layout()->sizeHint().height();
    if (wanted > height()) {
        resize(width(), wanted);
    }
}

void NewRunDialog::showCategories(const session::PlannedRun* planned)
{
    const QString dash(format::kDash);
    const auto bytes = planned != nullptr ? planned->plan.byCategory() : decltype(planned->plan.byCategory()) {};
    for (std::size_t i = 0; i < kCategoryCount; ++i) {
        m_bytes[i]->setText(planned != nullptr ? format::bytes(bytes[i]) : dash);
    }
    m_bytes[kCategoryCount]->setText(planned != nullptr ? format::bytes(planned->plan.programBytes) : dash);
    m_bytes.back()->setText(planned != nullptr ? format::bytes(planned->plan.peakBytes()) : dash, Ink::Value, QFont::DemiBold);
}

/// The profile has said its word in it already, so it is not laid over again.
void NewRunDialog::takeSuggestion()
{
    if (!m_planned || m_planned->suggestions.empty()) {
        return;
    }
    m_base = m_planned->suggestions.front().config;
    const QSignalBlocker quiet(m_profile);
    m_profile->setCurrentIndex(0);
    plan();
}

void NewRunDialog::start()
{
    if (!m_planned) {
        return;
    }
    emit commandWanted(session::ApplyConfig { std::make_shared<const config::Config>(m_planned->config), session::Cause::User });
    emit commandWanted(session::Start {});
    accept();
}

} // namespace dubito::ui
