// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/common/ConfigOptions.h"
#include "backend/memory/RepeatProbe.h"

#include <cstdint>
#include <iosfwd>
#include <string>

namespace CLI {
class App;
}

namespace dubito::app {

enum class ProbeForm : std::uint8_t { Text, Json };

/// What `dubito probe` was asked.
struct ProbeQuestion {
    std::string operation = "step"; ///< a name of probeOperations()
    memory::RepeatWishes wishes;
    config::ConfigSources sources;
    ProbeForm form = ProbeForm::Text;
};

/// Repeats an operation on real model and corpus and says whether it leaks, to `out`. Returns 0 for no, 10 for a leak or
/// the hard stop, and the documented codes when the configuration, corpus or model cannot be taken (told in `problems`).
int probe(const ProbeQuestion& question, std::ostream& out, std::ostream& problems);

/// Adds `probe [OPERATION]`; `exitCode` is set when it was asked for, and must outlive `program`.
void addProbeCommand(CLI::App& program, int& exitCode);

} // namespace dubito::app
