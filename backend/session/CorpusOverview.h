// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/config/Config.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace dubito::session {

struct Prepared;

/// One document of the scatter of authority against entropy.
struct DocumentDot {
    std::int64_t index = 0; ///< in the order of the corpus: what ShowDocuments::first counts while nothing is filtered
    std::string id;
    std::size_t source = 0; ///< place in metrics::kSourceWords
    double authority = 0;
    double entropy = 0;
    double weight = 0; ///< normalised

    friend bool operator==(const DocumentDot&, const DocumentDot&) = default;
};

/// What a source class has of the documents, and what it has of the gradient weight; both 0 to 1.
struct SourceShare {
    std::size_t source = 0; ///< place in metrics::kSourceWords
    double ofDocuments = 0;
    double ofGradient = 0;

    friend bool operator==(const SourceShare&, const SourceShare&) = default;
};

/// All documents with this doubt c = ln(1 − authority + 1e-8) + entropy have this weight.
struct WeightLevel {
    double weight = 1; ///< normalised
    double doubt = 0;

    friend bool operator==(const WeightLevel&, const WeightLevel&) = default;
};

/// The training corpus of a run as a whole, counted once, before its first step. Bounded: some dots stand for all.
struct CorpusOverview {
    static constexpr std::size_t kMostDots = 640;

    std::int64_t documents = 0; ///< that are trained on
    std::int64_t withoutLabels = 0;
    std::int64_t scored = 0; ///< of those without labels: by provenance; the others have weight 1
    std::int64_t skippedLines = 0;
    std::vector<std::string> firstSkipped; ///< "train.jsonl:6120: not a JSON object"; at most 20
    double effectiveSampleShare = 1;
    double essWarning = 0; ///< the share below which the run warns
    double weightMean = 1; ///< raw weights are divided by it
    std::vector<SourceShare> sources; ///< the heaviest first
    std::vector<WeightLevel> levels; ///< where weights of 0.1 … 4 lie; a weighting that is not monotone has some twice
    std::vector<DocumentDot> dots; ///< chosen evenly; only documents that have authority and entropy

    friend bool operator==(const CorpusOverview&, const CorpusOverview&) = default;
};

/// Counts a prepared corpus, weighted by the rules of its run.
std::shared_ptr<const CorpusOverview> overviewOf(const Prepared& prepared, const config::Distrust& rules);

} // namespace dubito::session
