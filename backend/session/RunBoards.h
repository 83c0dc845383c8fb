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
#include "backend/session/Heartbeat.h"
#include "backend/session/Snapshot.h"
#include "backend/train/RunState.h"

#include <optional>
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
    Guarded<std::optional<PostMortem>> postMortem; ///< of the run before
    health::HealthBoard health;
    EventLog events;
    Heartbeat heartbeat; ///< beats while a run has a folder
    Tally tally; ///< large memory that is no tensor
    TallyEntry historyEntry; ///< the histories of the metrics, which take their memory at once
};

/// What the boards say at this moment, as a sign of life.
Vitals vitalsOf(const RunBoards& boards);

} // namespace dubito::session
