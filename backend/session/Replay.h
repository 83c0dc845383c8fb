// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Error.h"
#include "backend/session/SessionApi.h"

#include <filesystem>
#include <memory>

namespace dubito::session {

/// A recorded run behind the same two doors: what metrics.jsonl, events.jsonl and run.yaml of its folder say, as it
/// stood at the end. Nothing can be asked of it; every command is refused with that reason.
class Replay final : public SessionApi {
public:
    /// Reads the whole run; seconds for a million steps. NotFound when the folder holds no metrics.
    static Result<std::unique_ptr<Replay>> open(const std::filesystem::path& runFolder);

    Snapshot snapshot() const override { return m_snapshot; }
    Result<void> post(Command command) override;

private:
    Replay() = default;

    Snapshot m_snapshot;
};

} // namespace dubito::session
