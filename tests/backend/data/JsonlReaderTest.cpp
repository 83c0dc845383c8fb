// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/data/JsonlReader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace dubito::data {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class JsonlReaderTest : public testing::Test {
protected:
    void SetUp() override
    {
        m_folder = fs::path(testing::TempDir())
            / (std::string("jsonl-") + testing::UnitTest::GetInstance()->current_test_info()->name());
        fs::remove_all(m_folder);
        fs::create_directories(m_folder);
    }
    void TearDown() override { fs::remove_all(m_folder); }

    fs::path write(const std::string& name, std::string_view text) const
    {
        std::ofstream(m_folder / name, std::ios::binary) << text;
        return m_folder / name;
    }

    /// Reads all; gives the texts.
    std::vector<std::string> read(const fs::path& corpus, const config::Data& settings = {})
    {
        auto reader = JsonlReader::open(corpus, settings);
        EXPECT_TRUE(reader) << toText(reader.error());
        std::vector<std::string> texts;
        Document document;
        m_mostHeld = 0;
        for (;;) {
            const auto step = reader->next(document);
            EXPECT_TRUE(step);
            m_mostHeld = std::max(m_mostHeld, reader->heldBytes());
            if (*step == JsonlReader::Step::End) {
                break;
            }
            if (*step == JsonlReader::Step::Document) {
                texts.push_back(document.text);
                m_last = document;
            }
        }
        m_report = reader->report();
        return texts;
    }

    fs::path m_folder;
    ReadReport m_report;
    Document m_last;
    std::size_t m_mostHeld = 0;
};

std::string line(int number, std::size_t length = 20)
{
    std::string text = "{\"text\":\"" + std::to_string(number) + " ";
    text.append(length, 'x');
    return text + "\"}\n";
}

TEST_F(JsonlReaderTest, AFolderIsReadInTheOrderOfItsNames)
{
    write("b.jsonl", "{\"text\":\"second\"}");
    write("a.jsonl", "{\"text\":\"first\"}\n");
    write("c.ndjson", "{\"text\":\"third\"}\n");
    write("notes.txt", "no corpus");
    EXPECT_EQ(read(m_folder), (std::vector<std::string> { "first", "second", "third" }));
    EXPECT_EQ(m_report.files, 3);
    EXPECT_EQ(m_last.line, 1);
    EXPECT_EQ(m_last.name(), (m_folder / "c.ndjson").string() + ":1");
    EXPECT_DOUBLE_EQ(m_report.progress(), 1.0);
}

TEST_F(JsonlReaderTest, BlankLinesAndCarriageReturnsAreNoDocuments)
{
    read(write("a.jsonl", "\xEF\xBB\xBF{\"text\":\"a\"}\r\n\r\n   \t\n{\"text\":\"b\"}"));
    EXPECT_EQ(m_report.documents, 2);
    EXPECT_EQ(m_report.blank, 2);
    EXPECT_EQ(m_report.refused, 0);
    EXPECT_EQ(m_report.lines, 4);
}

TEST_F(JsonlReaderTest, BrokenLinesAreSkippedCountedAndTheFirstTwentyNamed)
{
    std::string text;
    for (int i = 0; i < 2000; ++i) {
        text += i % 20 == 7 ? "{\"text\": broken\n" : line(i);
    }
    EXPECT_EQ(read(write("a.jsonl", text)).size(), 1900U);
    EXPECT_EQ(m_report.refused, 100);
    EXPECT_DOUBLE_EQ(m_report.refusedShare(), 0.05);
    ASSERT_EQ(m_report.problems.size(), 20U);
    EXPECT_EQ(m_report.problems[0].line, 8);
    EXPECT_EQ(m_report.problems[19].line, 8 + 19 * 20);
    EXPECT_THAT(toText(m_report), HasSubstr("1,900 documents in 1 file; 100 lines refused, first "));
    EXPECT_THAT(toText(m_report), HasSubstr("a.jsonl:8: is no valid JSON"));
}

