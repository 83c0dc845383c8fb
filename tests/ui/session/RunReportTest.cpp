// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/RunReport.h"

#include "tests/support/SnapshotBuilder.h"

#include <gtest/gtest.h>

#include <QFile>
#include <QTemporaryDir>

namespace dubito::ui {
namespace {

using tests::SnapshotBuilder;

QString reportOf(const session::Snapshot& snapshot)
{
    return reportHtml(snapshot, { { QStringLiteral("Loss"), "<?xml version=\"1.0\"?><svg><desc>curve</desc></svg>" } },
        std::chrono::system_clock::time_point(std::chrono::hours(480'000)));
}

TEST(RunReport, HasTheAnswersTheChartsTheEventsAndTheConfiguration)
{
    config::Config config;
    config.training.seed = 4711;
    const QString html = reportOf(SnapshotBuilder().recorded().config(config).build());
    for (const char* wanted : { "Is it learning?", "<svg><desc>curve", "reload", "training.seed", "4711", "3,120 of 5,000" }) {
        EXPECT_TRUE(html.contains(QLatin1String(wanted))) << wanted;
    }
    EXPECT_FALSE(html.contains(QLatin1String("<?xml")));
}

TEST(RunReport, NeedsNothingElse)
{
    const QString html = reportOf(SnapshotBuilder().recorded().build());
    for (const char* foreign : { "http://", "https://", "src=", "<script", "<link" }) {
        EXPECT_FALSE(html.contains(QLatin1String(foreign))) << foreign;
    }
}

TEST(RunReport, WhatTheRunHoldsIsTextAndNeverMarkup)
{
    auto snapshot = SnapshotBuilder().recorded().event(session::EventKind::Warn, 1, "<script>alert(1)</script>").build();
    snapshot.run.runName = "<b>bold</b>";
    const QString html = reportOf(snapshot);
    EXPECT_FALSE(html.contains(QLatin1String("<script")));
    EXPECT_TRUE(html.contains(QLatin1String("&lt;b&gt;bold")));
}

TEST(RunReport, AnyRunMakesOne)
{
    for (const auto& snapshot : { session::Snapshot(), SnapshotBuilder().failed().build(), SnapshotBuilder().huge().build() }) {
        EXPECT_TRUE(reportOf(snapshot).endsWith(QLatin1String("</html>\n")));
    }
}

TEST(RunReport, IsWrittenWholeOrRefusedInWords)
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("report.html"));
    EXPECT_TRUE(saveReport(QStringLiteral("<p>é</p>"), path));
    QFile file(path);
    ASSERT_TRUE(file.open(QIODevice::ReadOnly));
    EXPECT_EQ(file.readAll(), QByteArray("<p>é</p>"));
    const auto refused = saveReport({}, QStringLiteral("/no/such/folder/report.html"));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::Output);
}

} // namespace
} // namespace dubito::ui
