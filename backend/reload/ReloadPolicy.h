// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/reload/ReloadStatus.h"

#include <cstdint>

namespace dubito::reload {

/// What is known at a step boundary. Bytes are of the anonymous part of RSS.
struct ReloadFacts {
    bool requested = false; ///< somebody pressed the button
    bool leakMustAct = false;
    bool overBudget = false;
    bool underPressure = false;
    std::int64_t stepsSinceReload = 0; ///< or since the start
    std::int64_t residentBytes = 0;
    std::int64_t residentBytesAfterReload = 0; ///< what a fresh model needs
    std::int64_t residentBytesSettled = 0; ///< the most in the first steps after a reload; 0: not known, or it did not help
};

struct ReloadRules {
    std::int64_t intervalSteps = 0; ///< 0 = off
    std::int64_t thresholdBytes = 0; ///< 0 = off
};

/// Decides whether the model is due for a reload, and why.
///
/// Asked by Run once per step. Pure: no clock, no probe, no memory of what it said before.
/// It does not reload (ReloadLadder does) and does not count reloads (ReloadBudget does).
ReloadCause dueReload(const ReloadFacts& now, const ReloadRules& rules);

/// A threshold below what even a fresh model needs would reload for ever: it is never due, and said aloud.
bool isAttainable(const ReloadFacts& now, const ReloadRules& rules);

/// Memory that a reload brought clearly below the threshold has grown past it again, beyond what a step needs: within a
/// cool-down that is runaway growth, and only the next reload keeps the promise of the threshold.
bool isRunaway(const ReloadFacts& now, const ReloadRules& rules);

} // namespace dubito::reload
