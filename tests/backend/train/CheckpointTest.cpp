// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/train/Checkpoint.h"

#include "backend/base/AtomicFile.h"
#include "backend/model/WeightFiles.h"
#include "backend/train/CheckpointFolder.h"
#include "tests/support/CheckpointSample.h"
#include "tests/support/TemporaryFolder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <thread>

namespace dubito::train {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<fs::path> filesBelow(const fs::path& folder)
{
    std::vector<fs::path> files;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        if (entry.is_regular_file()) {
            files.push_back(entry.path());
        }
    }
    std::ranges::sort(files);
    return files;
}

class CheckpointTest : public testing::Test {
protected:
    Result<WrittenCheckpoint> write(const CheckpointSample& sample) const
    {
        return writeCheckpoint(m_folder.path(), sample.view(), sample.companions);
    }

    fs::path pathOf(std::int64_t step) const { return m_folder.path() / checkpointName(step); }

    /// Puts `text` in place of a file of the folder while it lives.
    void overwrite(const fs::path& path, const std::string& text) const
    {
        m_folder.write(fs::relative(path, m_folder.path()).string(), text);
    }

    TemporaryFolder m_folder;
};

TEST_F(CheckpointTest, EverythingComesBackBitForBit)
{
    const CheckpointSample saved(120);
    const auto written = write(saved);
    ASSERT_TRUE(written) << toText(written.error());
    EXPECT_EQ(written->directory, pathOf(120));
    auto loaded = CheckpointSample::empty();
    const auto progress = loadCheckpoint(written->directory, loaded.target());
    ASSERT_TRUE(progress) << toText(progress.error());
    EXPECT_EQ(*progress, saved.progress);
    EXPECT_EQ(loaded.parameters, saved.parameters);
    EXPECT_EQ(loaded.firstMoments, saved.firstMoments);
    EXPECT_EQ(loaded.secondMoments, saved.secondMoments);
}

TEST_F(CheckpointTest, ItIsACompleteModelFolderForOthers)
{
    const CheckpointSample saved(7);
    ASSERT_TRUE(write(saved));
    const auto config = model::readModelConfig(pathOf(7) / "config.json");
    ASSERT_TRUE(config) << toText(config.error());
    const auto weights = model::WeightFiles::open(pathOf(7));
    ASSERT_TRUE(weights) << toText(weights.error());
    const auto checked = weights->check(*config, saved.layout);
    ASSERT_TRUE(checked) << toText(checked.error());
    EXPECT_THAT(*checked, IsEmpty());
    std::vector<float> block(saved.parameters.size());
    ASSERT_TRUE(weights->readAll(saved.layout, block));
    EXPECT_EQ(block, saved.parameters);
    EXPECT_EQ(*readText(pathOf(7) / "tokenizer.json"), "{}");
}

TEST_F(CheckpointTest, ItsBytesAreCounted)
{
    const auto written = write(CheckpointSample(7));
    std::uintmax_t bytes = 0;
    for (const auto& file : filesBelow(pathOf(7))) {
        bytes += fs::file_size(file);
    }
    EXPECT_EQ(static_cast<std::uintmax_t>(written->bytes), bytes);
}

TEST_F(CheckpointTest, AFlippedByteInAnyFileIsFoundBeforeAnythingIsUsed)
{
    ASSERT_TRUE(write(CheckpointSample(7)));
    for (const auto& file : filesBelow(pathOf(7))) {
        const std::string good = *readText(file);
        for (const std::size_t at : { std::size_t { 0 }, good.size() / 2, good.size() - 1 }) {
            std::string bad = good;
            bad[at] = static_cast<char>(bad[at] ^ 0x10);
            overwrite(file, bad);
            auto target = CheckpointSample::empty();
            const auto loaded = loadCheckpoint(pathOf(7), target.target());
            ASSERT_FALSE(loaded) << file << " byte " << at;
            EXPECT_EQ(loaded.error().code, ErrorCode::Model);
            EXPECT_THAT(loaded.error().where, HasSubstr(file.filename().string()));
            EXPECT_EQ(target.parameters, CheckpointSample::empty().parameters);
        }
        overwrite(file, good);
    }
    EXPECT_TRUE(verifyCheckpoint(pathOf(7)));
}

TEST_F(CheckpointTest, ATruncatedAndAMissingFileAreNamed)
{
    ASSERT_TRUE(write(CheckpointSample(7)));
    for (const auto& file : filesBelow(pathOf(7))) {
        const std::string good = *readText(file);
        overwrite(file, good.substr(0, good.size() / 2));
        EXPECT_THAT(verifyCheckpoint(pathOf(7)).error().where, HasSubstr(file.filename().string()));
        fs::remove(file);
        EXPECT_THAT(verifyCheckpoint(pathOf(7)).error().where, HasSubstr(file.filename().string()));
        overwrite(file, good);
    }
}

TEST_F(CheckpointTest, AModelOfAnotherShapeIsRefused)
{
    ASSERT_TRUE(write(CheckpointSample(7)));
    auto other = CheckpointSample::empty(8);
    const auto loaded = loadCheckpoint(pathOf(7), other.target());
    ASSERT_FALSE(loaded);
    EXPECT_THAT(loaded.error().message, HasSubstr("model.embed_tokens.weight is F32 [7, 6] and not F32 [7, 8]"));
}

TEST_F(CheckpointTest, TheSameStepAgainReplacesTheOldOne)
{
    ASSERT_TRUE(write(CheckpointSample(7)));
    overwrite(pathOf(7) / "model.safetensors", "damaged");
    CheckpointSample again(7);
    again.parameters[0] = 99;
    ASSERT_TRUE(write(again));
    auto loaded = CheckpointSample::empty();
    ASSERT_TRUE(loadCheckpoint(pathOf(7), loaded.target()));
    EXPECT_EQ(loaded.parameters[0], 99);
    EXPECT_THAT(m_folder.names(), ElementsAre("checkpoint-7"));
}

