// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/memory/MemoryScope.h"

#include "backend/base/Text.h"
#include "tests/support/FakeProbe.h"

#include <stdexcept>

#include <gtest/gtest.h>

namespace dubito::memory {
namespace {

struct Bench {
    TensorPool pool;
    FakeProbe probe;
    SystemClock clock;
    ScopeLog log { pool, probe, clock };

    Block take(std::size_t mb) { return std::move(pool.allocate(mb << 20, Category::Data)).value(); }
};

TEST(MemoryScope, ReportsWhatStayedAndThePeakInBetween)
{
    Bench bench;
    Block kept;
    {
        const MemoryScope scope(&bench.log, "load");
        const Block passing = bench.take(30);
        kept = bench.take(4);
    }
    const ScopeReport& report = bench.log.reports().newest();
    EXPECT_EQ(report.name, "load");
    EXPECT_EQ(report.poolDelta, 4 * kMiB);
    EXPECT_EQ(report.poolPeak, 34 * kMiB);
    EXPECT_FALSE(report.isLarge());
}

TEST(MemoryScope, NestedScopesKnowTheirDepthAndOwnPeak)
{
    Bench bench;
    {
        const MemoryScope outer(&bench.log, "outer");
        bench.take(50);
        {
            const MemoryScope inner(&bench.log, "inner");
            bench.take(20);
        }
        bench.take(10);
    }
    EXPECT_EQ(bench.log.reports()[0].name, "inner");
    EXPECT_EQ(bench.log.reports()[0].depth, 1);
    EXPECT_EQ(bench.log.reports()[0].poolPeak, 20 * kMiB);
    EXPECT_EQ(bench.log.reports()[1].poolPeak, 50 * kMiB);
    EXPECT_EQ(bench.log.reports()[1].depth, 0);
}

TEST(MemoryScope, AnExceptionEndsItWithAReport)
{
    Bench bench;
    try {
        const MemoryScope scope(&bench.log, "failing");
        throw std::runtime_error("x");
    } catch (const std::runtime_error&) {
    }
    EXPECT_FALSE(bench.log.reports().newest().ended);
    const MemoryScope next(&bench.log, "next");
    EXPECT_EQ(bench.log.reports().newest().depth, 0);
}

TEST(MemoryScope, EveryReportIsHandedOutOnceAndMoreThanTenMegabytesThatStayAreLarge)
{
    Bench bench;
    for (const std::int64_t mebibytes : { 12, 8 }) {
        const MemoryScope scope(&bench.log, "grow");
        bench.probe.processMemory.resident += mebibytes * kMiB;
    }
    const auto reports = bench.log.takeNew();
    ASSERT_EQ(reports.size(), 2U);
    EXPECT_TRUE(reports[0].isLarge());
    EXPECT_NE(reports[0].toText().find("grow: +0 KiB tensors and +12"), std::string::npos) << reports[0].toText();
    EXPECT_FALSE(reports[1].isLarge());
    EXPECT_TRUE(bench.log.takeNew().empty());
}

TEST(MemoryScope, ACopyInFlightIsNothingThatStayed)
{
    Bench bench;
    Block copy;
    {
        const MemoryScope scope(&bench.log, "checkpoint", Leaves::CopyInFlight);
        copy = bench.take(40);
    }
    EXPECT_FALSE(bench.log.reports().newest().isLarge());
    EXPECT_NE(bench.log.reports().newest().toText().find("+40 MiB tensors"), std::string::npos);
}

TEST(MemoryScope, WithoutALogNothingHappens)
{
    const MemoryScope scope(nullptr, "off");
}

TEST(MemoryScope, ItsHistoryIsBounded)
{
    Bench bench;
    for (int i = 0; i < 1000; ++i) {
        const MemoryScope scope(&bench.log, "again");
    }
    EXPECT_EQ(bench.log.reports().size(), 256U);
}

} // namespace
} // namespace dubito::memory
