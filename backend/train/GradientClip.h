// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Parallel.h"

#include <span>

namespace dubito::train {

/// √(Σ g²) over a gradient block, summed in double; a fixed order for a fixed number of threads.
double globalNorm(std::span<const float> gradients, Parallel& parallel);

/// The factor that brings a gradient of this norm down to `limit`: min(1, limit / (norm + 1e-6)), as PyTorch computes
/// it. A limit of 0 means no clipping.
double clipFactor(double norm, double limit);

} // namespace dubito::train