TEST_F(CheckpointTest, WhatMustBeDurableFirstRunsBeforeTheNameAppears)
{
    const CheckpointSample sample(7);
    bool wasThere = true;
    ASSERT_TRUE(writeCheckpoint(m_folder.path(), sample.view(), sample.companions, [&]() -> Result<void> {
        wasThere = fs::exists(pathOf(7));
        return {};
    }));
    EXPECT_FALSE(wasThere);
    EXPECT_TRUE(fs::exists(pathOf(7)));
}

TEST_F(CheckpointTest, WhenThatFailsThereIsNoCheckpoint)
{
    const CheckpointSample sample(7);
    const auto written = writeCheckpoint(m_folder.path(), sample.view(), sample.companions, []() -> Result<void> {
        return Error { ErrorCode::Output, "no space", "metrics.jsonl" };
    });
    ASSERT_FALSE(written);
    EXPECT_THAT(written.error().message, HasSubstr("metrics.jsonl: no space"));
    EXPECT_THAT(m_folder.names(), IsEmpty());
}

TEST_F(CheckpointTest, AFileInPlaceOfTheFolderIsAnOutputErrorThatNamesIt)
{
    m_folder.write("run", "a file");
    const CheckpointSample sample(7);
    const auto written = writeCheckpoint(m_folder.path() / "run", sample.view(), sample.companions);
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code, ErrorCode::Output);
    EXPECT_THAT(written.error().where, HasSubstr("run/checkpoint-7"));
    EXPECT_EQ(*readText(m_folder.path() / "run"), "a file");
}

TEST_F(CheckpointTest, AFileOfTheSameNameIsNotThrownAway)
{
    m_folder.write("checkpoint-7", "mine");
    const auto written = write(CheckpointSample(7));
    ASSERT_FALSE(written);
    EXPECT_EQ(*readText(pathOf(7)), "mine");
    EXPECT_THAT(m_folder.names(), ElementsAre("checkpoint-7"));
}

/// Files of this process can grow to `bytes` while it lives; beyond, a write fails as on a full disk.
class FileSizeLimit {
public:
    explicit FileSizeLimit(rlim_t bytes)
    {
        ::getrlimit(RLIMIT_FSIZE, &m_before);
        m_handler = std::signal(SIGXFSZ, SIG_IGN);
        const rlimit limit { bytes, m_before.rlim_max };
        ::setrlimit(RLIMIT_FSIZE, &limit);
    }
    FileSizeLimit(const FileSizeLimit&) = delete;
    FileSizeLimit& operator=(const FileSizeLimit&) = delete;
    ~FileSizeLimit()
    {
        ::setrlimit(RLIMIT_FSIZE, &m_before);
        std::signal(SIGXFSZ, m_handler);
    }

private:
    rlimit m_before {};
    void (*m_handler)(int) = nullptr;
};

TEST_F(CheckpointTest, AWriteThatFailsInTheMiddleLeavesNothingAndTheOlderOnesWhole)
{
    ASSERT_TRUE(write(CheckpointSample(7)));
    for (const rlim_t bytes : { rlim_t { 0 }, rlim_t { 1000 }, rlim_t { 5000 } }) {
        const FileSizeLimit limit(bytes);
        const auto written = write(CheckpointSample(8));
        ASSERT_FALSE(written) << bytes;
        EXPECT_EQ(written.error().code, ErrorCode::Output);
        EXPECT_THAT(written.error().message, HasSubstr("older ones are untouched"));
    }
    EXPECT_THAT(m_folder.names(), ElementsAre("checkpoint-7"));
    EXPECT_TRUE(verifyCheckpoint(pathOf(7)));
}

TEST_F(CheckpointTest, AFullDiskIsToldWithWhatIsNeeded)
{
    const fs::path disk = m_folder.path() / "disk";
    fs::create_directory(disk);
    // On a thread of its own, whose mount namespace goes with it: the tests after this one see the disks of the machine.
    bool isMounted = false;
    bool isEmpty = false;
    Result<WrittenCheckpoint> written = WrittenCheckpoint {};
    std::thread([&] {
        if (::unshare(CLONE_NEWNS) != 0 || ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0
            || ::mount("tmpfs", disk.c_str(), "tmpfs", 0, "size=8k") != 0) {
            return;
        }
        isMounted = true;
        const CheckpointSample sample(7, 600);
        written = writeCheckpoint(disk, sample.view(), sample.companions);
        isEmpty = fs::is_empty(disk);
        ::umount(disk.c_str());
    }).join();
    if (!isMounted) {
        GTEST_SKIP() << "no small disk can be mounted here";
    }
    EXPECT_TRUE(isEmpty);
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code, ErrorCode::Output);
    EXPECT_THAT(written.error().message, HasSubstr("the disk has"));
}

TEST_F(CheckpointTest, CompanionsAreTakenFromTheModelFolder)
{
    const CheckpointSample sample(7);
    EXPECT_FALSE(readCompanions(m_folder.path(), sample.config));
    m_folder.write("tokenizer.json", "{\"a\": 1}");
    m_folder.write("tokenizer_config.json", "{\"b\": 2}");
    const auto files = readCompanions(m_folder.path(), sample.config);
    ASSERT_TRUE(files) << toText(files.error());
    EXPECT_EQ(files->size(), 3U);
    EXPECT_EQ(files->at("tokenizer_config.json"), "{\"b\": 2}");
}

} // namespace
} // namespace dubito::train
