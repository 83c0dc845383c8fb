// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/config/ConfigStatus.h"
#include "backend/health/ModuleHealth.h"
#include "backend/log/LogLine.h"
#include "backend/memory/MemoryStatus.h"
#include "backend/metrics/Series.h"
#include "backend/reload/ReloadStatus.h"
#include "backend/session/CorpusOverview.h"
#include "backend/session/DocumentOrder.h"
#include "backend/session/Event.h"
#include "backend/session/MachineReport.h"
#include "backend/session/PostMortem.h"
#include "backend/session/RolledBack.h"
#include "backend/train/RunState.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace dubito::session {

/// One rule that moved a score: on which words, and what it added to each value.
struct ScoreReason {
    std::string rule; ///< word of provenance::Rule: "institution"
    std::string evidence; ///< the words that fired it; "publisher: …" when they stood in the metadata
    std::int64_t begin = -1; ///< bytes [begin, end) of ScoredDocument::text; negative: not in what is shown of it
    std::int64_t end = -1;
    double authority = 0;
    double entropy = 0;

    friend bool operator==(const ScoreReason&, const ScoreReason&) = default;
};

/// One scored document with the explanation of its weight.
struct ScoredDocument {
    std::int64_t index = 0;
    std::string id;
    std::string title;
    std::string sourceType;
    std::string year; ///< as the corpus gives it; may be empty
    std::string place; ///< "train.jsonl:4711": where its line stands
    std::string text; ///< the first 2,000 characters
    double authority = 0;
    double entropy = 0;
    double doubt = 0; ///< c = ln(1 − authority + 1e-8) + entropy
    double rawWeight = 0; ///< what the weighting makes of it
    double weight = 0; ///< normalised
    bool labelled = false; ///< authority and entropy came with the document
    bool hasWeightOne = false; ///< no labels, and policy does not score: the numbers above say nothing
    std::vector<ScoreReason> reasons; ///< what the rules say, also where labels overrule them; at most 32

    friend bool operator==(const ScoredDocument&, const ScoredDocument&) = default;
};

/// At most 64 scored documents, as asked for by ShowDocuments.
struct DocumentPage {
    std::string filter;
    std::string sourceClass;
    std::int64_t first = 0;
    std::int64_t matching = 0;
    DocumentOrder order = DocumentOrder::Corpus;
    Direction direction = Direction::Ascending;
    std::vector<ScoredDocument> documents;

    friend bool operator==(const DocumentPage&, const DocumentPage&) = default;
};

/// Everything one may see; about 3.2 MiB at most. Plain values: copy it, keep it, compare it.
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
    std::shared_ptr<const MachineReport> machine; ///< as it was when the window opened; null: nobody looked
    DocumentPage documents;
    std::shared_ptr<const CorpusOverview> corpus; ///< never changed once published; null: no corpus was read
    RolledBack rolledBack; ///< what a resume from an older checkpoint gave up; null: nothing
    std::vector<std::pair<std::string, double>> validationBySource; ///< newest held-out cross-entropy per source class
    /// Why the run before died: of the folder that is gone on with, or of the newest run while none has begun. Absent when
    /// there is nothing to explain.
    std::optional<PostMortem> postMortem;
};

} // namespace dubito::session
