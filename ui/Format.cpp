// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/Format.h"

#include "backend/base/Text.h"

#include <QDateTime>
#include <QLocale>
#include <QTextDocument>

#include <algorithm>
#include <cmath>

namespace dubito::ui::format {

namespace {

QDateTime toDateTime(std::chrono::system_clock::time_point when)
{
    return QDateTime::fromMSecsSinceEpoch(
        std::chrono::duration_cast<std::chrono::milliseconds>(when.time_since_epoch()).count());
}

/// The C locale has no thousands sign of its own; ours is the comma, everywhere, so that a picture can be compared.
QLocale numberLocale()
{
    QLocale locale(QLocale::English, QLocale::UnitedStates);
    locale.setNumberOptions(QLocale::DefaultNumberOptions);
    return locale;
}

QString withMinus(QString digits)
{
    return digits.startsWith(QLatin1Char('-')) ? kMinus + digits.mid(1) : digits;
}

bool isZeroText(const QString& digits)
{
    return std::none_of(digits.begin(), digits.end(), [](QChar c) { return c >= QLatin1Char('1') && c <= QLatin1Char('9'); });
}

} // namespace

QString text(std::string_view utf8) { return QString::fromUtf8(utf8.data(), static_cast<qsizetype>(utf8.size())); }

std::string utf8(const QString& text)
{
    const QByteArray bytes = text.toUtf8();
    return { bytes.constData(), static_cast<std::size_t>(bytes.size()) };
}

QString count(std::int64_t value) { return withMinus(numberLocale().toString(static_cast<qlonglong>(value))); }

QString decimal(double value, int digits)
{
    if (!std::isfinite(value)) {
        return kDash;
    }
    const QString plain = numberLocale().toString(value, 'f', digits);
    if (isZeroText(plain)) {
        return numberLocale().toString(0.0, 'f', digits);
    }
    return withMinus(plain);
}

QString signedDecimal(double value, int digits)
{
    const QString plain = decimal(value, digits);
    return value > 0 && !isZeroText(plain) ? QLatin1Char('+') + plain : plain;
}

QString range(double low, double high, int digits)
{
    return decimal(low, digits) + QLatin1Char(' ') + kEllipsis + QLatin1Char(' ') + decimal(high, digits);
}

QString compact(double value, int digits)
{
    if (!std::isfinite(value)) {
        return kDash;
    }
    const double size = std::abs(value);
    if (size == 0) {
        return QStringLiteral("0");
    }
    if (size >= 1e7 || size < 1e-3) {
        return withMinus(QString::number(value, 'e', digits - 2).replace(QStringLiteral("e-0"), QStringLiteral("e-"))
                             .replace(QStringLiteral("e+0"), QStringLiteral("e")));
    }
    const int before = static_cast<int>(std::floor(std::log10(size))) + 1;
    return decimal(value, std::max(0, digits - before));
}

QString bytes(std::int64_t value) { return value < 0 ? QString(kDash) : text(bytesToText(value)); }

QString gib(std::int64_t value) { return value < 0 ? QString(kDash) : decimal(toGiB(value), 2); }

QString rate(double mbPerStep) { return decimal(mbPerStep, std::abs(mbPerStep) < 0.0095 ? 3 : std::abs(mbPerStep) < 0.995 ? 2 : 1); }

QString percent(double share)
{
    return std::isfinite(share) ? count(std::llround(share * 100)) + QStringLiteral(" %") : QString(kDash);
}

QString duration(std::chrono::milliseconds value)
{
    return value.count() < 0 ? QString(kDash) : text(durationToText(static_cast<double>(value.count()) / 1000.0));
}

QString remaining(std::chrono::milliseconds value)
{
    if (value.count() < 0) {
        return kDash;
    }
    const auto seconds = value.count() / 1000;
    const auto minutes = (seconds + 30) / 60;
    if (seconds < 100) {
        return QStringLiteral("%1 s").arg(seconds);
    }
    if (minutes < 100) {
        return QStringLiteral("%1 min").arg(minutes);
    }
    if (minutes < 48 * 60) {
        return QStringLiteral("%1 h %2 min").arg(minutes / 60).arg(minutes % 60, 2, 10, QLatin1Char('0'));
    }
    return QStringLiteral("%1 d %2 h").arg(minutes / 1440).arg(minutes % 1440 / 60);
}

QString age(std::chrono::milliseconds value)
{
    if (value.count() < 0) {
        return kDash;
    }
    const auto seconds = value.count() / 1000;
    if (seconds < 120) {
        return QStringLiteral("%1 s").arg(seconds);
    }
    return seconds < 7200 ? QStringLiteral("%1 min").arg(seconds / 60) : QStringLiteral("%1 h").arg(seconds / 3600);
}

QString timeOfDay(std::chrono::system_clock::time_point when)
{
    return toDateTime(when).toString(QStringLiteral("HH:mm:ss"));
}

QString moment(std::chrono::system_clock::time_point when, std::chrono::system_clock::time_point now)
{
    const QDateTime there = toDateTime(when);
    constexpr auto kSoon = std::chrono::hours(20);
    return when - now < kSoon ? there.toString(QStringLiteral("HH:mm"))
                                                  : there.toString(QStringLiteral("ddd d MMM, HH:mm"));
}

QString tip(const QString& plain)
{
    constexpr qsizetype kLongest = 2000;
    return plain.isEmpty() ? plain : Qt::convertFromPlainText(plain.left(kLongest), Qt::WhiteSpaceNormal);
}

QString sentence(const QString& words)
{
    return words.isEmpty() ? words : words.at(0).toUpper() + words.mid(1);
}

} // namespace dubito::ui::format
