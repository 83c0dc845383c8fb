// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/memory/SiteWatch.h"

#include "backend/base/Text.h"

#include <gtest/gtest.h>

namespace dubito::memory {
namespace {

class SiteWatchTest : public testing::Test {
protected:
    /// So many steps in each of which one line leaks a block, and another gives back what it took.
    void leak(std::int64_t steps, std::int64_t bytes)
    {
        for (std::int64_t i = 0; i < steps; ++i) {
            const auto batch = m_table.add(std::source_location::current(), Category::Data, 100);
            m_table.remove(batch, 100);
            m_table.add(m_leaking, Category::Activations, bytes);
            if (m_watch.isDue(++m_step)) {
                m_watch.remember(m_step, m_table.snapshot());
            }
        }
    }

    std::vector<GrowingSite> grown() const { return m_watch.grown(m_step, m_table.snapshot()); }

    const std::source_location m_leaking = std::source_location::current();
    SiteTable m_table;
    SiteWatch m_watch;
    std::int64_t m_step = 0;
};

TEST_F(SiteWatchTest, TheLeakingLineIsNamedWithItsRate)
{
    leak(400, kMiB / 2);
    const auto named = grown();
    ASSERT_EQ(named.size(), 1U);
    EXPECT_NE(named[0].site.find("SiteWatchTest.cpp"), std::string::npos);
    EXPECT_NE(named[0].site.find("(activations)"), std::string::npos);
    EXPECT_DOUBLE_EQ(named[0].mbPerStep, 0.5);
    EXPECT_DOUBLE_EQ(named[0].blocksPerStep, 1.0);
}

TEST_F(SiteWatchTest, EvidenceIsOlderThanTheNewestPicture)
{
    leak(SiteWatch::kBetween * 3 + 1, 10);
    EXPECT_GE(grown().at(0).blocks, SiteWatch::kBetween);
    EXPECT_LE(grown().at(0).blocks, 2 * SiteWatch::kBetween);
}

TEST_F(SiteWatchTest, BeforeTheFirstPictureAndAfterARestartNobodyIsNamed)
{
    EXPECT_TRUE(grown().empty());
    leak(200, 10);
    EXPECT_FALSE(grown().empty());
    m_watch.restart();
    EXPECT_TRUE(grown().empty());
}

} // namespace
} // namespace dubito::memory
