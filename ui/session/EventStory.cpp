// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/EventStory.h"

#include "ui/Format.h"
#include "ui/Theme.h"

#include <QApplication>
#include <QCoreApplication>
#include <QPainter>
#include <QStringList>

#include <algorithm>
#include <array>
#include <cmath>

namespace dubito::ui {

namespace {

constexpr std::size_t kMostBars = 10;

struct NumberWord {
    const char* key;
    const char* label;
    const char* unit;
    int decimals;
};

constexpr std::array kNumberWords {
    NumberWord { "before_mb", QT_TRANSLATE_NOOP("EventStory", "before"), "MiB", 0 },
    NumberWord { "after_mb", QT_TRANSLATE_NOOP("EventStory", "after"), "MiB", 0 },
    NumberWord { "recovered_mb", QT_TRANSLATE_NOOP("EventStory", "gave back"), "MiB", 0 },
    NumberWord { "used_mb", QT_TRANSLATE_NOOP("EventStory", "Dubito holds"), "MiB", 0 },
    NumberWord { "rss_mb", QT_TRANSLATE_NOOP("EventStory", "RSS"), "MiB", 0 },
    NumberWord { "size_mb", QT_TRANSLATE_NOOP("EventStory", "size"), "MiB", 0 },
    NumberWord { "seconds", QT_TRANSLATE_NOOP("EventStory", "took"), "s", 1 },
    NumberWord { "mb_per_step", QT_TRANSLATE_NOOP("EventStory", "grows by"), "MB/step", 2 },
    NumberWord { "low", QT_TRANSLATE_NOOP("EventStory", "at least"), "MB/step", 2 },
    NumberWord { "high", QT_TRANSLATE_NOOP("EventStory", "at most"), "MB/step", 2 },
    NumberWord { "limit_mb_per_step", QT_TRANSLATE_NOOP("EventStory", "limit"), "MB/step", 2 },
    NumberWord { "available_mb", QT_TRANSLATE_NOOP("EventStory", "the machine had"), "MiB free", 0 },
    NumberWord { "steps_lost", QT_TRANSLATE_NOOP("EventStory", "steps lost"), "", 0 },
};

std::pair<QString, QString> told(const std::pair<std::string, double>& number)
{
    const auto word = std::ranges::find_if(kNumberWords, [&](const NumberWord& row) { return number.first == row.key; });
    if (word == kNumberWords.end()) {
        return { format::text(number.first).left(60).replace(QLatin1Char('_'), QLatin1Char(' ')), format::compact(number.second) };
    }
    return { QCoreApplication::translate("EventStory", word->label),
        QStringLiteral("%1 %2").arg(format::decimal(number.second, word->decimals), QLatin1String(word->unit)).trimmed() };
}

QFont rowFont(QFont::Weight weight = QFont::Normal) { return typeFont(QApplication::font(), TypeSize::Legend, weight); }

/// Who grows, spelled as the charts spell it.
QString nameOf(const memory::Growth& one) { return one.who == "rss" ? QStringLiteral("RSS") : format::text(one.who).left(40); }

int rowHeight() { return QFontMetrics(rowFont(QFont::DemiBold)).height() + 5; }

} // namespace

std::vector<std::pair<QString, QString>> storyOf(const session::Event& event)
{
    std::vector<std::pair<QString, QString>> story;
    if (!event.cause.empty()) {
        story.emplace_back(QCoreApplication::translate("EventStory", "cause"), format::text(event.cause).left(200));
    }
    for (const auto& number : event.numbers) {
        story.push_back(told(number));
    }
    story.emplace_back(QCoreApplication::translate("EventStory", "into the run"), format::duration(event.time));
    return story;
}

GrowthBars::GrowthBars(QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("growthBars"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void GrowthBars::setGrowth(const std::vector<memory::Growth>& growth, double limit)
{
    m_growth = growth;
    std::ranges::stable_sort(m_growth, std::ranges::greater {},
        [](const memory::Growth& one) { return std::isfinite(one.mbPerStep) ? one.mbPerStep : -1e300; });
    if (m_growth.size() > kMostBars) {
        m_growth.resize(kMostBars);
    }
    m_limit = limit;
    QStringList said;
    for (const auto& one : m_growth) {
        said << QStringLiteral("%1 %2").arg(nameOf(one), format::decimal(one.mbPerStep, 2));
    }
    setAccessibleName(tr("Who grows, in MB per step: %1").arg(said.join(QStringLiteral(", "))));
    updateGeometry();
    QWidget::update();
}

QSize GrowthBars::sizeHint() const { return { 240, (static_cast<int>(m_growth.size()) + (m_limit > 0 ? 1 : 0)) * rowHeight() }; }

QSize GrowthBars::minimumSizeHint() const { return { 160, sizeHint().height() }; }

void GrowthBars::paintEvent(QPaintEvent*)
{
    const Theme& theme = themeOf(palette());
    QPainter painter(this);
    const QFontMetrics metrics(rowFont(QFont::DemiBold));
    const int names = metrics.horizontalAdvance(QStringLiteral("activations")) + 2 * kGrid;
    const int values = metrics.horizontalAdvance(QStringLiteral("0000.00"));
    const int room = std::max(10, width() - names - values - kGrid);
    double most = m_limit;
    for (const auto& one : m_growth) {
        most = std::isfinite(one.mbPerStep) ? std::max(most, one.mbPerStep) : most;
    }
    const double scale = most > 0 ? room / (most * 1.15) : 0.0;
    int top = 0;
    for (const auto& one : m_growth) {
        const bool over = m_limit > 0 && one.mbPerStep >= m_limit;
        painter.setFont(rowFont(over ? QFont::DemiBold : QFont::Normal));
        painter.setPen(over ? theme.text1 : theme.text2);
        const QFontMetrics line(painter.font());
        painter.drawText(QRect(0, top, names - kGrid, rowHeight()), Qt::AlignVCenter,
            line.elidedText(nameOf(one), Qt::ElideRight, names - kGrid));
        painter.drawText(QRect(width() - values, top, values, rowHeight()), Qt::AlignVCenter | Qt::AlignRight,
            format::decimal(one.mbPerStep, 2));
        const double grows = std::isfinite(one.mbPerStep) ? std::max(0.0, one.mbPerStep) : most;
        painter.fillRect(QRectF(names, top + 4.0, std::max(2.0, grows * scale), rowHeight() - 9.0),
            over ? theme.failed : theme.greys[1]);
        top += rowHeight();
    }
    if (m_limit > 0) {
        const double x = names + m_limit * scale;
        painter.setPen(QPen(theme.failedText, 1.2, Qt::DashLine));
        painter.drawLine(QPointF(x, 0), QPointF(x, top + 2));
        painter.setFont(typeFont(QApplication::font(), TypeSize::Unit));
        const QString limit = tr("act at %1").arg(format::decimal(m_limit, 1));
        const int wide = QFontMetrics(painter.font()).horizontalAdvance(limit) + 2;
        const double left = std::clamp(x - wide / 2.0, 0.0, std::max(0.0, static_cast<double>(width() - wide)));
        painter.drawText(QRectF(left, top + 2, wide, rowHeight()), Qt::AlignTop | Qt::AlignLeft, limit);
    }
}

} // namespace dubito::ui
