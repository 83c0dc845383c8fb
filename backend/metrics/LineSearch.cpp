// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/metrics/LineSearch.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <fcntl.h>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>

namespace dubito::metrics {

namespace {

constexpr std::int64_t kCloseEnough = 64 * 1024;
constexpr std::size_t kLookBytes = std::size_t { 192 } << 10; // more than the longest line that is read, twice
constexpr int kMostHalvings = 64; // of a file that changes or was never in order

/// The number after "step": in a line of ours.
std::optional<std::int64_t> stepOf(std::string_view line)
{
    constexpr std::string_view kKey = "\"step\":";
    const auto key = line.find(kKey);
    if (key == std::string_view::npos) {
        return std::nullopt;
    }
    const auto digits = line.find_first_not_of(' ', key + kKey.size());
    std::int64_t step = 0;
    if (digits == std::string_view::npos
        || std::from_chars(line.data() + digits, line.data() + line.size(), step).ec != std::errc {}) {
        return std::nullopt;
    }
    return step;
}

} // namespace

LineFile::LineFile(const std::filesystem::path& path) : m_descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) { }

LineFile::~LineFile()
{
    if (m_descriptor >= 0) {
        ::close(m_descriptor);
    }
}

std::int64_t LineFile::read(char* to, std::size_t atMost, std::int64_t at) const
{
    ssize_t got = -1;
    do {
        got = ::pread(m_descriptor, to, atMost, at);
    } while (got < 0 && errno == EINTR);
    return got;
}

/// The first whole line that begins after `at` and says its step; nothing when none does nearby.
std::optional<LineFile::Place> LineFile::lineFrom(std::int64_t at) const
{
    std::string text(kLookBytes, '\0');
    const std::int64_t got = read(text.data(), text.size(), at);
    std::string_view rest(text.data(), static_cast<std::size_t>(std::max<std::int64_t>(got, 0)));
    for (auto end = rest.find('\n'); end != std::string_view::npos;) {
        const auto next = rest.find('\n', end + 1);
        if (next == std::string_view::npos) {
            break;
        }
        if (const auto step = stepOf(rest.substr(end + 1, next - end - 1))) {
            return Place { at + static_cast<std::int64_t>(end) + 1, *step };
        }
        end = next;
    }
    return std::nullopt;
}

std::int64_t LineFile::lineBefore(std::int64_t step) const
{
    struct stat about {};
    if (::fstat(m_descriptor, &about) != 0 || !S_ISREG(about.st_mode)) {
        return 0;
    }
    std::int64_t low = 0; // a line begins here, and no earlier one is wanted
    std::int64_t high = about.st_size;
    for (int i = 0; i < kMostHalvings && high - low > kCloseEnough; ++i) {
        const std::int64_t middle = low + (high - low) / 2;
        const auto line = lineFrom(middle);
        if (line && line->step < step && line->at < high) {
            low = line->at;
        } else {
            high = middle;
        }
    }
    return low;
}

} // namespace dubito::metrics
