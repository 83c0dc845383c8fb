// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/config/ConfigStatus.h"
#include "backend/health/ModuleHealth.h"
#include "backend/log/LogLine.h"
#include "backend/memory/MemoryStatus.h"
#include "backend/metrics/Series.h"
#include "backend/reload/ReloadStatus.h"
#include "backend/session/Event.h"
#include "backend/train/RunState.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace dubito::session {

/// One scored document with the explanation of its weight.
struct ScoredDocument {
    std::int64_t index = 0;
    std::string id;
    std::string title;
    std::string sourceType;
    std::string text; ///< the first 2,000 characters
    double authority = 0;
    double entropy = 0;
    double weight = 0; ///< normalised
    bool labelled = false; ///< authority and entropy came with the document
    std::vector<std::string> reasons; ///< rule, words, contribution; at most 32

    friend bool operator==(const ScoredDocument&, const ScoredDocument&) = default;
};

/// At most 64 scored documents, as asked for by ShowDocuments.
struct DocumentPage {
    std::string filter;
    std::int64_t first = 0;
    std::int64_t matching = 0;
    std::vector<ScoredDocument> documents;

    friend bool operator==(const DocumentPage&, const DocumentPage&) = default;
};

/// Everything one may see; about 2.5 MiB at most. Plain values: copy it, keep it, compare it.
///
/// The parts are copied one after another: each is consistent in itself, two may be one step apart.
struct Snapshot {
    std::uint64_t revision = 0; ///< grows whenever anything below has changed
    train::RunStatus run;
    std::vector<metrics::Series> series; ///< one per Metric that has samples
    memory::MemoryStatus memory;
    reload::ReloadStatus reload;
    std::vector<health::ModuleHealth> health; ///< one per module word
    std::vector<Event> events; ///< the newest 512, ids rising
    std::vector<log::LogLine> log; ///< the newest 256, ids rising
    config::ConfigStatus config;
    DocumentPage documents;
    std::vector<std::pair<std::string, double>> validationBySource; ///< newest held-out cross-entropy per source class
};

} // namespace dubito::session
