// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdio>
#include <fmt/format.h>
#include <string_view>
#include <utility>

namespace dubito::app {

/// Writes to a stream that perhaps nobody reads any more: what cannot be written is lost.
void writeQuietly(std::FILE* stream, std::string_view text);

/// What a person may want to read, on standard error mostly.
///
/// Unlike fmt::print() it never throws: no training ends because its terminal was closed, its log is on a full disk or
/// its output went to "head".
template <typename... Args>
void say(std::FILE* stream, fmt::format_string<Args...> format, Args&&... args)
{
    writeQuietly(stream, fmt::format(format, std::forward<Args>(args)...));
}

/// First of all in main(). Of descriptors 0, 1 and 2 one that was closed is filled with /dev/null, opened so that using
/// it fails: else the next file of the run would get the number, and what is said would be written into it.
void keepStandardStreams();

/// From now on a reader that has gone is a write that fails and no end of the process. For work that outlives who looks on.
void outliveReaders();

} // namespace dubito::app
