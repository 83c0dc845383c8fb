// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/memory/RepeatProbe.h"

#include "backend/base/Text.h"

#include <gtest/gtest.h>

#include <memory>

namespace dubito::memory {
namespace {

constexpr RepeatWishes kFew { .times = 58, .warmUp = 10 };

class RepeatProbeTest : public testing::Test {
protected:
    RepeatVerdict probe(const std::function<Result<void>()>& operation, const RepeatWishes& wishes = kFew)
    {
        const auto verdict = RepeatProbe(m_pool, m_machine).run(operation, wishes);
        EXPECT_TRUE(verdict);
        return verdict ? *verdict : RepeatVerdict {};
    }

    TensorPool m_pool;
    LinuxMemoryProbe m_machine;
    std::vector<Block> m_blocks;
    std::vector<std::unique_ptr<char[]>> m_plain;
};

TEST_F(RepeatProbeTest, AnOperationThatGivesEverythingBackDoesNotLeak)
{
#ifdef DUBITO_SANITIZED
    GTEST_SKIP() << "a sanitizer keeps what was freed";
#endif
    const auto verdict = probe([&]() -> Result<void> {
        const auto block = m_pool.allocate(kMiB, Category::Activations);
        const std::vector<int> own(10'000, 1);
        return block ? Result<void>() : Result<void>(block.error());
    });
    EXPECT_FALSE(verdict.isLeak) << verdict.toText();
    EXPECT_EQ(verdict.done, kFew.times);
}

TEST_F(RepeatProbeTest, ATensorThatIsKeptIsALeakAndItsLineIsNamed)
{
    const auto verdict = probe([&]() -> Result<void> {
        m_blocks.push_back(*m_pool.allocate(64 << 10, Category::Data));
        return {};
    });
    EXPECT_TRUE(verdict.isLeak);
    EXPECT_TRUE(verdict.growth[0].isLeak) << verdict.toText();
    EXPECT_NEAR(verdict.growth[0].mbPerTime, 1.0 / 16, 0.001);
    ASSERT_FALSE(verdict.sites.empty());
    EXPECT_NE(verdict.sites.front().site.toText().find("RepeatProbeTest.cpp"), std::string::npos);
}

TEST_F(RepeatProbeTest, PlainMemoryThatIsKeptIsALeakToo)
{
#ifdef DUBITO_SANITIZED
    GTEST_SKIP() << "a sanitizer keeps what was freed";
#endif
    m_plain.reserve(1000);
    const auto verdict = probe([&]() -> Result<void> {
        m_plain.push_back(std::make_unique<char[]>(20'000));
        return {};
    });
    EXPECT_TRUE(verdict.growth[1].isLeak) << verdict.toText();
    EXPECT_FALSE(verdict.growth[0].isLeak);
    EXPECT_NEAR(verdict.growth[1].mbPerTime, 20'000.0 / kMiB, 0.002);
}

TEST_F(RepeatProbeTest, RunawayGrowthIsStopped)
{
    const auto verdict = probe(
        [&]() -> Result<void> {
            m_plain.push_back(std::make_unique<char[]>(4 * kMiB));
            return {};
        },
        { .times = 1000, .warmUp = 10, .hardStopBytes = 60 * kMiB });
    EXPECT_TRUE(verdict.isStopped);
    EXPECT_TRUE(verdict.isLeak);
    EXPECT_LT(verdict.done, 30);
    EXPECT_TRUE(verdict.toText().starts_with("stopped after"));
}

TEST_F(RepeatProbeTest, AnErrorOfTheOperationIsTheAnswer)
{
    const auto verdict = RepeatProbe(m_pool, m_machine)
                             .run([]() -> Result<void> { return Error { ErrorCode::Data, "no such file", "x" }; }, kFew);
    ASSERT_FALSE(verdict);
    EXPECT_EQ(verdict.error().message, "no such file");
}

} // namespace
} // namespace dubito::memory
