// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/dashboard/Album.h"

#include "tests/support/FakeSession.h"
#include "tests/support/SnapshotBuilder.h"

#include <gtest/gtest.h>

#include <QApplication>
#include <QImage>
#include <QSignalSpy>
#include <QTemporaryDir>

namespace dubito {
namespace {

using tests::SnapshotBuilder;

struct AlbumTest : testing::Test {
    AlbumTest()
    {
        session.show(SnapshotBuilder().recorded().build());
        window.show();
        snapshots.poll();
    }
    ~AlbumTest() override { ui::applyTheme(*qApp, ui::Scheme::Light); }

    tests::FakeSession session;
    ui::SnapshotSignals snapshots { session };
    ui::MainWindow window { session, snapshots, ui::MainWindow::Memory::Forget };
};

TEST_F(AlbumTest, WritesEveryViewInTheThemeThatWasAskedFor)
{
    const QTemporaryDir folder;
    Album album(window, { folder.path(), { AlbumView::Narrow, AlbumView::Data }, { ui::ThemeChoice::Dark }, QStringLiteral("-x"), std::chrono::milliseconds(100) });
    QSignalSpy done(&album, &Album::done);
    album.take();
    ASSERT_TRUE(done.wait(30'000));
    EXPECT_EQ(done.front().front().toString(), QString());
    EXPECT_EQ(QImage(folder.filePath(QStringLiteral("narrow-dark-x.png"))).size(), QSize(1100, 700));
    EXPECT_EQ(QImage(folder.filePath(QStringLiteral("data-dark-x.png"))).size(), QSize(1600, 1000));
}

TEST_F(AlbumTest, AFolderThatIsNotThereIsNamed)
{
    Album album(window, { QStringLiteral("/no/such/folder"), { AlbumView::Main }, { ui::ThemeChoice::Light }, {}, std::chrono::milliseconds(100) });
    QSignalSpy done(&album, &Album::done);
    album.take();
    ASSERT_TRUE(done.wait(30'000));
    EXPECT_TRUE(done.front().front().toString().contains(QStringLiteral("/no/such/folder")));
}

TEST_F(AlbumTest, WaitsForTheMomentOfItsViews)
{
    const Album main(window, { QStringLiteral("x"), { AlbumView::Main }, {}, {} });
    EXPECT_FALSE(main.isMoment(SnapshotBuilder().running(10).build(), 20));
    auto running = SnapshotBuilder().running(20).build();
    running.memory.leak = {};
    EXPECT_FALSE(main.isMoment(running, 20)) << "nobody knows yet whether it leaks";
    running.memory.leak.nothingAbove = 0.1;
    EXPECT_TRUE(main.isMoment(running, 20));
    EXPECT_TRUE(main.isMoment(SnapshotBuilder().failed().build(), 9000)) << "a run that has ended comes no further";
    const Album act(window, { QStringLiteral("x"), { AlbumView::Act }, {}, {} });
    EXPECT_FALSE(act.isMoment(SnapshotBuilder().running(90).build(), 1));
    EXPECT_TRUE(act.isMoment(SnapshotBuilder().leaking().build(), 1));
    EXPECT_TRUE(Album::needsNoRun({ QStringLiteral("x"), { AlbumView::Empty }, {}, {} }));
    EXPECT_FALSE(Album::needsNoRun({ QStringLiteral("x"), { AlbumView::Empty, AlbumView::Main }, {}, {} }));
}

} // namespace
} // namespace dubito
