// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Module.h"

#include <chrono>
#include <cstdint>
#include <string>

namespace dubito::log {

enum class LogLevel : std::uint8_t { Debug, Info, Warning, Error };

/// One line of the log as one sees it from outside.
struct LogLine {
    std::uint64_t id = 0; ///< rising, from 1
    std::chrono::system_clock::time_point time;
    LogLevel level = LogLevel::Info;
    Module module = Module::Session;
    std::string text;

    friend bool operator==(const LogLine&, const LogLine&) = default;
};

} // namespace dubito::log
