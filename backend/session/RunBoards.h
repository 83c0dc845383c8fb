// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Clock.h"
#include "backend/base/Guarded.h"
#include "backend/base/Tally.h"
#include "backend/config/ConfigStore.h"
#include "backend/data/BatchSampler.h"
#include "backend/health/HealthBoard.h"
#include "backend/memory/MemoryStatus.h"
#include "backend/metrics/MetricBoard.h"
#include "backend/reload/ReloadStatus.h"
#include "backend/session/EventLog.h"
#include "backend/session/Snapshot.h"
#include "backend/train/RunState.h"

#include <string>
#include <utility>
#include <vector>

namespace dubito::session {

/// What the train thread writes and the doors read: each part behind its own lock, none held together with another.
struct RunBoards {
    RunBoards(const Clock& theClock, config::ConfigStore& store, std::chrono::nanoseconds staleAfter)
        : clock(theClock)
        , configStore(store)
        , health(theClock, staleAfter)
        , events(theClock)
        , historyEntry(tally, Category::History)
    {
        historyEntry.set(metrics::MetricBoard::fullBytes());
    }

    const Clock& clock;
    config::ConfigStore& configStore;
    Guarded<train::RunStatus> run;
    Guarded<memory::MemoryStatus> memory;
    Guarded<reload::ReloadStatus> reload;
    Guarded<metrics::MetricBoard> metrics;
    Guarded<std::vector<std::pair<std::string, double>>> validationBySource;
    Guarded<DocumentPage> documents;
    Guarded<std::shared_ptr<const CorpusOverview>> corpus;
    Guarded<RolledBack> rolledBack;
    Guarded<data::WeightScale> weightScale; ///< of the newest prepared corpus
    health::HealthBoard health;
    EventLog events;
    Tally tally; ///< large memory that is no tensor
    TallyEntry historyEntry; ///< the histories of the metrics, which take their memory at once
};

} // namespace dubito::session
