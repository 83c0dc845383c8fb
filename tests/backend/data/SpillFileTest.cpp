// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/data/SpillFile.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <sys/resource.h>

namespace dubito::data {
namespace {

std::vector<std::byte> pattern(std::size_t size, unsigned seed)
{
    std::vector<std::byte> bytes(size);
    for (std::size_t i = 0; i < size; ++i) {
        bytes[i] = static_cast<std::byte>((i * 7 + seed) & 0xFFU);
    }
    return bytes;
}

TEST(SpillFile, GivesBackWhatWasAppended)
{
    auto file = SpillFile::create(testing::TempDir());
    ASSERT_TRUE(file);
    std::vector<std::uint64_t> offsets;
    for (unsigned i = 0; i < 300; ++i) {
        offsets.push_back(*file->append(pattern(1000 + 31 * i, i)));
    }
    ASSERT_TRUE(file->seal());
    for (unsigned i = 0; i < 300; i += 7) {
        const auto expected = pattern(1000 + 31 * i, i);
        const auto bytes = file->read(offsets[i], expected.size());
        EXPECT_TRUE(std::ranges::equal(bytes, expected)) << i;
    }
}

TEST(SpillFile, LeavesNoNameBehind)
{
    const auto folder = std::filesystem::path(testing::TempDir()) / "spill-nameless";
    std::filesystem::create_directories(folder);
    {
        auto file = SpillFile::create(folder);
        ASSERT_TRUE(file);
        ASSERT_TRUE(file->append(pattern(1 << 20, 1)));
        EXPECT_TRUE(std::filesystem::is_empty(folder));
    }
    std::filesystem::remove_all(folder);
}

TEST(SpillFile, HandsItsPagesBackSoThatLittleStaysResident)
{
    auto file = SpillFile::create(testing::TempDir());
    ASSERT_TRUE(file);
    constexpr std::size_t kPiece = std::size_t { 1 } << 20;
    for (unsigned i = 0; i < 48; ++i) {
        ASSERT_TRUE(file->append(pattern(kPiece, i)));
    }
    ASSERT_TRUE(file->seal());
    EXPECT_EQ(file->heldBytes(), 0U);
    for (unsigned i = 0; i < 48; ++i) {
        const auto bytes = file->read(i * kPiece, kPiece);
        EXPECT_EQ(bytes[5], pattern(6, i)[5]);
    }
    EXPECT_GE(file->drops(), 2);
}

TEST(SpillFile, AnEmptyOneCanBeSealed)
{
    auto file = SpillFile::create(testing::TempDir());
    ASSERT_TRUE(file);
    ASSERT_TRUE(file->seal());
    EXPECT_TRUE(file->read(0, 0).empty());
}

TEST(SpillFile, AFolderThatIsNotThereIsAnError)
{
    const auto file = SpillFile::create("/nonexistent-folder");
    ASSERT_FALSE(file);
    EXPECT_EQ(file.error().code, ErrorCode::Output);
}

/// Ends the process with 42 when the error arrives as an error. A limit on the size of files stands in for the full
/// disk.
[[noreturn]] void writeToAFullDisk()
{
    std::signal(SIGXFSZ, SIG_IGN);
    rlimit limit {};
    limit.rlim_cur = limit.rlim_max = 1 << 20;
    ::setrlimit(RLIMIT_FSIZE, &limit);
    auto file = SpillFile::create(testing::TempDir());
    Result<std::uint64_t> last = std::uint64_t { 0 };
    for (unsigned i = 0; i < 8 && last; ++i) {
        last = file->append(pattern(1 << 19, i));
    }
    std::_Exit(last ? 1 : 42);
}

TEST(SpillFileDeathTest, AFullDiskIsAnErrorNotASignal)
{
    EXPECT_EXIT(writeToAFullDisk(), testing::ExitedWithCode(42), "");
}

} // namespace
} // namespace dubito::data
