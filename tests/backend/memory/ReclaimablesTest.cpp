// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/memory/Reclaimables.h"

#include <utility>

#include <gtest/gtest.h>

namespace dubito::memory {
namespace {

Reclaimable cacheOf(std::string name, int priority, std::int64_t& bytes)
{
    return { .name = std::move(name),
        .priority = priority,
        .bytes = [&bytes] { return bytes; },
        .drop = [&bytes] { return std::exchange(bytes, 0); } };
}

TEST(Reclaimables, TheCheapestGoesFirstAndOnlyAsManyAsNeeded)
{
    std::int64_t dear = 500;
    std::int64_t cheap = 300;
    Reclaimables caches;
    caches.add(cacheOf("dear", 5, dear));
    caches.add(cacheOf("cheap", 1, cheap));
    const Reclaimed some = caches.reclaim(200);
    EXPECT_EQ(some.bytes, 300);
    EXPECT_EQ(some.names, std::vector<std::string> { "cheap" });
    EXPECT_EQ(dear, 500);
    EXPECT_EQ(caches.bytes(), 500);
}

TEST(Reclaimables, ARequestIsCarriedOutOnceByTheOwner)
{
    std::int64_t bytes = 300;
    Reclaimables caches;
    caches.add(cacheOf("pages", 1, bytes));
    EXPECT_FALSE(caches.obey());
    caches.request();
    EXPECT_EQ(bytes, 300);
    EXPECT_EQ(caches.obey()->bytes, 300);
    EXPECT_FALSE(caches.obey());
}

TEST(Reclaimables, WhatWasRemovedIsNeverTouched)
{
    std::int64_t bytes = 300;
    Reclaimables caches;
    caches.remove(caches.add(cacheOf("pages", 1, bytes)));
    EXPECT_EQ(caches.reclaimAll().bytes, 0);
    EXPECT_EQ(bytes, 300);
}

} // namespace
} // namespace dubito::memory
