// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/metrics/HeldOutPlot.h"

#include "tests/support/SnapshotBuilder.h"

#include <gtest/gtest.h>

namespace dubito::ui::metrics {
namespace {

TEST(HeldOutPlot, HasALineForEachClassThatWasEvaluated)
{
    const auto content = heldOutContent(tests::SnapshotBuilder()
                                            .series(dubito::metrics::Metric::ValidationArchive, { 4, 3 }, 100)
                                            .series(dubito::metrics::Metric::ValidationGovernment, { 5, 4.5 }, 100)
                                            .build());
    ASSERT_EQ(content.tracks.size(), 2U);
    EXPECT_EQ(content.tracks[0].title, QStringLiteral("archive"));
    EXPECT_NE(content.tracks[0].ink, content.tracks[1].ink);
    EXPECT_FALSE(heldOutContent({}).emptyText.isEmpty());
}

} // namespace
} // namespace dubito::ui::metrics
