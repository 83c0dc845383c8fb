// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Error.h"
#include "backend/data/BatchSampler.h"
#include "backend/data/DocumentStore.h"
#include "backend/model/LanguageModel.h"

#include <cstdint>
#include <span>
#include <vector>

namespace dubito::train {

/// Held-out loss, over all targets and per source class.
struct HeldOutLoss {
    double crossEntropy = 0; ///< token mean, nats
    std::int64_t targets = 0;
    std::int64_t documents = 0;

    struct ClassLoss {
        std::int64_t sourceClass = 0; ///< index in the store
        double crossEntropy = 0;
        std::int64_t targets = 0;
    };
    std::vector<ClassLoss> classes; ///< those with targets, by index
};

/// Measures the held-out loss, one micro-batch per call, so that a stop or a pause is seen in between.
///
/// The same documents every time (a fixed sample of the split when it is larger than asked for), so that two
/// evaluations can be compared. Unweighted: what the model predicts, not what it was paid for.
class Evaluator {
public:
    /// `documents` is sealed, not empty, and outlives it. At most `atMost` documents; 0 = all.
    Evaluator(const data::DocumentStore& documents, std::int64_t rows, std::int64_t atMost);

    /// One micro-batch. True when that was the last one: result() is complete.
    Result<bool> advance(model::LanguageModel<float>& model, std::span<const float> parameters);

    HeldOutLoss result() const;

private:
    struct Sum {
        double crossEntropy = 0;
        std::int64_t targets = 0;
    };

    const data::DocumentStore& m_documents;
    data::BatchSampler m_sampler;
    std::int64_t m_rows;
    std::int64_t m_wanted;
    std::int64_t m_done = 0;
    data::Batch m_batch;
    std::vector<std::int64_t> m_lengths;
    std::vector<model::SequenceLoss> m_losses;
    std::vector<Sum> m_sums; ///< by source class
};

} // namespace dubito::train
