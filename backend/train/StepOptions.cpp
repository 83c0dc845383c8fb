// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/train/StepOptions.h"

namespace dubito::train {

namespace {

std::int64_t heldBytes(const model::ModelConfig& model, const model::TrainingShape& shape)
{
    std::int64_t bytes = 0;
    for (const auto& row : model::footprintOf(model, shape)) {
        bytes += row.bytes;
    }
    return bytes;
}

bool recomputes(config::GradientCheckpointing wish, const model::ModelConfig& model, const model::TrainingShape& kept,
    std::int64_t roomBytes)
{
    switch (wish) {
    case config::GradientCheckpointing::Off:
        return false;
    case config::GradientCheckpointing::On:
        return true;
    case config::GradientCheckpointing::Auto:
        break;
    }
    return roomBytes > 0 && heldBytes(model, kept) > roomBytes;
}

} // namespace

model::ModelOptions stepOptions(const config::Training& training, const model::ModelConfig& model,
    model::TrainingShape shape, std::int64_t roomBytes)
{
    shape.options = {};
    if (training.precision == config::Precision::Bf16) {
        shape.options.products = model::Products::Bf16;
    }
    if (recomputes(training.gradientCheckpointing, model, shape, roomBytes)) {
        shape.options.recompute = model::Recompute::On;
    }
    return shape.options;
}

} // namespace dubito::train
