// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/data/LineReader.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sys/stat.h>

namespace dubito::data {
namespace {

namespace fs = std::filesystem;

class LineReaderTest : public testing::Test {
protected:
    void SetUp() override
    {
        m_file = fs::path(testing::TempDir())
            / (std::string("lines-") + testing::UnitTest::GetInstance()->current_test_info()->name());
    }
    void TearDown() override { fs::remove(m_file); }

    void write(std::string_view text) const { std::ofstream(m_file, std::ios::binary) << text; }

    /// Each line; "<number too long>" for one that is.
    std::vector<std::string> lines(std::size_t maxLineBytes) const
    {
        auto reader = LineReader::open(m_file, maxLineBytes);
        std::vector<std::string> result;
        for (;;) {
            const auto line = reader->next();
            if (line->kind == LineReader::Kind::End) {
                return result;
            }
            if (line->kind == LineReader::Kind::Line) {
                result.emplace_back(line->text);
            } else if (line->kind == LineReader::Kind::TooLong) {
                result.push_back("<" + std::to_string(line->number) + " too long>");
            }
        }
    }

    fs::path m_file;
};

using Lines = std::vector<std::string>;

TEST_F(LineReaderTest, TheLastLineNeedsNoNewline)
{
    write("a\n\nb");
    EXPECT_EQ(lines(100), (Lines { "a", "", "b" }));
    write("a\n");
    EXPECT_EQ(lines(100), (Lines { "a" }));
    write("");
    EXPECT_EQ(lines(100), (Lines {}));
}

TEST_F(LineReaderTest, AByteOrderMarkIsPassedOverAtTheBeginningOnly)
{
    write("\xEF\xBB\xBF{}\n\xEF\xBB\xBF{}");
    EXPECT_EQ(lines(100), (Lines { "{}", "\xEF\xBB\xBF{}" }));
}

TEST_F(LineReaderTest, ALineOfExactlyTheLimitIsTaken)
{
    write("12345\n123456\n12345");
    EXPECT_EQ(lines(5), (Lines { "12345", "<2 too long>", "12345" }));
}

TEST_F(LineReaderTest, LinesLongerThanTheBufferArriveWhole)
{
    const std::string longLine(3'000'000, 'x');
    write("a\n" + longLine + "\nb\n" + longLine);
    EXPECT_EQ(lines(4'000'000), (Lines { "a", longLine, "b", longLine }));
}

TEST_F(LineReaderTest, ATooLongLineAtTheEndIsReportedOnce)
{
    write("a\n" + std::string(2'000'000, 'x'));
    EXPECT_EQ(lines(1'000'000), (Lines { "a", "<2 too long>" }));
    write(std::string(2'000'000, 'x') + "\n");
    EXPECT_EQ(lines(1'000'000), (Lines { "<1 too long>" }));
}

TEST_F(LineReaderTest, TheBufferShrinksAgainBehindALongLine)
{
    write(std::string(3'000'000, 'x') + "\n" + std::string(600'000, '\n'));
    auto reader = LineReader::open(m_file, 4'000'000);
    ASSERT_TRUE(reader);
    ASSERT_EQ(reader->next()->text.size(), 3'000'000U);
    EXPECT_GT(reader->bufferBytes(), 3'000'000U);
    while (reader->next()->kind != LineReader::Kind::End) { }
    EXPECT_LT(reader->bufferBytes(), 300'000U);
}

TEST_F(LineReaderTest, PaddingBehindALineMayBeRead)
{
    write("last");
    auto reader = LineReader::open(m_file, 100);
    const auto line = reader->next();
    int sum = 0;
    for (std::size_t i = 0; i < LineReader::kPadding; ++i) {
        sum += line->text.data()[line->text.size() + i];
    }
    EXPECT_EQ(sum, 0); // under the address sanitizer this is the proof
}

TEST_F(LineReaderTest, WhatIsNoRegularFileIsRefused)
{
    EXPECT_EQ(LineReader::open(m_file, 1).error().code, ErrorCode::NotFound);
    EXPECT_FALSE(LineReader::open(testing::TempDir(), 1));
    ASSERT_EQ(::mkfifo(m_file.c_str(), 0600), 0);
    EXPECT_FALSE(LineReader::open(m_file, 1)); // and nobody waits for a writer
}

} // namespace
} // namespace dubito::data
