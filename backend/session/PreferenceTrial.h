// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Error.h"
#include "backend/config/Config.h"
#include "backend/session/PreferenceClaims.h"
#include "backend/session/PreferenceMeasure.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace dubito::session {

/// Who is labelled as what. The texts are the same in all three.
enum class ClaimLabels : std::uint8_t {
    Honest, ///< the primary source is labelled as one (authority 0.05, entropy 7.5), the consensus too (0.90, 1.0)
    Swapped, ///< the other way round: the preference must swap
    Equal, ///< both alike (0.5, 3.0): there must be none
};

std::string_view toWord(ClaimLabels labels);

struct TrialCondition {
    config::WeightingMode weighting = config::WeightingMode::Monotone;
    ClaimLabels labels = ClaimLabels::Honest;

    friend bool operator==(const TrialCondition&, const TrialCondition&) = default;
};

/// Every weighting with honest labels, then the controls: monotone with swapped and with equal labels.
std::vector<TrialCondition> allConditions();

/// What should come out, if the loss does what it says.
enum class Expected : std::uint8_t {
    Primary, ///< above 90 %
    Consensus, ///< below 10 %
    Neither, ///< 45 to 55 %
};

Expected expectedOf(const TrialCondition& condition);
std::string_view toWord(Expected expected);

/// One condition, over all seeds.
struct TrialRow {
    TrialCondition condition;
    Proportion heldOut; ///< how often the primary claim is preferred, in phrasings that were not trained
    Proportion trained; ///< the same in phrasings that were: was it learnt at all?
    std::vector<Proportion> bySeed; ///< of `heldOut`
    double margin = 0; ///< nats per phrasing, held out
    double finalLoss = 0; ///< cross-entropy of the last step, mean over the seeds
    bool isAsExpected() const;
};

struct TrialReport {
    std::vector<TrialRow> rows;
    std::int64_t pairs = 0;
    std::int64_t documents = 0; ///< of one training
    std::vector<std::uint64_t> seeds;
    std::int64_t steps = 0;
    std::vector<std::string> notes; ///< what the reader should know
};

/// What a trial is told; references outlive it.
struct TrialRequest {
    const config::Config& config; ///< model, training, distrust; its corpus and its weighting are not looked at
    std::vector<TrialCondition> conditions = allConditions();
    std::int64_t pairs = 100; ///< to be generated, when there is no file
    std::int64_t seeds = 3; ///< trainings of each condition: config.training.seed and the ones after it
    std::filesystem::path pairsFile; ///< empty: generated, anew for each seed
    std::filesystem::path folder; ///< exists; gets corpus and outcome of every training, and one that is there is not made again
    std::stop_token stop;
    std::function<void(const std::string& activity, double share)> onProgress;
};

/// Does the loss make a model believe primary sources? Trains it, with the real trainer, on two sources that contradict
/// each other, and asks it in other words.
///
/// In one seed every condition has the same texts, the same first weights and the same order; only the labels or the
/// weighting differ. ErrorCode::Refused when stopped; whatever preparation and training refuse otherwise.
Result<TrialReport> runPreferenceTrial(const TrialRequest& request);

} // namespace dubito::session
