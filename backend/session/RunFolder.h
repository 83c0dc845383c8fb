// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Clock.h"
#include "backend/base/Error.h"
#include "backend/config/Config.h"

#include <filesystem>
#include <string>

namespace dubito::session {

enum class Resuming : std::uint8_t { No, Yes };

/// Whether a process works in this run folder now.
bool isInUse(const std::filesystem::path& runFolder);

/// The folder of one run: where everything of it stands, and the lock that keeps a second process out.
///
/// checkpoint-N/, final, checkpoint-best, metrics.jsonl, events.jsonl, run.yaml, dubito.log. Move-only; the lock goes with it.
class RunFolder {
public:
    /// Creates or takes `training.output` (default runs/<date-time>-<model>). ErrorCode::Usage when it holds a run
    /// and this is no resume, or another process works in it; ErrorCode::Output when it cannot be written.
    static Result<RunFolder> open(const config::Training& training, const std::string& modelName, const Clock& clock,
        Resuming resuming);

    RunFolder(RunFolder&& other) noexcept;
    RunFolder& operator=(RunFolder&& other) noexcept;
    ~RunFolder();

    /// Whether the folder that was taken still stands at its path. One that cannot be looked at counts as there.
    bool isInPlace() const;

    /// Makes the folder again at its path, empty and locked, when it was removed or moved away. ErrorCode::Output when it
    /// cannot be made, or when another run stands there by now.
    Result<void> makeAgain();

    const std::filesystem::path& path() const { return m_path; }
    std::filesystem::path metrics() const { return m_metrics; }
    std::filesystem::path events() const { return m_path / "events.jsonl"; }
    std::filesystem::path effectiveConfig() const { return m_path / "run.yaml"; }
    std::filesystem::path log() const { return m_path / "dubito.log"; }

    /// The last component: what people call the run.
    std::string name() const { return m_path.filename().string(); }

private:
    RunFolder(std::filesystem::path path, std::filesystem::path metrics, int lock);

    std::filesystem::path m_path;
    std::filesystem::path m_metrics;
    int m_lock = -1;
    int m_directory = -1; ///< kept open, so that no other folder gets its identity
};

} // namespace dubito::session
