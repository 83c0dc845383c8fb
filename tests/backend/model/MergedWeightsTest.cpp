// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/MergedWeights.h"

#include "tests/backend/model/AdapterSample.h"

#include <gtest/gtest.h>

namespace dubito::model {
namespace {

TEST(MergedWeights, ATargetGetsTheScaledProductAndNothingElseChanges)
{
    const AdapterSample sample;
    const auto layout = ParameterLayout::of(sampleBase());
    const auto block = sampleBlock(layout);
    auto merged = block;
    for (const Parameter& parameter : layout.parameters()) {
        addAdapter(parameter, { sample.config.lora, sample.layout, sample.block },
            std::span(merged).subspan(static_cast<std::size_t>(parameter.offset), static_cast<std::size_t>(parameter.count)));
    }

    const std::string module = "model.layers.0.self_attn.q_proj";
    const auto* weight = layout.find(module + ".weight");
    const auto* a = sample.layout.find(module + std::string(kLoraA));
    const auto* b = sample.layout.find(module + std::string(kLoraB));
    const auto value = [&](const Parameter* parameter, std::int64_t i) {
        return static_cast<double>(sample.block[static_cast<std::size_t>(parameter->offset + i)]);
    };
    // Row 3, column 5; rank 2, scale 3/2.
    const double added = 1.5 * (value(b, 6) * value(a, 5) + value(b, 7) * value(a, 16 + 5));
    const auto at = static_cast<std::size_t>(weight->offset + 3 * 16 + 5);
    EXPECT_NEAR(static_cast<double>(merged[at]), static_cast<double>(block[at]) + added, 1e-5);

    const auto* other = layout.find("model.layers.0.self_attn.k_proj.weight");
    EXPECT_EQ(merged[static_cast<std::size_t>(other->offset)], block[static_cast<std::size_t>(other->offset)]);
}

} // namespace
} // namespace dubito::model
