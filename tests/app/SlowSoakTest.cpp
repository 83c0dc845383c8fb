// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/app/SmallRun.h"

#include <gtest/gtest.h>

namespace dubito::app {
namespace {

TEST(SlowSoak, TwentyThousandStepsNeedNoMoreMemoryThanTwoThousand)
{
#ifdef __SANITIZE_ADDRESS__
    GTEST_SKIP() << "a sanitizer keeps what was freed";
#endif
    const SmallRun run;
    run.trainExpecting(0,
        { "--steps", "20000", "--checkpoint-interval", "2500", "--validation",
            SmallRun::source() / "resources/sample/val.jsonl", "--set", "training.evaluation_interval=1000" });
    const auto metrics = run.metrics();
    ASSERT_EQ(metrics.size(), 20'000U);
    EXPECT_LE(metrics.back().at("rss_mb").get<double>(), metrics.at(1999).at("rss_mb").get<double>() + 2);
    EXPECT_TRUE(run.events("act").empty());
}

} // namespace
} // namespace dubito::app
