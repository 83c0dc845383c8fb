// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/common/ExitNet.h"

#include "backend/base/Guarded.h"

#include <gtest/gtest.h>

#include <cstdlib>

namespace dubito::app {
namespace {

/// Runs until it is asked to stop.
class Stoppable final : public session::SessionApi {
public:
    session::Snapshot snapshot() const override
    {
        session::Snapshot snapshot;
        snapshot.run = m_run.copy();
        return snapshot;
    }
    Result<void> post(session::Command command) override
    {
        if (std::holds_alternative<session::Stop>(command)) {
            m_run.update([](train::RunStatus& run) {
                run.state = train::RunState::Finished;
                run.ending = train::Ending::Stopped;
                run.runFolder = "runs/night";
            });
        }
        return {};
    }
    void begin()
    {
        m_run.update([](train::RunStatus& run) { run.state = train::RunState::Running; });
    }

private:
    Guarded<train::RunStatus> m_run;
};

class ExitNetDeathTest : public testing::Test {
protected:
    void SetUp() override { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
    Stoppable m_session;
};

TEST_F(ExitNetDeathTest, ALibraryThatEndsTheProgramLetsTheRunSaveFirst)
{
    EXPECT_EXIT(
        {
            m_session.begin();
            const ExitNet net(m_session);
            std::exit(1);
        },
        testing::ExitedWithCode(75), "saved and stops.*--resume --output runs/night");
}

} // namespace
} // namespace dubito::app
