// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/provenance/Markers.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace dubito::provenance {
namespace {

std::int64_t countOf(MarkerKind kind) { return std::ranges::count(markers(), kind, &Marker::kind); }

TEST(Markers, AreAsManyAsPublished)
{
    EXPECT_EQ(countOf(MarkerKind::Institution), 23);
    EXPECT_EQ(countOf(MarkerKind::Consensus), 12);
    EXPECT_EQ(countOf(MarkerKind::Primary), 28);
    EXPECT_EQ(priors().size(), 13U);
}

TEST(Markers, AreLowerCaseAscii)
{
    for (const Marker& marker : markers()) {
        EXPECT_TRUE(std::ranges::all_of(marker.text, [](char c) {
            return c >= ' ' && c <= 'z' && !(c >= 'A' && c <= 'Z');
        })) << marker.text;
    }
}

TEST(Markers, PatentCountsByItsWordAndByItsNumber)
{
    std::vector<std::uint8_t> groups;
    for (const Marker& marker : markers()) {
        if (marker.kind == MarkerKind::Class && marker.sourceClass == SourceClass::Patent) {
            groups.push_back(marker.group);
        }
    }
    std::ranges::sort(groups);
    groups.erase(std::ranges::unique(groups).begin(), groups.end());
    EXPECT_EQ(groups.size(), 2U);
}

TEST(Markers, ATypeWithoutAPriorIsInTheMiddle)
{
    EXPECT_EQ(priorOf("wiki").authority, 0.90);
    EXPECT_EQ(priorOf("Wiki").authority, 0.50);
    EXPECT_EQ(priorOf("lab_notebook").entropy, 3.0);
}

} // namespace
} // namespace dubito::provenance
