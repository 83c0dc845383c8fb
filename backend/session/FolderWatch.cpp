// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/FolderWatch.h"

#include "backend/log/Log.h"

#include <fmt/format.h>

namespace dubito::session {

FolderWatch::FolderWatch(RunBoards& boards, RunJournal& journal, RunKit& kit)
    : m_boards(boards)
    , m_journal(journal)
    , m_kit(kit)
{
}

Result<FolderWatch::Found> FolderWatch::look(When when)
{
    const auto now = m_boards.clock.now();
    if (when == When::OnceASecond && m_lastLook && now - *m_lastLook < std::chrono::seconds(1)) {
        return Found::InPlace;
    }
    m_lastLook = now;
    const bool isFolderThere = m_kit.folder->isInPlace();
    if (!isFolderThere) {
        if (auto made = makeFolder(); !made) {
            return made.error();
        }
    }
    if (!m_kit.recorder->isInPlace()) {
        if (auto restored = m_kit.recorder->restore(); !restored) {
            return restored.error();
        }
        if (isFolderThere) {
            tell(fmt::format("{} was removed or moved away while the run went on; it was written again with the lines it had",
                m_kit.recorder->path().string()));
        }
    }
    std::error_code problem;
    if (!std::filesystem::exists(m_kit.folder->effectiveConfig(), problem) && !problem) {
        if (auto written = writeRunYaml(m_boards, m_kit); !written) {
            return written.error();
        }
        if (isFolderThere) {
            tell("run.yaml was removed while the run went on; it was written again");
        }
    }
    return isFolderThere ? Found::InPlace : Found::MadeAgain;
}

/// The order of RunKit: first the lock, then what an end is explained from.
Result<void> FolderWatch::makeFolder()
{
    if (auto made = m_kit.folder->makeAgain(); !made) {
        return made;
    }
    const auto& path = m_kit.folder->path();
    if (auto opened = m_boards.heartbeat.open(path); !opened) {
        return opened;
    }
    m_boards.heartbeat.beat(vitalsOf(m_boards));
    const auto& log = m_kit.config->log;
    if (auto logging = log::openFile(m_kit.folder->log(), log.maxFileMb, log.files); !logging) {
        return logging;
    }
    if (auto events = m_boards.events.restoreFile(); !events) {
        return events;
    }
    m_kit.keeper->forget();
    tell(fmt::format("the run folder {} was removed or moved away while the run went on, and was made again: run.yaml, "
                     "metrics and events are written anew there{}; earlier checkpoints are not in it",
        path.string(), m_kit.keeper->isOn() ? ", and a checkpoint of this step" : ""));
    return {};
}

void FolderWatch::tell(const std::string& what) { m_journal.add(EventKind::Alert, "folder", what); }

} // namespace dubito::session
