// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/memory/MemoryPlan.h"

#include <gtest/gtest.h>

namespace dubito::memory {
namespace {

TEST(MemoryPlan, AddsUpByCategoryAndInAll)
{
    MemoryPlan plan;
    plan.add(Category::Weights, 100, "parameters");
    plan.add(Category::Optimizer, 200, "moments");
    plan.add(Category::Weights, 7, "an adapter");
    plan.programBytes = 1000;
    EXPECT_EQ(plan.byCategory()[toIndex(Category::Weights)], 107);
    EXPECT_EQ(plan.byCategory()[toIndex(Category::Optimizer)], 200);
    EXPECT_EQ(plan.byCategory()[toIndex(Category::Data)], 0);
    EXPECT_EQ(plan.tensorBytes(), 307);
    EXPECT_EQ(plan.peakBytes(), 1307);
}

} // namespace
} // namespace dubito::memory
