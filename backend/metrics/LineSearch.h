// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>

namespace dubito::metrics {

/// A file of lines with rising steps, read from any place and searched by step.
///
/// Foreign bytes do no harm: a line whose step cannot be read is passed over, and a file without rising steps is only found
/// less well. It does not parse lines: MetricsReading does.
class LineFile {
public:
    explicit LineFile(const std::filesystem::path& path);
    LineFile(const LineFile&) = delete;
    LineFile& operator=(const LineFile&) = delete;
    ~LineFile();

    bool isOpen() const { return m_descriptor >= 0; }

    /// Bytes read from `at` on, 0 at the end, negative when it cannot be read.
    std::int64_t read(char* to, std::size_t atMost, std::int64_t at) const;

    /// Where a line begins before which no line has this step or a later one; at most some 64 KiB too early.
    std::int64_t lineBefore(std::int64_t step) const;

private:
    struct Place {
        std::int64_t at;
        std::int64_t step;
    };
    std::optional<Place> lineFrom(std::int64_t at) const;

    int m_descriptor;
};

} // namespace dubito::metrics
