// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/config/ConfigWatcher.h"

#include "tests/support/TemporaryFolder.h"

#include <gtest/gtest.h>

namespace dubito::config {
namespace {

class ConfigWatcherTest : public testing::Test {
protected:
    std::filesystem::path write(std::string_view text) const { return m_folder.write("my.yaml", text); }

    TemporaryFolder m_folder;
    std::filesystem::path m_file = write("training: {steps: 1}\n");
    ConfigWatcher m_watcher { m_file };
};

TEST_F(ConfigWatcherTest, AChangeIsToldOnceWithItsText)
{
    EXPECT_EQ(m_watcher.poll(), std::nullopt);
    write("training: {steps: 2}\n");
    EXPECT_EQ(m_watcher.poll(), std::nullopt) << "one look is not enough";
    EXPECT_EQ(m_watcher.poll(), "training: {steps: 2}\n");
    EXPECT_EQ(m_watcher.poll(), std::nullopt);
}

TEST_F(ConfigWatcherTest, AnEditorThatSavesByRenameIsNoticed)
{
    std::filesystem::rename(m_folder.write("my.yaml.new", "training: {steps: 3}\n"), m_file);
    m_watcher.poll();
    EXPECT_EQ(m_watcher.poll(), "training: {steps: 3}\n");
}

TEST_F(ConfigWatcherTest, AHalfWrittenFileIsLeftAlone)
{
    write("training: {ste");
    EXPECT_EQ(m_watcher.poll(), std::nullopt);
    write("training: {steps: 1");
    EXPECT_EQ(m_watcher.poll(), std::nullopt);
    write("training: {steps: 10}\n");
    EXPECT_EQ(m_watcher.poll(), std::nullopt);
    EXPECT_EQ(m_watcher.poll(), "training: {steps: 10}\n");
}

TEST_F(ConfigWatcherTest, AFileThatVanishesForAMomentIsWaitedFor)
{
    std::filesystem::remove(m_file);
    EXPECT_EQ(m_watcher.poll(), std::nullopt);
    EXPECT_EQ(m_watcher.poll(), std::nullopt);
    write("training: {steps: 1}\n");
    EXPECT_EQ(m_watcher.poll(), std::nullopt);
    EXPECT_EQ(m_watcher.poll(), std::nullopt) << "it says what it said before";
}

TEST_F(ConfigWatcherTest, AnEmptiedFileIsOneThatIsBeingWritten)
{
    write("");
    EXPECT_EQ(m_watcher.poll(), std::nullopt);
    EXPECT_EQ(m_watcher.poll(), std::nullopt);
    write("training: {steps: 2}\n");
    EXPECT_EQ(m_watcher.poll(), std::nullopt);
    EXPECT_EQ(m_watcher.poll(), "training: {steps: 2}\n");
}

TEST_F(ConfigWatcherTest, TouchingTheFileIsNoChange)
{
    std::filesystem::last_write_time(m_file, std::filesystem::file_time_type::clock::now() + std::chrono::hours(1));
    m_watcher.poll();
    EXPECT_EQ(m_watcher.poll(), std::nullopt);
}

TEST_F(ConfigWatcherTest, AFileThatWasAbsentAtFirstIsNewsWhenItComes)
{
    ConfigWatcher watcher(m_folder.path() / "later.yaml");
    EXPECT_EQ(watcher.poll(), std::nullopt);
    m_folder.write("later.yaml", "log: {level: warn}\n");
    watcher.poll();
    EXPECT_EQ(watcher.poll(), "log: {level: warn}\n");
}

} // namespace
} // namespace dubito::config
