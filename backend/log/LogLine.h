// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Module.h"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace dubito::log {

enum class LogLevel : std::uint8_t { Debug, Info, Warning, Error };

/// As log.level spells them.
inline constexpr std::array<std::string_view, 4> kLevelWords { "debug", "info", "warn", "error" };
constexpr std::string_view toWord(LogLevel level) { return kLevelWords[static_cast<std::size_t>(level)]; }

inline constexpr std::size_t kLongestText = 4096;

/// One line of the log as one sees it from outside. `text` has no control characters and at most kLongestText bytes.
struct LogLine {
    std::uint64_t id = 0; ///< rising, from 1
    std::chrono::system_clock::time_point time;
    LogLevel level = LogLevel::Info;
    Module module = Module::Session;
    std::string text;

    friend bool operator==(const LogLine&, const LogLine&) = default;
};

} // namespace dubito::log
