// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

/// Numbers and times as the window spells them: tabular, thousands with commas, a real minus, ranges with dots.
///
/// The one place where a number becomes text. A number that is not finite is a dash.
namespace dubito::ui::format {

inline constexpr QChar kMinus { 0x2212 };
inline constexpr QChar kDash { 0x2014 };
inline constexpr QChar kEllipsis { 0x2026 };

/// Backend text is UTF-8.
QString text(std::string_view utf8);
std::string utf8(const QString& text);

/// "3,120", "−14".
QString count(std::int64_t value);

/// "−0.05": always `digits` decimals; no minus in front of what rounds to zero.
QString decimal(double value, int digits);

/// "+0.05", "−0.05", "0.00".
QString signedDecimal(double value, int digits);

/// "−0.03 … 0.02".
QString range(double low, double high, int digits);

/// About `digits` significant ones, without noise: "2.0e-4", "0.012", "2,318".
QString compact(double value, int digits = 3);

/// "5.16 GiB", "412 MiB"; a dash below zero: the machine does not tell.
QString bytes(std::int64_t value);

/// The number alone, in GiB: "5.16".
QString gib(std::int64_t value);

/// "4.0", "0.02", "0.003": MB per step.
QString rate(double mbPerStep);

/// "62 %" from 0.62.
QString percent(double share);

/// "0:42", "1:05:00": a length of time; a dash below zero.
QString duration(std::chrono::milliseconds value);

/// "42 s", "56 min", "2 h 05 min", "3 d 4 h": what is left, in words that cannot be misread.
QString remaining(std::chrono::milliseconds value);

/// "1 s", "4 min", "2 h": how long ago; a dash below zero.
QString age(std::chrono::milliseconds value);

/// "21:58:43", in the time of the place.
QString timeOfDay(std::chrono::system_clock::time_point when);

/// "22:46": a moment that lies ahead; with the date when it is more than 20 hours away.
QString moment(std::chrono::system_clock::time_point when, std::chrono::system_clock::time_point now);

/// For tool-tips: shown as it is, whatever it holds, and wrapped.
QString tip(const QString& plain);

/// The first letter large.
QString sentence(const QString& words);

} // namespace dubito::ui::format
