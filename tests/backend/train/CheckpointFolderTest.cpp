// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/train/CheckpointFolder.h"

#include "backend/train/Checkpoint.h"
#include "tests/support/CheckpointSample.h"
#include "tests/support/TemporaryFolder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dubito::train {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class CheckpointFolderTest : public testing::Test {
protected:
    void write(std::initializer_list<std::int64_t> steps) const
    {
        for (const std::int64_t step : steps) {
            const CheckpointSample sample(step);
            ASSERT_TRUE(writeCheckpoint(m_folder.path(), sample.view(), sample.companions));
        }
    }

    void damage(std::int64_t step) const { m_folder.write(checkpointName(step) + "/model.safetensors", "damaged"); }

    TemporaryFolder m_folder;
};

TEST_F(CheckpointFolderTest, OnlyOurOwnSpellingIsACheckpoint)
{
    EXPECT_EQ(checkpointStep("checkpoint-120"), 120);
    EXPECT_EQ(checkpointStep("checkpoint-0"), 0);
    for (const char* name : { "checkpoint-", "checkpoint-best", "checkpoint-007", "checkpoint--1", "checkpoint-+7",
             "checkpoint-7.partial-1", "checkpoint-99999999999999999999", "final", "" }) {
        EXPECT_EQ(checkpointStep(name), -1) << name;
    }
}

TEST_F(CheckpointFolderTest, TheNewestByNumberIsFoundNotByName)
{
    write({ 9, 10, 100 });
    EXPECT_THAT(checkpointsIn(m_folder.path()), ElementsAre(9, 10, 100));
    const auto good = newestGood(m_folder.path());
    ASSERT_TRUE(good) << toText(good.error());
    EXPECT_EQ(good->progress.step, 100);
    EXPECT_THAT(good->damaged, IsEmpty());
}

TEST_F(CheckpointFolderTest, ThePreviousGoodOneIsUsedAndTheDamagedOnesAreNamedWithTheReason)
{
    write({ 10, 20, 30 });
    damage(30);
    fs::remove(m_folder.path() / "checkpoint-20" / "manifest.json");
    const auto good = newestGood(m_folder.path());
    ASSERT_TRUE(good);
    EXPECT_EQ(good->directory.filename(), "checkpoint-10");
    ASSERT_EQ(good->damaged.size(), 2U);
    EXPECT_THAT(toText(good->damaged[0]), HasSubstr("checkpoint-30/model.safetensors: is damaged: it has 7 bytes"));
    EXPECT_THAT(toText(good->damaged[1]), HasSubstr("checkpoint-20/manifest.json: cannot be read"));
}

TEST_F(CheckpointFolderTest, WhenAllAreDamagedEachIsNamed)
{
    write({ 10, 20 });
    damage(10);
    damage(20);
    const auto good = newestGood(m_folder.path());
    ASSERT_FALSE(good);
    EXPECT_EQ(good.error().code, ErrorCode::Model);
    EXPECT_THAT(good.error().message, HasSubstr("checkpoint-10"));
    EXPECT_THAT(good.error().message, HasSubstr("checkpoint-20"));
}

TEST_F(CheckpointFolderTest, AnEmptyOrAbsentFolderHoldsNone)
{
    EXPECT_EQ(newestGood(m_folder.path()).error().code, ErrorCode::NotFound);
    EXPECT_EQ(newestGood(m_folder.path() / "absent").error().code, ErrorCode::NotFound);
}

TEST_F(CheckpointFolderTest, AKillInTheMiddleOfAWriteLeavesTheOlderOneInForce)
{
    write({ 10 });
    m_folder.write("checkpoint-20.partial-4711/model.safetensors", "half");
    m_folder.write("checkpoint-20.partial-4711/state/state.json.partial-4711-3", "half");
    EXPECT_EQ(newestGood(m_folder.path())->progress.step, 10);
    ASSERT_TRUE(removePartials(m_folder.path()));
    EXPECT_THAT(m_folder.names(), ElementsAre("checkpoint-10"));
}

