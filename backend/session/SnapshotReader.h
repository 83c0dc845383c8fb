// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Guarded.h"
#include "backend/log/LogTail.h"
#include "backend/session/RunBoards.h"
#include "backend/session/Snapshot.h"

#include <optional>
#include <string>

namespace dubito::session {

/// The door out: reads the boards of a session, one after another, into a snapshot.
///
/// What is in the snapshot already stays and its memory is used again, so that looking often takes none. Gives the
/// snapshot a revision that grows whenever anything has changed, ages apart. Any thread.
class SnapshotReader {
public:
    /// The boards and the log outlive it; no log: no lines.
    explicit SnapshotReader(const RunBoards& boards, const log::LogTail* log = nullptr);

    /// Requires: `kept` is fresh, or was filled by this reader.
    void readInto(Snapshot& kept) const;

private:
    struct Seen {
        std::uint64_t revision = 0;
        train::RunStatus run;
        memory::MemoryStatus memory;
        reload::ReloadStatus reload;
        std::uint64_t counted = 0;
        std::optional<PostMortem> postMortem;
        std::string page; ///< which documents are shown
        std::string health; ///< states and reasons, without ages: a module that falls silent changes nothing else
    };

    std::uint64_t revisionOf(const Snapshot& snapshot, std::uint64_t metricsRevision) const;

    const RunBoards& m_boards;
    const log::LogTail* m_log;
    mutable Guarded<Seen> m_seen;
};

} // namespace dubito::session
