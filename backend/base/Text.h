// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace dubito {

inline constexpr std::int64_t kMiB = std::int64_t { 1 } << 20;
inline constexpr std::int64_t kGiB = std::int64_t { 1 } << 30;

/// MiB as a number, for keys and charts that end in _mb.
constexpr double toMiB(std::int64_t bytes) { return static_cast<double>(bytes) / static_cast<double>(kMiB); }
constexpr double toGiB(std::int64_t bytes) { return static_cast<double>(bytes) / static_cast<double>(kGiB); }

/// "412 MiB", "1.24 GiB", "96 KiB".
std::string bytesToText(std::int64_t bytes);

/// "1,240": whole numbers for people.
std::string countToText(std::int64_t count);

/// "1 document", "1,240 documents": a count with what is counted, for nouns that take an s.
std::string countOf(std::int64_t count, std::string_view noun);

/// "0:42", "1:05:00", "3 d 04:00": a duration in seconds for people.
std::string durationToText(double seconds);

/// The fewest digits that read back to the same double; "null" when it is not finite.
std::string exactNumber(double value);

/// The whole of `text` as a number, in any locale; nothing when something is left over.
std::optional<double> parseNumber(std::string_view text);
std::optional<std::int64_t> parseInteger(std::string_view text);

/// For numbers that came out of a file: towards zero, at most 2^53 either way, 0 for NaN. A plain cast would be undefined.
std::int64_t toWholeNumber(double value);

/// true/false, yes/no, on/off, 1/0, whatever the case.
std::optional<bool> parseSwitch(std::string_view text);

/// The known word nearest to `word` by edit distance, when it is near enough to have been meant.
std::optional<std::string_view> nearestWord(std::string_view word, std::span<const std::string_view> known);

std::string_view trimmed(std::string_view text);

/// How deep lists and objects of a JSON text are nested. Asked of a foreign file before it is parsed: copying and printing
/// what is deep takes a frame of the stack for every level.
int jsonDepth(std::string_view json);

/// More than any configuration, index or state has.
inline constexpr int kDeepestJson = 64;

/// Foreign text made safe to print on one line: control characters, bytes that are no UTF-8 and marks that turn the
/// direction of writing become \n, \t, \xNN or \u{NNNN}. Everything else stays as it is.
std::string escaped(std::string_view text);

/// escaped() in double quotes, cut after `atMost` bytes: for messages that quote a file or a flag.
std::string quoted(std::string_view text, std::size_t atMost = 80);

} // namespace dubito
