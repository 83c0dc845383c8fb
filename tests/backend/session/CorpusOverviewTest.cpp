// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/CorpusOverview.h"

#include "backend/distrust/Weighting.h"
#include "backend/metrics/Metric.h"
#include "backend/session/Preparation.h"
#include "tests/support/SmallRun.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace dubito::session {
namespace {

std::shared_ptr<const CorpusOverview> overview(SmallRun& small, const config::Config& config)
{
    Tally tally;
    const auto prepared = prepare({ config, small.folder.path(), tally, {}, [](const std::string&, double) {} });
    EXPECT_TRUE(prepared) << (prepared ? "" : toText(prepared.error()));
    return prepared ? overviewOf(*prepared, config.distrust) : nullptr;
}

TEST(CorpusOverview, CountsEveryDocumentAndItsSharesAreWhole)
{
    SmallRun small;
    const auto seen = overview(small, small.config());
    ASSERT_NE(seen, nullptr);
    EXPECT_EQ(seen->documents, 24);
    double documents = 0, gradient = 0;
    for (const auto& share : seen->sources) {
        documents += share.ofDocuments;
        gradient += share.ofGradient;
        ASSERT_LT(share.source, metrics::kSourceWords.size());
    }
    EXPECT_NEAR(documents, 1, 1e-12);
    EXPECT_NEAR(gradient, 1, 1e-12);
    EXPECT_TRUE(std::ranges::is_sorted(seen->sources, std::ranges::greater(), &SourceShare::ofGradient));
    EXPECT_EQ(seen->dots.size(), 24U);
}

TEST(CorpusOverview, ALargeCorpusIsStoodForByEvenlyChosenDocuments)
{
    SmallRun small;
    small.folder.write("train.jsonl", SmallRun::corpus(2000));
    const auto seen = overview(small, small.config());
    ASSERT_NE(seen, nullptr);
    ASSERT_EQ(seen->dots.size(), CorpusOverview::kMostDots);
    EXPECT_EQ(seen->dots.front().id, "doc-0");
    EXPECT_GE(seen->dots.back().index, 1990);
}

TEST(CorpusOverview, ALevelLiesWhereTheWeightIsWhatItSays)
{
    SmallRun small;
    auto config = small.config();
    for (const auto mode : { config::WeightingMode::Monotone, config::WeightingMode::Published }) {
        config.distrust.weighting = mode;
        const auto seen = overview(small, config);
        ASSERT_NE(seen, nullptr);
        ASSERT_FALSE(seen->levels.empty());
        for (const auto& level : seen->levels) {
            EXPECT_NEAR(distrust::weightOf(level.doubt, config.distrust) / seen->weightMean, level.weight, level.weight * 0.01);
        }
    }
}

TEST(CorpusOverview, NamesTheLinesThatWereSkipped)
{
    SmallRun small;
    small.folder.write("train.jsonl", SmallRun::corpus(24) + "not json\n{\"title\":\"no text\"}\n");
    const auto seen = overview(small, small.config());
    ASSERT_NE(seen, nullptr);
    EXPECT_EQ(seen->skippedLines, 2);
    ASSERT_EQ(seen->firstSkipped.size(), 2U);
    EXPECT_NE(seen->firstSkipped[0].find("train.jsonl:25"), std::string::npos) << seen->firstSkipped[0];
}

} // namespace
} // namespace dubito::session
