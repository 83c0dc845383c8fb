// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/KnownShapes.h"

#include <algorithm>
#include <array>

namespace dubito::model {

namespace {

struct Shape {
    std::string_view name;
    std::int64_t hidden;
    std::int64_t layers;
    std::int64_t heads;
    std::int64_t kvHeads;
    std::int64_t headDim;
    std::int64_t intermediate;
    std::int64_t vocabulary;
    std::int64_t maxPositions;
    bool tiedHead;
    bool qkvBias;
};

/// As their config.json say.
constexpr std::array kShapes {
    Shape { "tiny", 256, 4, 4, 2, 64, 688, 2361, 2048, true, false },
    Shape { "smollm-135m", 576, 30, 9, 3, 64, 1536, 49152, 2048, true, false },
    Shape { "smollm-360m", 960, 32, 15, 5, 64, 2560, 49152, 2048, true, false },
    Shape { "qwen2-0.5b", 896, 24, 14, 2, 64, 4864, 151936, 32768, true, true },
    Shape { "tinyllama-1.1b", 2048, 22, 32, 4, 64, 5632, 32000, 2048, false, false },
    Shape { "llama-3.2-1b", 2048, 16, 32, 8, 64, 8192, 128256, 131072, true, false },
    Shape { "llama-2-7b", 4096, 32, 32, 32, 128, 11008, 32000, 4096, false, false },
    Shape { "mistral-7b", 4096, 32, 32, 8, 128, 14336, 32000, 32768, false, false },
    Shape { "llama-3-8b", 4096, 32, 32, 8, 128, 14336, 128256, 8192, false, false },
};

} // namespace

std::optional<ModelConfig> knownShape(std::string_view name)
{
    const auto shape = std::ranges::find(kShapes, name, &Shape::name);
    if (shape == kShapes.end()) {
        return std::nullopt;
    }
    ModelConfig config;
    config.architecture = shape->qkvBias ? Architecture::Qwen2 : Architecture::Llama;
    config.hidden = shape->hidden;
    config.layers = shape->layers;
    config.heads = shape->heads;
    config.kvHeads = shape->kvHeads;
    config.headDim = shape->headDim;
    config.intermediate = shape->intermediate;
    config.vocabulary = shape->vocabulary;
    config.maxPositions = shape->maxPositions;
    config.tiedHead = shape->tiedHead;
    config.qkvBias = shape->qkvBias;
    return config;
}

std::vector<std::string_view> knownShapeNames()
{
    std::vector<std::string_view> names;
    std::ranges::transform(kShapes, std::back_inserter(names), &Shape::name);
    return names;
}

} // namespace dubito::model