TEST_F(CheckpointFolderTest, SomebodyElsesPartialFilesAreLeftAlone)
{
    m_folder.write("my.partial-results/a", "x");
    m_folder.write("metrics.jsonl.partial-1", "x");
    ASSERT_TRUE(removePartials(m_folder.path()));
    EXPECT_THAT(m_folder.names(), ElementsAre("metrics.jsonl.partial-1", "my.partial-results"));
}

TEST_F(CheckpointFolderTest, ARenamedCheckpointIsNotTakenForAnotherStep)
{
    write({ 10 });
    fs::rename(m_folder.path() / "checkpoint-10", m_folder.path() / "checkpoint-90");
    EXPECT_THAT(newestGood(m_folder.path()).error().message, HasSubstr("it holds step 10"));
}

TEST_F(CheckpointFolderTest, LinksAndLinkLoopsAreNoCheckpoints)
{
    write({ 10 });
    fs::create_directory_symlink("checkpoint-10", m_folder.path() / "checkpoint-20");
    fs::create_directory_symlink("checkpoint-30", m_folder.path() / "checkpoint-30");
    m_folder.write("checkpoint-40", "a file");
    EXPECT_THAT(checkpointsIn(m_folder.path()), ElementsAre(10));
    EXPECT_EQ(newestGood(m_folder.path())->progress.step, 10);
}

TEST_F(CheckpointFolderTest, ALinkLoopInsideIsDamageAndNoHang)
{
    write({ 10, 20 });
    const auto file = m_folder.path() / "checkpoint-20" / "config.json";
    fs::remove(file);
    fs::create_symlink("config.json", file);
    const auto good = newestGood(m_folder.path());
    EXPECT_EQ(good->progress.step, 10);
    EXPECT_THAT(toText(good->damaged.front()), HasSubstr("checkpoint-20/config.json"));
}

TEST_F(CheckpointFolderTest, ALinkMovesInOneStepAndOpensTheCheckpoint)
{
    write({ 10, 20 });
    EXPECT_EQ(linkedStep(m_folder.path(), CheckpointLink::Best), -1);
    ASSERT_TRUE(pointLink(m_folder.path(), CheckpointLink::Best, 10));
    ASSERT_TRUE(pointLink(m_folder.path(), CheckpointLink::Best, 20));
    EXPECT_EQ(linkedStep(m_folder.path(), CheckpointLink::Best), 20);
    EXPECT_EQ(verifyCheckpoint(m_folder.path() / "checkpoint-best")->step, 20);
    EXPECT_THAT(m_folder.names(), ElementsAre("checkpoint-10", "checkpoint-20", "checkpoint-best"));
}

TEST_F(CheckpointFolderTest, AFolderInPlaceOfALinkIsAnOutputErrorAndStays)
{
    m_folder.write("final/notes.txt", "mine");
    const auto pointed = pointLink(m_folder.path(), CheckpointLink::Final, 10);
    ASSERT_FALSE(pointed);
    EXPECT_EQ(pointed.error().code, ErrorCode::Output);
    EXPECT_THAT(m_folder.names(), ElementsAre("final"));
}

TEST_F(CheckpointFolderTest, TheLimitKeepsTheNewestAndWhatLinksPointAt)
{
    write({ 10, 20, 30, 40, 50 });
    ASSERT_TRUE(pointLink(m_folder.path(), CheckpointLink::Best, 10));
    ASSERT_TRUE(applyLimit(m_folder.path(), 50, 2));
    EXPECT_THAT(checkpointsIn(m_folder.path()), ElementsAre(10, 40, 50));
    ASSERT_TRUE(applyLimit(m_folder.path(), 50, 0));
    EXPECT_THAT(checkpointsIn(m_folder.path()), ElementsAre(10, 40, 50));
    EXPECT_THAT(m_folder.names(), ElementsAre("checkpoint-10", "checkpoint-40", "checkpoint-50", "checkpoint-best"));
}

TEST_F(CheckpointFolderTest, AfterGoingBackTheNewOneIsKeptAndWhatLiesAheadToo)
{
    write({ 10, 20, 90 });
    ASSERT_TRUE(applyLimit(m_folder.path(), 20, 1));
    EXPECT_THAT(checkpointsIn(m_folder.path()), ElementsAre(20, 90));
}

} // namespace
} // namespace dubito::train
