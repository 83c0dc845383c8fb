// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>

namespace dubito::app {

/// Tells whether a supervised command gets anywhere, by a file that it writes.
///
/// A file of JSON lines with "step" counts by its newest step, because a resumed run cuts what it trains again; any other
/// file counts by its size. Only what goes beyond everything seen before is progress.
class ProgressWatch {
public:
    /// An empty path: nothing to look at, and hasProgressed() says yes.
    explicit ProgressWatch(std::filesystem::path file) : m_file(std::move(file)) { }

    /// The command has been started: from here on it must get further.
    void begin();

    bool hasProgressed();

private:
    /// The furthest it ever was; -1 when nothing was written yet.
    struct Mark {
        std::int64_t step = -1;
        std::int64_t bytes = -1;
    };

    void look();

    std::filesystem::path m_file;
    Mark m_furthest;
    Mark m_atBegin;
};

} // namespace dubito::app