TEST_F(JsonlReaderTest, MemoryDoesNotGrowWithTheFile)
{
    const auto heldWith = [&](int documents) {
        std::ofstream out(m_folder / "a.jsonl", std::ios::binary);
        for (int i = 0; i < documents; ++i) {
            out << line(i, 1000);
        }
        out.close();
        read(m_folder / "a.jsonl");
        EXPECT_EQ(m_report.documents, documents);
        return m_mostHeld;
    };
    const std::size_t small = heldWith(1000);
    EXPECT_LT(heldWith(30000), small + 64); // the longest line has a digit more
    EXPECT_LT(small, std::size_t { 512 } << 10);
}

TEST_F(JsonlReaderTest, AHostileLineOfAHundredMegabytesIsNeverHeld)
{
    {
        std::ofstream out(m_folder / "a.jsonl", std::ios::binary);
        out << line(1) << "{\"text\":\"";
        const std::string piece(1 << 20, 'x');
        for (int i = 0; i < 100; ++i) {
            out << piece;
        }
        out << "\"}\n" << line(2);
    }
    config::Data settings;
    settings.maxLineMb = 1;
    EXPECT_EQ(read(m_folder / "a.jsonl", settings).size(), 2U);
    EXPECT_EQ(m_report.tooLong, 1);
    EXPECT_EQ(m_report.refused, 1);
    EXPECT_EQ(m_report.lines, 3);
    EXPECT_EQ(m_last.line, 3);
    EXPECT_THAT(m_report.problems[0].reason, HasSubstr("longer than 1.0 MiB; raise data.max_line_mb"));
    EXPECT_LT(m_mostHeld, std::size_t { 2 } << 20);
}

TEST_F(JsonlReaderTest, AStopCanBeSeenWhileALongLineIsThrownAway)
{
    const auto file = write("a.jsonl", std::string(20 << 20, 'x'));
    config::Data settings;
    settings.maxLineMb = 1;
    auto reader = JsonlReader::open(file, settings);
    ASSERT_TRUE(reader);
    Document document;
    int calls = 0;
    while (*reader->next(document) != JsonlReader::Step::End) {
        ++calls;
    }
    EXPECT_GT(calls, 10);
}

TEST_F(JsonlReaderTest, ACorpusWithoutDocumentsIsASentence)
{
    const auto empty = write("empty.jsonl", "\n\n");
    read(empty);
    EXPECT_THAT(requireDocuments(m_report, empty).error().message, HasSubstr("holds no document"));

    const auto array = write("array.jsonl", "[\n{\"text\":5}\n]");
    read(array);
    const auto refused = requireDocuments(m_report, array);
    EXPECT_EQ(refused.error().code, ErrorCode::Data);
    EXPECT_THAT(refused.error().message, HasSubstr("3 lines were refused, first line 1, which is"));

    read(write("good.jsonl", "{\"text\":\"a\"}"));
    EXPECT_TRUE(requireDocuments(m_report, m_folder));
}

TEST_F(JsonlReaderTest, WhatCannotBeOpenedIsASentence)
{
    EXPECT_EQ(JsonlReader::open(m_folder / "absent.jsonl", {}).error().code, ErrorCode::NotFound);
    EXPECT_THAT(JsonlReader::open(m_folder, {}).error().message, HasSubstr("holds no .jsonl"));
}

TEST_F(JsonlReaderTest, AFileThatVanishesIsAnErrorNotTheEnd)
{
    write("a.jsonl", line(1));
    write("b.jsonl", line(2));
    auto reader = JsonlReader::open(m_folder, {});
    ASSERT_TRUE(reader);
    fs::remove(m_folder / "b.jsonl");
    Document document;
    ASSERT_TRUE(reader->next(document));
    const auto step = reader->next(document);
    ASSERT_FALSE(step);
    EXPECT_THAT(step.error().where, HasSubstr("b.jsonl"));
}

} // namespace
} // namespace dubito::data
