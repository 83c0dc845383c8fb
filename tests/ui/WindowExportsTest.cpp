// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/WindowExports.h"

#include "tests/support/SnapshotBuilder.h"
#include "ui/ChartArea.h"

#include <gtest/gtest.h>

#include <QFile>
#include <QImage>
#include <QTemporaryDir>

namespace dubito::ui {
namespace {

struct WindowExportsTest : testing::Test {
    WindowExportsTest()
    {
        charts.resize(900, 700);
        charts.display(*run);
        charts.show();
    }

    SnapshotPointer run = std::make_shared<const session::Snapshot>(tests::SnapshotBuilder().recorded().build());
    ChartArea charts;
    QTemporaryDir folder;
};

TEST_F(WindowExportsTest, AReportHasAllCharts)
{
    const QString path = folder.filePath(QStringLiteral("report.html"));
    EXPECT_TRUE(exportReport(run, charts, path).contains(path));
    QFile file(path);
    ASSERT_TRUE(file.open(QIODevice::ReadOnly));
    const QByteArray html = file.readAll();
    EXPECT_GE(html.count("<svg"), 6);
    EXPECT_FALSE(html.contains("<?xml"));
}

TEST_F(WindowExportsTest, APictureIsTwiceTheWindowAndADrawingIsSvg)
{
    const QString picture = folder.filePath(QStringLiteral("window.png"));
    exportPicture(charts, picture);
    EXPECT_EQ(QImage(picture).size(), charts.size() * 2);
    const QString drawing = folder.filePath(QStringLiteral("window.svg"));
    exportPicture(charts, drawing);
    QFile file(drawing);
    ASSERT_TRUE(file.open(QIODevice::ReadOnly));
    EXPECT_TRUE(file.readAll().contains("<svg"));
}

TEST_F(WindowExportsTest, APlaceThatCannotBeWrittenIsSaidInWords)
{
    EXPECT_TRUE(exportReport(run, charts, QStringLiteral("/no/such/folder/r.html")).contains(QStringLiteral("/no/such/folder")));
}

} // namespace
} // namespace dubito::ui
