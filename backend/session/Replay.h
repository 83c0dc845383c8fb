// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Error.h"
#include "backend/session/SessionApi.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <stop_token>
#include <utility>

namespace dubito::session {

/// Who follows the opening of a run.
struct OpeningListener {
    std::function<void(double share)> onProgress {}; ///< 0 to 1, on the thread that opens; may be empty
    std::stop_token stop {};
};

/// A recorded run behind the same two doors: what metrics.jsonl, events.jsonl and run.yaml of its folder say, as it
/// stood at the end. It trains nothing; every command is refused with that reason, but Start where somebody takes it up.
class Replay final : public SessionApi {
public:
    /// Reads the whole run; a second or two for a million steps. NotFound when the folder holds no metrics, Refused when
    /// the stop was requested.
    static Result<std::unique_ptr<Replay>> open(
        const std::filesystem::path& runFolder, const OpeningListener& listener = {});

    Snapshot snapshot() const override { return m_snapshot; }
    Result<void> post(Command command) override;

    /// Who goes on with the run when Start is posted: with its folder, or the one that Start::resumeFolder names, in
    /// Start::resumeFolder, when it has a checkpoint and nobody trains it. Nobody at first.
    void setResume(std::function<Result<void>(const Start&)> resume) { m_resume = std::move(resume); }

private:
    Replay() = default;

    Result<void> resume(const Start& start) const;

    Snapshot m_snapshot;
    std::function<Result<void>(const Start&)> m_resume;
};

} // namespace dubito::session
