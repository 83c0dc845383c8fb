// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/config/Config.h"
#include "backend/data/LabelPolicy.h"
#include "backend/provenance/Scorer.h"

namespace dubito::session {

/// What a document counts in training, and from what that follows. The trainer and the page of documents both ask here.
struct DocumentWeight {
    data::LabelSource labels = data::LabelSource::Given;
    double authority = 0; ///< by its line, or else by its score, also where it has weight 1
    double entropy = 0; ///< in bits, likewise
    double doubt = 0; ///< distrust::component() of the two
    double weight = 1; ///< before weights are normalised over the corpus
};

/// `score`: of the same document.
DocumentWeight weighDocument(const data::Document& document, const provenance::Score& score, const config::Config& config);

} // namespace dubito::session
