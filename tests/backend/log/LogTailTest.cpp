// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/log/LogTail.h"

#include <gtest/gtest.h>

namespace dubito::log {
namespace {

LogLine says(const std::string& text)
{
    return { .id = 0, .time = {}, .level = LogLevel::Info, .module = Module::Train, .text = text };
}

std::vector<std::string> textsOf(const std::vector<LogLine>& lines)
{
    std::vector<std::string> texts;
    for (const auto& line : lines) {
        texts.push_back(line.text);
    }
    return texts;
}

TEST(LogTail, IdsRiseFromOneWithoutGaps)
{
    LogTail tail;
    EXPECT_EQ(tail.newestId(), 0U);
    EXPECT_EQ(tail.add(says("a")), 1U);
    EXPECT_EQ(tail.add(says("b")), 2U);
    EXPECT_EQ(tail.newestId(), 2U);
}

TEST(LogTail, KeepsTheNewestAndCountsWhatItLost)
{
    LogTail tail(3);
    for (const auto* text : { "a", "b", "c", "d", "e" }) {
        tail.add(says(text));
    }
    EXPECT_EQ(textsOf(tail.newest(10)), (std::vector<std::string> { "c", "d", "e" }));
    EXPECT_EQ(textsOf(tail.newest(2)), (std::vector<std::string> { "d", "e" }));
    EXPECT_EQ(tail.lost(), 2U);
}

TEST(LogTail, NewerThanGivesOnlyWhatOneHasNotSeen)
{
    LogTail tail(3);
    for (const auto* text : { "a", "b", "c", "d" }) {
        tail.add(says(text));
    }
    EXPECT_EQ(textsOf(tail.newerThan(3)), (std::vector<std::string> { "d" }));
    EXPECT_EQ(textsOf(tail.newerThan(0)), (std::vector<std::string> { "b", "c", "d" }));
    EXPECT_EQ(textsOf(tail.newerThan(0, 2)), (std::vector<std::string> { "c", "d" }));
    EXPECT_TRUE(tail.newerThan(4).empty());
    EXPECT_TRUE(tail.newerThan(99).empty());
}

TEST(LogTail, LevelsAreReadByTheirWords)
{
    for (const auto word : kLevelWords) {
        EXPECT_EQ(toWord(toLevel(word).value()), word);
    }
    EXPECT_FALSE(toLevel("loud").has_value());
}

} // namespace
} // namespace dubito::log
