// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace dubito::bench {

/// Writes a recorded run of so many steps into a temporary folder, opens it as the window does, and zooms and pans
/// through it. Prints as JSON: seconds until the run was read and until its first frame stood, and the time of a frame.
/// Requires: a QApplication. The answer is an exit code.
int openRecordedRun(std::int64_t steps);

} // namespace dubito::bench
