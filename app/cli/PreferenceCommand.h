// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/config/ConfigLayers.h"
#include "backend/session/PreferenceTrial.h"

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace dubito::app {

/// What the trial trains with where the user has said nothing: short documents, many at a time, until they are known by
/// heart.
config::Config withTrialDefaults(const config::LayeredConfig& layered);

/// All conditions; or, when the user named a weighting, that one with its controls, and additive beside it.
std::vector<session::TrialCondition> conditionsOf(const config::LayeredConfig& layered);

/// The table for people, and the same as one JSON object.
std::string toTable(const session::TrialReport& report);
std::string toJson(const session::TrialReport& report);

/// Adds `preference`; `exitCode` is set when it was asked for, and must outlive `program`: 0 when the trial was made,
/// whatever came out, and 10 with --strict when something else came out than should.
void addPreferenceCommand(CLI::App& program, int& exitCode);

} // namespace dubito::app
