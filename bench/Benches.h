// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

/// The benches that are programs of their own: each prints one JSON line and returns an exit code.
namespace dubito::bench {

/// What stands behind the subcommand.
using Arguments = std::vector<std::string>;

/// `--shape smollm-135m|tiny|FILE --mode full --batch 4 --seq 256 --precision f32 --threads 2 --steps 8`
int runTrainStepBench(const Arguments& arguments);

} // namespace dubito::bench
