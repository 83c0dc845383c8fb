// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/dashboard/Application.h"

#include "tests/support/SnapshotBuilder.h"

#include <gtest/gtest.h>

#include <QApplication>
#include <QFile>
#include <QImage>
#include <QTemporaryDir>

namespace dubito {
namespace {

using tests::SnapshotBuilder;

/// Makes two steps each time it is looked at, once it was started.
class SteppingSession final : public session::SessionApi {
public:
    session::Snapshot snapshot() const override
    {
        if (m_state == train::RunState::Running) {
            m_step += 2;
        }
        auto snapshot = m_state == train::RunState::Idle ? SnapshotBuilder().build() : SnapshotBuilder().recorded(m_step).state(m_state).build();
        snapshot.revision = ++m_revision;
        return snapshot;
    }

    Result<void> post(session::Command command) override
    {
        if (std::holds_alternative<session::Start>(command)) {
            m_state = train::RunState::Running;
        } else if (std::holds_alternative<session::Stop>(command)) {
            m_state = train::RunState::Finished;
        }
        return {};
    }

private:
    train::RunState m_state = train::RunState::Idle;
    mutable std::int64_t m_step = 0;
    mutable std::uint64_t m_revision = 0;
};

DashboardOptions pictureIn(const QString& file)
{
    DashboardOptions options;
    options.screenshot = file;
    options.begin = DashboardOptions::Begin::Start;
    options.afterSteps = 4;
    options.width = 1200;
    options.height = 800;
    return options;
}

TEST(Application, TakesAPictureAfterSomeStepsAndEndsWell)
{
    const QTemporaryDir folder;
    const QString file = folder.filePath(QStringLiteral("window.png"));
    Application application(std::make_unique<SteppingSession>(), pictureIn(file));
    EXPECT_EQ(application.run(), 0);
    EXPECT_EQ(QImage(file).size(), QSize(1200, 800));
}

TEST(Application, APlaceThatCannotBeWrittenIsExitCodeSix)
{
    Application application(std::make_unique<SteppingSession>(), pictureIn(QStringLiteral("/no/such/folder/window.png")));
    EXPECT_EQ(application.run(), 6);
}

} // namespace
} // namespace dubito
