// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/train/ProgressFile.h"

#include "tests/support/CheckpointSample.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <bit>
#include <limits>

namespace dubito::train {
namespace {

using testing::HasSubstr;

TEST(ProgressFile, EveryFieldComesBackBitForBit)
{
    TrainProgress progress = CheckpointSample(120).progress;
    progress.bestValidation = 3.0000000000000004;
    progress.bestStep = 100;
    const auto read = parseStateJson(toStateJson(progress), "state.json");
    ASSERT_TRUE(read) << toText(read.error());
    EXPECT_EQ(*read, progress);
}

TEST(ProgressFile, WithoutAValidationYetTheBestIsInfinite)
{
    const TrainProgress progress = CheckpointSample(1).progress;
    EXPECT_EQ(parseStateJson(toStateJson(progress), "s")->bestValidation, std::numeric_limits<double>::infinity());
}

TEST(ProgressFile, WordsOf64BitsDoNotGoThroughADouble)
{
    TrainProgress progress;
    progress.random.words = { ~0ULL, 0x8000000000000001ULL, 1, 0 };
    progress.random.spareBits = std::bit_cast<std::uint64_t>(0.1);
    EXPECT_EQ(parseStateJson(toStateJson(progress), "s")->random, progress.random);
}

TEST(ProgressFile, AFieldThatIsGoneOrWrongIsNamed)
{
    const auto good = nlohmann::json::parse(toStateJson(CheckpointSample(5).progress));
    for (const char* key : { "step", "total_steps", "tokens_seen", "epoch", "position", "batch_size", "accumulate",
             "best_step", "random" }) {
        auto json = good;
        json.erase(key);
        const auto read = parseStateJson(json.dump(), "state.json");
        ASSERT_FALSE(read) << key;
        EXPECT_THAT(read.error().message, HasSubstr(key));
        json[key] = "text";
        EXPECT_FALSE(parseStateJson(json.dump(), "state.json")) << key;
    }
    EXPECT_FALSE(parseStateJson("", "state.json"));
    EXPECT_FALSE(parseStateJson("[]", "state.json"));
    const std::string deep = std::string(400'000, '[') + std::string(400'000, ']');
    EXPECT_FALSE(parseStateJson("{\"step\": " + deep + "}", "state.json"));
}

} // namespace
} // namespace dubito::train
