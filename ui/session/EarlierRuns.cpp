// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/EarlierRuns.h"

#include "ui/Symbol.h"
#include "ui/Theme.h"

#include <QApplication>
#include <QDateTime>
#include <QDir>
#include <QFileInfo>
#include <QFontMetrics>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QVBoxLayout>

namespace dubito::ui {

namespace {

constexpr int kWidestName = 220; ///< pixels at the base size of type
constexpr int kInButton = 13; ///< border and padding beside the words of a button: they begin where those of other cards do

/// "today 05:46", "21 November 05:46": when a run was worked on last.
QString whenOf(const QFileInfo& folder)
{
    const QDateTime when = folder.lastModified();
    const bool isToday = when.date() == QDate::currentDate();
    const QString time = QLocale().toString(when.time(), QStringLiteral("HH:mm"));
    return isToday ? EarlierRuns::tr("today %1").arg(time) : QLocale().toString(when.date(), QStringLiteral("d MMMM yyyy")) + QLatin1Char(' ') + time;
}

} // namespace

EarlierRuns::EarlierRuns(QWidget* parent) : QFrame(parent), m_rows(new QVBoxLayout(this))
{
    setObjectName(QStringLiteral("earlierRuns"));
    setAccessibleName(tr("Earlier runs"));
    setProperty("card", QStringLiteral("true"));
    m_rows->setContentsMargins(3 * kGrid - kInButton, kGrid, 3 * kGrid - kInButton, kGrid);
    m_rows->setSpacing(0);
    setRuns({});
}

void EarlierRuns::setRuns(const QStringList& folders)
{
    if (folders == m_folders) {
        return;
    }
    m_folders = folders;
    while (QLayoutItem* row = m_rows->takeAt(0)) {
        delete row->widget();
        delete row;
    }
    for (const QString& folder : folders.mid(0, kMost)) {
        addRun(folder, m_rows->count());
    }
    if (folders.isEmpty()) {
        auto* none = new QLabel(tr("None yet. A run appears here as soon as it has started, newest first."));
        none->setTextFormat(Qt::PlainText);
        none->setWordWrap(true);
        none->setFont(typeFont(QApplication::font(), TypeSize::Legend));
        none->setProperty("tone", QStringLiteral("2"));
        none->setContentsMargins(kInButton, kGrid, kInButton, kGrid);
        m_rows->addWidget(none);
    }
}

void EarlierRuns::addRun(const QString& folder, int number)
{
    const QFileInfo about(QDir::cleanPath(folder));
    const QString name = QFontMetrics(font()).elidedText(about.fileName(), Qt::ElideMiddle, scaledPixels(QApplication::font(), kWidestName));
    auto* button = new QPushButton(QString(name).replace(QLatin1Char('&'), QStringLiteral("&&")) + QStringLiteral("   ·   ") + whenOf(about));
    button->setObjectName(QStringLiteral("earlierRun%1").arg(number));
    button->setAccessibleName(tr("Open %1, worked on %2").arg(about.fileName(), whenOf(about)));
    button->setToolTip(QString(folder).toHtmlEscaped());
    button->setProperty("row", QStringLiteral("true"));
    button->setFont(typeFont(QApplication::font(), TypeSize::Legend));
    button->setCursor(Qt::PointingHandCursor);
    connect(button, &QPushButton::clicked, this, [this, folder] { emit runChosen(folder); });
    m_rows->addWidget(button);
}

} // namespace dubito::ui
