// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/log/Log.h"

#include "backend/base/AtomicFile.h"
#include "backend/base/Worker.h"

#include <gtest/gtest.h>

#include <filesystem>

namespace dubito::log {
namespace {

LogOptions quiet(LogLevel level = LogLevel::Info) { return { .level = level, .console = Console::Off, .tailLines = 100 }; }

class LogTest : public testing::Test {
protected:
    LogTest() { std::filesystem::remove_all(m_folder), std::filesystem::create_directories(m_folder); }
    ~LogTest() override { std::filesystem::remove_all(m_folder); }

    std::filesystem::path file() const { return m_folder / "dubito.log"; }

    std::filesystem::path m_folder = std::filesystem::temp_directory_path()
        / ("dubito-log-" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
};

TEST_F(LogTest, TheFreeFunctionsReachTheLogThatLives)
{
    Log log(quiet());
    info(Module::Memory, "cache cleared");
    const auto lines = log.tail().newest(1);
    ASSERT_EQ(lines.size(), 1U);
    EXPECT_EQ(lines[0].module, Module::Memory);
    EXPECT_EQ(lines[0].level, LogLevel::Info);
    EXPECT_EQ(lines[0].text, "cache cleared");
}

TEST_F(LogTest, WithoutALogTheyWriteToStandardError)
{
    testing::internal::CaptureStderr();
    warn(Module::Data, "line 7 is\nno JSON");
    debug(Module::Data, "unasked");
    EXPECT_EQ(testing::internal::GetCapturedStderr(), "warn  [data] line 7 is\\nno JSON\n");
}

TEST_F(LogTest, ASecondLogTakesOverUntilItGoes)
{
    Log first(quiet());
    {
        const Log second(quiet());
        info(Module::Train, "to the second");
        EXPECT_EQ(second.tail().newestId(), 1U);
    }
    info(Module::Train, "to the first");
    EXPECT_EQ(first.tail().newest(5).size(), 1U);
}

TEST_F(LogTest, TheLevelCanBeChangedWhileItRuns)
{
    Log log(quiet(LogLevel::Warning));
    info(Module::Train, "unheard");
    log.setLevel(LogLevel::Debug);
    debug(Module::Train, "heard");
    ASSERT_EQ(log.tail().newestId(), 1U);
    EXPECT_EQ(log.tail().newest(1)[0].text, "heard");
}

TEST_F(LogTest, LinesReachTheFileAtOnce)
{
    Log log(quiet());
    ASSERT_TRUE(log.openFile(file(), 1, 2));
    error(Module::Model, "truncated weights");
    const auto text = readText(file());
    ASSERT_TRUE(text);
    EXPECT_NE(text->find("error [model] truncated weights\n"), std::string::npos) << *text;
}

TEST_F(LogTest, ControlCharactersAreEscaped)
{
    Log log(quiet());
    info(Module::Data, "\x1b[2Jforged\n2026-01-01 info [train] all is well");
    EXPECT_EQ(log.tail().newest(1)[0].text, "\\x1b[2Jforged\\n2026-01-01 info [train] all is well");
}

TEST_F(LogTest, ALongTextIsCutAtACharacter)
{
    Log log(quiet());
    std::string text(kLongestText - 5, 'x');
    for (int i = 0; i < 1000; ++i) {
        text += "ü";
    }
    info(Module::Data, text);
    const auto line = log.tail().newest(1)[0].text;
    EXPECT_LE(line.size(), kLongestText);
    EXPECT_TRUE(line.ends_with("x …")) << line.substr(line.size() - 12);
}

TEST_F(LogTest, TheFileIsRotatedAndTheNumberOfFilesBounded)
{
    Log log(quiet());
    ASSERT_TRUE(log.openFile(file(), 1, 2));
    const std::string text(4000, 'x');
    for (int i = 0; i < 1400; ++i) {
        info(Module::Train, text);
    }
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(m_folder), {}), 3);
    EXPECT_LE(std::filesystem::file_size(file()), 1U << 20U);
}

TEST_F(LogTest, AFileThatCannotBeOpenedIsAnErrorWithItsName)
{
    Log log(quiet());
    const auto opened = log.openFile("/proc/no/dubito.log", 1, 2);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, ErrorCode::Output);
    EXPECT_EQ(opened.error().where, "/proc/no/dubito.log");
}

TEST_F(LogTest, AFullDiskIsCountedAndTheLinesStayInTheTail)
{
    if (!std::filesystem::exists("/dev/full")) {
        GTEST_SKIP() << "this system has no /dev/full";
    }
    Log log(quiet());
    ASSERT_TRUE(log.openFile("/dev/full", 1, 2));
    info(Module::Train, "still seen");
    EXPECT_EQ(log.failedWrites(), 1U);
    EXPECT_EQ(log.tail().newest(1)[0].text, "still seen");
}

TEST(BorderLog, ManyThreadsWriteWhileOneReads)
{
    Log log(quiet());
    {
        std::vector<Worker> writers;
        for (int i = 0; i < 4; ++i) {
            writers.emplace_back("writer", [](std::stop_token) {
                for (int line = 0; line < 500; ++line) {
                    info(Module::Train, "line");
                } }, [](Error) {});
        }
        std::uint64_t seen = 0;
        while (seen < 2000) {
            for (const auto& line : log.tail().newerThan(seen)) {
                ASSERT_GT(line.id, seen);
                seen = line.id;
            }
        }
    }
    EXPECT_EQ(log.tail().lost(), 1900U);
}

} // namespace
} // namespace dubito::log
