// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/RolledBack.h"

#include "backend/metrics/MetricsFile.h"
#include "tests/support/TemporaryFolder.h"

#include <gtest/gtest.h>

namespace dubito::session {
namespace {

TEST(RolledBack, HoldsTheStepsAfterTheCheckpointAndNoOther)
{
    const TemporaryFolder folder;
    const auto path = folder.path() / "metrics.jsonl";
    {
        auto file = metrics::MetricsFile::create(path, 1 << 30);
        ASSERT_TRUE(file);
        for (std::int64_t step = 1; step <= 1500; ++step) {
            ASSERT_TRUE(file->append({ step, std::chrono::milliseconds(step), { { metrics::Metric::CrossEntropy, 1.0 / static_cast<double>(step) } } }));
        }
        ASSERT_TRUE(file->flush());
    }
    const auto lost = readRolledBack(path, 1490);
    ASSERT_NE(lost, nullptr);
    ASSERT_EQ(lost->size(), 10U);
    EXPECT_EQ(lost->front().step, 1491);
    EXPECT_DOUBLE_EQ(lost->back().value, 1.0 / 1500);
    EXPECT_EQ(readRolledBack(path, 100)->size(), metrics::kMaxLatest) << "bounded";
    EXPECT_EQ(readRolledBack(path, 1500), nullptr) << "nothing is given up";
    EXPECT_EQ(readRolledBack(folder.path() / "absent", 3), nullptr);
}

} // namespace
} // namespace dubito::session
