// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/provenance/CorpusStrip.h"

#include "ui/Format.h"
#include "ui/Symbol.h"
#include "ui/TextLabel.h"
#include "ui/provenance/SourceLook.h"

#include <QApplication>
#include <QFrame>
#include <QHBoxLayout>
#include <QPainter>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace dubito::ui {

namespace {

QFont keyFont() { return typeFont(QApplication::font(), TypeSize::Legend); }

int barHeight() { return QFontMetrics(keyFont()).height() + 2; }

constexpr int kEntryGap = 18;

int entryWidth(const SourceLook& look) { return 16 + QFontMetrics(keyFont()).horizontalAdvance(look.word) + kEntryGap; }

QString more(std::size_t classes) { return ShareBars::tr("%1 more").arg(classes); }

} // namespace

ShareBars::ShareBars(QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("shareBars"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void ShareBars::setCorpus(std::shared_ptr<const session::CorpusOverview> corpus)
{
    m_corpus = std::move(corpus);
    QStringList said;
    for (const auto& share : m_corpus ? m_corpus->sources : std::vector<session::SourceShare> {}) {
        said << tr("%1: %2 of the documents, %3 of the gradient")
                    .arg(sourceLook(share.source, themeOf(palette())).word, format::percent(share.ofDocuments), format::percent(share.ofGradient));
    }
    setAccessibleName(tr("Shares of the source classes. %1").arg(said.join(QStringLiteral("; "))));
    setToolTip(format::tip(said.join(QLatin1Char('\n'))));
    QWidget::update();
}

QSize ShareBars::sizeHint() const { return { 560, 3 * barHeight() + 12 }; }

/// All classes if they fit, else as many as leave room for the number of the others.
std::size_t ShareBars::inKey() const
{
    const Theme& theme = themeOf(palette());
    const auto& sources = m_corpus->sources;
    const int number = QFontMetrics(keyFont()).horizontalAdvance(more(sources.size()));
    int x = 0;
    std::size_t fit = 0;
    for (std::size_t i = 0; i < sources.size(); ++i) {
        x += entryWidth(sourceLook(sources[i].source, theme));
        if (x > width() + kEntryGap) {
            return fit;
        }
        fit = x + number <= width() ? i + 1 : fit;
    }
    return sources.size();
}

int ShareBars::missingInKey() const { return m_corpus ? static_cast<int>(m_corpus->sources.size() - inKey()) : 0; }

/// Markers and words of the classes, as many as fit.
int ShareBars::paintKey(QPainter& painter) const
{
    const Theme& theme = themeOf(palette());
    const QFontMetrics metrics(keyFont());
    painter.setFont(keyFont());
    int x = 0;
    const std::size_t shown = inKey();
    for (std::size_t i = 0; i < shown; ++i) {
        const SourceLook look = sourceLook(m_corpus->sources[i].source, theme);
        const int wide = entryWidth(look);
        painter.setRenderHint(QPainter::Antialiasing);
        paintMarker(painter, look.marker, QPointF(x + 6, metrics.height() / 2.0 + 1), 10, look.color);
        painter.setPen(theme.text1);
        painter.drawText(QRect(x + 16, 0, wide, metrics.height() + 2), Qt::AlignLeft | Qt::AlignVCenter, look.word);
        x += wide;
    }
    if (const std::size_t missing = m_corpus->sources.size() - shown; missing > 0) {
        painter.setPen(theme.text2);
        painter.drawText(QRect(x, 0, width() - x, metrics.height() + 2), Qt::AlignLeft | Qt::AlignVCenter, more(missing));
    }
    return metrics.height() + 6;
}

void ShareBars::paintBar(QPainter& painter, const QRect& where, double session::SourceShare::* member) const
{
    const Theme& theme = themeOf(palette());
    const QFontMetrics metrics(painter.font());
    double sum = 0;
    for (const auto& share : m_corpus->sources) {
        const double from = where.left() + std::clamp(sum, 0.0, 1.0) * where.width();
        sum += std::isfinite(share.*member) ? share.*member : 0.0;
        const double to = where.left() + std::clamp(sum, 0.0, 1.0) * where.width();
        const QColor color = sourceLook(share.source, theme).color;
        QColor fill = color;
        fill.setAlphaF(0.34F);
        const QRectF box(from, where.top(), to - from, where.height());
        painter.fillRect(box, fill);
        painter.setPen(QPen(color, 1));
        painter.setBrush(Qt::NoBrush);
        painter.setRenderHint(QPainter::Antialiasing, false);
        painter.drawRect(box.adjusted(0, 0, -1, -1));
        const QString text = format::decimal(share.*member * 100, 0);
        if (metrics.horizontalAdvance(text) + 6 < box.width()) {
            painter.setPen(theme.text1);
            painter.drawText(box, Qt::AlignCenter, text);
        }
    }
}

void ShareBars::paintEvent(QPaintEvent*)
{
    if (!m_corpus || m_corpus->sources.empty()) {
        return;
    }
    const Theme& theme = themeOf(palette());
    QPainter painter(this);
    int top = paintKey(painter);
    const QFontMetrics metrics(keyFont());
    const std::array<std::pair<QString, double session::SourceShare::*>, 2> rows { { { tr("of documents, %"), &session::SourceShare::ofDocuments },
        { tr("of gradient, %"), &session::SourceShare::ofGradient } } };
    const int names = std::max(metrics.horizontalAdvance(rows[0].first), metrics.horizontalAdvance(rows[1].first)) + 12;
    for (const auto& [name, member] : rows) {
        painter.setPen(theme.text2);
        painter.drawText(QRect(0, top, names, barHeight()), Qt::AlignLeft | Qt::AlignVCenter, name);
        paintBar(painter, QRect(names, top, width() - names - 1, barHeight()), member);
        top += barHeight() + 3;
    }
}

ShareGauge::ShareGauge(QWidget* parent) : QWidget(parent) { setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed); }

void ShareGauge::setShare(double share, double warnBelow)
{
    m_share = std::isfinite(share) ? std::clamp(share, 0.0, 1.0) : 0.0;
    m_warn = std::isfinite(warnBelow) ? std::clamp(warnBelow, 0.0, 1.0) : 0.0;
    QWidget::update();
}

QSize ShareGauge::sizeHint() const { return QSize(1, 0) * scaledPixels(QApplication::font(), 110) + QSize(0, 1) * scaledPixels(QApplication::font(), 14); }

void ShareGauge::paintEvent(QPaintEvent*)
{
    const Theme& theme = themeOf(palette());
    QPainter painter(this);
    const QRectF box = QRectF(rect()).adjusted(0.5, height() / 2.0 - 4, -0.5, -(height() / 2.0 - 4));
    painter.fillRect(QRectF(box.left(), box.top(), box.width() * m_share, box.height()), m_share < m_warn ? theme.warn : theme.accent);
    painter.setPen(QPen(theme.strongBorder, 1));
    painter.drawRect(box);
    if (m_warn > 0) {
        painter.fillRect(QRectF(box.left() + box.width() * m_warn - 1, box.top() - 3, 2, box.height() + 6), theme.warn);
    }
}

CorpusStrip::CorpusStrip(QWidget* parent) : Panel(parent), m_gauge(new ShareGauge), m_bars(new ShareBars), m_frame(new QFrame)
{
    setObjectName(QStringLiteral("corpusStrip"));
    m_frame->setProperty("card", QStringLiteral("true"));
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->addWidget(m_frame);
    auto* line = new QHBoxLayout(m_frame);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(0);
    m_cells = { addCell(tr("Documents"), 2), addCell(tr("Without labels"), 2), addCell(tr("Effective sample size"), 3, m_gauge) };
    auto* bars = new QVBoxLayout;
    bars->setContentsMargins(2 * kGrid, kGrid, 2 * kGrid, kGrid);
    bars->addWidget(m_bars);
    line->addLayout(bars, 9);
    display({});
}

CorpusStrip::Cell CorpusStrip::addCell(const QString& name, int stretch, QWidget* beside)
{
    Cell cell { new TextLabel(TypeSize::Unit), new TextLabel(TypeSize::Answer), new TextLabel(TypeSize::Unit) };
    cell.name->setText(name, Ink::Unit);
    auto* frame = new QFrame;
    frame->setProperty("line", QStringLiteral("right"));
    auto* column = new QVBoxLayout(frame);
    column->setContentsMargins(2 * kGrid, kGrid, kCardPadding, kGrid);
    column->setSpacing(2);
    column->addWidget(cell.name);
    auto* figure = new QHBoxLayout;
    figure->setSpacing(kGrid);
    figure->addWidget(cell.figure);
    if (beside != nullptr) {
        figure->addWidget(beside, 1);
    }
    column->addLayout(figure);
    column->addWidget(cell.help);
    static_cast<QHBoxLayout*>(m_frame->layout())->addWidget(frame, stretch);
    return cell;
}

void CorpusStrip::display(const session::Snapshot& snapshot)
{
    const auto& corpus = snapshot.corpus;
    if (corpus == m_corpus && corpus) {
        return; // it never changes once it is there
    }
    m_corpus = corpus;
    m_bars->setCorpus(corpus);
    m_gauge->setVisible(corpus != nullptr);
    const auto say = [](const Cell& cell, const QString& figure, const QString& help, Ink ink = Ink::Unit) {
        cell.figure->setText(figure, Ink::Value, QFont::DemiBold);
        cell.help->setText(help, ink);
    };
    if (!corpus) {
        for (const Cell& cell : m_cells) {
            say(cell, QString(format::kDash), tr("no corpus was read yet"));
        }
        return;
    }
    QStringList skipped;
    for (const auto& line : corpus->firstSkipped) {
        skipped << format::text(line).left(200);
    }
    say(m_cells[0], format::count(corpus->documents),
        corpus->skippedLines > 0 ? tr("%1 lines skipped").arg(format::count(corpus->skippedLines)) : tr("no line skipped"),
        corpus->skippedLines > 0 ? Ink::Warn : Ink::Unit);
    m_cells[0].figure->parentWidget()->setToolTip(format::tip(skipped.join(QLatin1Char('\n'))));
    say(m_cells[1], format::count(corpus->withoutLabels),
        corpus->withoutLabels == 0 ? tr("every line has its own") : corpus->scored > 0 ? tr("policy: score them") : tr("policy: weight 1"));
    const double ess = corpus->effectiveSampleShare;
    const auto counts = static_cast<std::int64_t>(std::llround(ess * static_cast<double>(corpus->documents)));
    say(m_cells[2], format::percent(ess),
        tr("%1 of %2; warns under %3").arg(format::count(counts), format::count(corpus->documents), format::percent(corpus->essWarning)),
        ess < corpus->essWarning ? Ink::Warn : Ink::Unit);
    m_gauge->setShare(ess, corpus->essWarning);
}

} // namespace dubito::ui
