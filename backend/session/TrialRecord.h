// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Error.h"
#include "backend/config/Config.h"
#include "backend/session/PreferenceMeasure.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>

namespace dubito::session {

/// What one training of a trial came to.
struct TrialOutcome {
    Preference heldOut;
    Preference trained;
    double finalLoss = 0; ///< cross-entropy of the last step
    std::int64_t documents = 0;
};

/// The outcome of one training in a file, so that a trial that was stopped is gone on with and not begun anew.
///
/// It counts only for the very same training: it names what was trained by `identity`, and one with another is as good
/// as none. Damage too: then the training is made again.
struct TrialRecord {
    std::filesystem::path file;
    std::string identity;

    std::optional<TrialOutcome> read() const;

    /// ErrorCode::Output.
    Result<void> write(const TrialOutcome& outcome) const;
};

/// A checksum of all that decides what a training comes to: the keys of model, training and distrust (but where it
/// writes), the corpus as it is trained on, and what is asked.
std::string identityOf(const config::Config& config, const std::string& corpus, std::span<const ClaimPair> pairs);

} // namespace dubito::session
