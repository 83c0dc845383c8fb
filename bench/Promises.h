// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

namespace dubito::bench {

/// One promise of the seed systems, and what is measured beside it.
struct Promise {
    std::string id; ///< "P6"
    std::string promised;
    std::string measured;
    bool isKept = false;
};

/// Those that need no run: rules, scopes, levels, health, streaming. Some seconds.
std::vector<Promise> promisesOfParts();

/// Those of the real program, with a small model. Half a minute.
std::vector<Promise> promisesOfRuns();

} // namespace dubito::bench
