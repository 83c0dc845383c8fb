// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Random.h"
#include "backend/train/Checkpoint.h"
#include "backend/train/TrainState.h"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace dubito::train {

/// A small training state with a number in every place, for tests of checkpoints.
struct CheckpointSample {
    explicit CheckpointSample(std::int64_t step, std::int64_t hidden = 6)
    {
        config.hidden = hidden;
        config.layers = 1;
        config.heads = 3;
        config.kvHeads = 1;
        config.headDim = 4;
        config.intermediate = 10;
        config.vocabulary = 7;
        layout = model::ParameterLayout::of(config);
        Random random(static_cast<std::uint64_t>(step) + 1);
        for (auto* block : { &parameters, &firstMoments, &secondMoments }) {
            block->assign(static_cast<std::size_t>(layout.blockSize()), 0.0F);
            for (const model::Parameter& parameter : layout.parameters()) {
                for (std::int64_t i = 0; i < parameter.count; ++i) {
                    (*block)[static_cast<std::size_t>(parameter.offset + i)] = static_cast<float>(random.normal());
                }
            }
        }
        progress.step = step;
        progress.totalSteps = 1000;
        progress.tokensSeen = 12'345'678'901;
        progress.epoch = 3;
        progress.position = 17;
        progress.random = random.state();
        progress.batchSize = 2;
        progress.accumulate = 2;
        progress.weightMean = 0.1 + 0.2;
        progress.fingerprint = "0123abcd";
        companions = { { "config.json", model::toConfigJson(config) }, { "tokenizer.json", "{}" } };
    }

    /// Nothing in it, to be loaded into.
    static CheckpointSample empty(std::int64_t hidden = 6)
    {
        CheckpointSample sample(0, hidden);
        for (auto* block : { &sample.parameters, &sample.firstMoments, &sample.secondMoments }) {
            std::fill(block->begin(), block->end(), -1.0F);
        }
        return sample;
    }

    TrainStateView view() const { return { &layout, parameters, firstMoments, secondMoments, progress }; }
    TrainStateTarget target() { return { &layout, parameters, firstMoments, secondMoments }; }

    model::ModelConfig config;
    model::ParameterLayout layout;
    std::vector<float> parameters;
    std::vector<float> firstMoments;
    std::vector<float> secondMoments;
    TrainProgress progress;
    CompanionFiles companions;
};

} // namespace dubito::train
