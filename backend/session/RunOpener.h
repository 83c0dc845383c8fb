// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Guarded.h"
#include "backend/base/Worker.h"
#include "backend/session/Replay.h"

#include <filesystem>
#include <memory>
#include <optional>

namespace dubito::session {

/// Opens a recorded run on a thread of its own, so that the window goes on while a million steps are read.
///
/// Made and asked by one thread. Destroyed before the end, it stops the reading.
class RunOpener {
public:
    explicit RunOpener(std::filesystem::path runFolder);

    const std::filesystem::path& folder() const { return m_folder; }

    /// 0 to 1.
    double share() const;
    bool isDone() const;

    /// The run, or why it cannot be opened. Requires: isDone(); once.
    Result<std::unique_ptr<Replay>> take();

private:
    struct Opening {
        double share = 0;
        std::shared_ptr<Result<std::unique_ptr<Replay>>> opened;
    };

    std::filesystem::path m_folder;
    Guarded<Opening> m_opening;
    Worker m_worker; // last: joined before what it uses is gone
};

} // namespace dubito::session
