// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <source_location>
#include <string_view>

namespace dubito {

/// Writes file, line, the broken condition and the message to standard error, and aborts. Never returns.
[[noreturn]] void failCheck(std::string_view condition, std::string_view message,
    std::source_location where = std::source_location::current());

} // namespace dubito

/// A promise of our own: when `condition` is false the program is wrong and ends loudly. In every build type.
/// Not for what somebody outside can cause; that is a Result<T>.
#define CHECK(condition, message)                                                                                      \
    do {                                                                                                               \
        if (!(condition)) [[unlikely]] {                                                                               \
            ::dubito::failCheck(#condition, message);                                                                  \
        }                                                                                                              \
    } while (false)
