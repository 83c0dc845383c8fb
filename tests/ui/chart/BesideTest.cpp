// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chart/Beside.h"

#include "tests/support/SnapshotBuilder.h"
#include "ui/memory/CategoryPlot.h"
#include "ui/memory/MemoryPlot.h"
#include "ui/metrics/LossPlot.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace {

using namespace dubito;
using namespace dubito::ui::chart;
using tests::SnapshotBuilder;

TEST(Beside, TheLineThatIsReadFirstOfTheOtherRunIsBehindAndNamedAfterIt)
{
    auto content = ui::metrics::lossContent(SnapshotBuilder().recorded(3000).build());
    const auto tracks = content.tracks.size();
    layBeside(content, ui::metrics::lossContent(SnapshotBuilder().recorded(500).build()), QStringLiteral("tuesday"));
    ASSERT_EQ(content.tracks.size(), tracks + 1);
    EXPECT_EQ(content.tracks.front().key, QStringLiteral("beside/ce"));
    EXPECT_TRUE(content.tracks.front().title.contains(QStringLiteral("tuesday")));
    EXPECT_LE(content.tracks.front().points.back().step, 500);
    EXPECT_EQ(content.tracks.front().ink, Ink::G2);
    const auto between = std::ranges::count_if(content.tracks, [&](const Track& track) { return track.rank > 1 && track.rank < content.tracks.front().rank; });
    EXPECT_EQ(between, 0) << "the legend reads CE, then CE of the other run";
}

TEST(Beside, AStackIsNotComparedByEye)
{
    auto content = ui::memory::categoryContent(SnapshotBuilder().recorded(3000).build());
    const auto tracks = content.tracks.size();
    layBeside(content, ui::memory::categoryContent(SnapshotBuilder().recorded(500).build()), QStringLiteral("x"));
    EXPECT_EQ(content.tracks.size(), tracks);
}

TEST(Beside, AnEmptyRunAddsNothing)
{
    auto content = ui::memory::memoryContent(SnapshotBuilder().recorded(3000).build());
    const auto tracks = content.tracks.size();
    layBeside(content, ui::memory::memoryContent({}), QStringLiteral("x"));
    EXPECT_EQ(content.tracks.size(), tracks);
}

} // namespace
