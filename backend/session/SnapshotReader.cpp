// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/SnapshotReader.h"

#include <fmt/format.h>
#include <iterator>

namespace dubito::session {

namespace {

constexpr std::size_t kLogLines = 256;

/// What a person reads of health and configuration: it may change while nothing that is counted does.
std::string wordsOf(const Snapshot& snapshot)
{
    std::string words = fmt::format("{} {}", snapshot.config.changedOutside, snapshot.config.refused.size());
    for (const auto& row : snapshot.health) {
        words += fmt::format("{}{}", health::toWord(row.state), row.reason);
    }
    return words;
}

/// Assignment keeps the memory of strings and lists.
template <typename T>
void readPart(const Guarded<T>& board, T& kept)
{
    board.read([&](const T& value) { kept = value; });
}

} // namespace

SnapshotReader::SnapshotReader(const RunBoards& boards, const log::LogTail* log)
    : m_boards(boards)
    , m_log(log)
{
}

void SnapshotReader::readInto(Snapshot& kept) const
{
    readPart(m_boards.run, kept.run);
    const std::uint64_t metricsRevision = m_boards.metrics.read([&](const metrics::MetricBoard& board) {
        board.seriesInto(kept.series);
        return board.revision();
    });
    readPart(m_boards.memory, kept.memory);
    readPart(m_boards.reload, kept.reload);
    kept.health = m_boards.health.rows();
    m_boards.events.newestInto(kept.events);
    const bool hasNewLines = m_log != nullptr && (kept.log.empty() || kept.log.back().id != m_log->newestId());
    if (hasNewLines) {
        kept.log = m_log->newest(kLogLines);
    }
    if (kept.config.revision != m_boards.configStore.revision()) {
        kept.config = m_boards.configStore.status();
    }
    m_boards.documents.read([&](const DocumentPage& page) {
        if (kept.documents != page) {
            kept.documents = page;
        }
    });
    readPart(m_boards.corpus, kept.corpus);
    readPart(m_boards.rolledBack, kept.rolledBack);
    readPart(m_boards.validationBySource, kept.validationBySource);
    readPart(m_boards.postMortem, kept.postMortem);
    kept.revision = revisionOf(kept, metricsRevision);
}

std::uint64_t SnapshotReader::revisionOf(const Snapshot& snapshot, std::uint64_t metricsRevision) const
{
    const std::uint64_t counted = metricsRevision + m_boards.events.newestId() + snapshot.config.revision
        + (snapshot.log.empty() ? 0 : snapshot.log.back().id);
    const auto& documents = snapshot.documents;
    std::string page = fmt::format("{} {} {} {} {}", documents.first, documents.matching, documents.filter,
        documents.sourceClass, static_cast<const void*>(snapshot.corpus.get()));
    for (const auto& document : documents.documents) {
        fmt::format_to(std::back_inserter(page), " {}", document.index); // another order or range of weights
    }
    const std::string health = wordsOf(snapshot);
    return m_seen.update([&](Seen& seen) {
        const bool isNew = seen.counted != counted || seen.page != page || seen.health != health || seen.postMortem != snapshot.postMortem
            || seen.run != snapshot.run || seen.memory != snapshot.memory || seen.reload != snapshot.reload;
        if (isNew) {
            ++seen.revision;
            seen.counted = counted;
            seen.page = page;
            seen.health = health;
            seen.postMortem = snapshot.postMortem;
            seen.run = snapshot.run;
            seen.memory = snapshot.memory;
            seen.reload = snapshot.reload;
        }
        return seen.revision;
    });
}

} // namespace dubito::session
