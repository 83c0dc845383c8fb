// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/model/ModelConfig.h"

namespace dubito::model {

/// A model that is small enough for central differences: hidden 24, two layers, 4/2 heads of 6, a tied head.
inline ModelConfig smallConfig()
{
    ModelConfig config;
    config.hidden = 24;
    config.layers = 2;
    config.heads = 4;
    config.kvHeads = 2;
    config.headDim = 6;
    config.intermediate = 40;
    config.vocabulary = 31;
    config.maxPositions = 128;
    config.tiedHead = true;
    return config;
}

/// The same with an untied head, heads wider than hidden / heads, and every bias there is.
inline ModelConfig withEveryBias()
{
    ModelConfig config = smallConfig();
    config.tiedHead = false;
    config.qkvBias = true;
    config.outputBias = true;
    config.mlpBias = true;
    config.headDim = 10;
    return config;
}

} // namespace dubito::model
