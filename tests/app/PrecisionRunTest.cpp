// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/Bf16Gemm.h"
#include "tests/app/SmallRun.h"

#include <gtest/gtest.h>

#include <string_view>

namespace dubito::app {
namespace {

bool hasBf16() { return static_cast<bool>(model::checkBf16Products()); }

std::vector<double> losses(const SmallRun::Words& arguments)
{
    const SmallRun run;
    run.trainExpecting(0, arguments);
    std::vector<double> values;
    for (const auto& line : run.metrics()) {
        values.push_back(line.at("ce"));
    }
    return values;
}

/// The shipped model, as it is trained without any argument but the length.
const SmallRun::Words kHundredSteps { "--model", SmallRun::source() / "resources/tiny", "--steps", "100", "--seq-len", "48",
    "--learning-rate", "0.002", "--threads", "2" };

TEST(PrecisionRun, OnTheShippedSampleBf16StaysWithinAHundredthOfFloat32ForAHundredSteps)
{
    if (!hasBf16()) {
        return SmallRun().trainExpecting(2, { "--precision", "bf16" });
    }
    for (const auto& mode : { SmallRun::Words {}, SmallRun::Words { "--lora-rank", "4" } }) {
        const auto full = losses(with(kHundredSteps, mode));
        const auto narrow = losses(with(with(kHundredSteps, mode), { "--precision", "bf16" }));
        ASSERT_EQ(full.size(), 100U);
        ASSERT_EQ(narrow.size(), 100U);
        EXPECT_NE(full, narrow) << "the products did not run in BF16";
        for (std::size_t i = 0; i < full.size(); ++i) {
            EXPECT_NEAR(narrow[i], full[i], 1e-2 * full[i]) << "step " << i + 1;
        }
    }
}

TEST(PrecisionRun, CheckpointedGradientsDoNotChangeTheLoss)
{
    for (const auto& mode : { SmallRun::Words {}, SmallRun::Words { "--lora-rank", "2", "--set", "training.lora_dropout=0.1" } }) {
        const auto kept = losses(with(mode, { "--gradient-checkpointing", "off" }));
        EXPECT_EQ(kept, losses(with(mode, { "--gradient-checkpointing", "on" })));
        EXPECT_EQ(kept, losses(with(mode, { "--gradient-checkpointing", "auto" })));
    }
}

TEST(PrecisionRun, WithBf16ReloadsDoNotChangeTheLoss)
{
    if (hasBf16()) {
        EXPECT_EQ(losses({ "--precision", "bf16", "--reload-interval", "7" }), losses({ "--precision", "bf16" }));
    }
}

} // namespace
} // namespace dubito::app
