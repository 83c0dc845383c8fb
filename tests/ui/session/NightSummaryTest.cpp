// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/NightSummary.h"

#include "backend/base/Text.h"
#include "tests/support/SnapshotBuilder.h"

#include <gtest/gtest.h>

#include <cmath>

namespace dubito::ui {
namespace {

using tests::SnapshotBuilder;

/// The morning of the mock-ups: killed at step 4,021 of 5,000, saved at 4,000.
session::Snapshot killed(SnapshotBuilder builder = SnapshotBuilder().recorded(4021))
{
    auto snapshot = builder.state(train::RunState::Failed).build();
    session::PostMortem told;
    told.death = session::Death::OutOfMemory;
    told.isCertain = true;
    told.headline = "the kernel ended the run: the machine was out of memory";
    told.evidence = { "the kernel counted one out-of-memory kill", "free memory fell from 11.9 to 0.3 GiB in 9 s" };
    told.advice = "Another program took the memory. Checkpoints every 25 steps would lose less.";
    told.runFolder = "runs/night";
    told.step = 4021, told.totalSteps = 5000, told.savedStep = 4000;
    told.residentBytes = 5 * kGiB, told.availableBytes = 300 * kMiB;
    snapshot.postMortem = told;
    return snapshot;
}

std::string costsOf(const Night& night)
{
    std::string all;
    for (const auto& [what, length] : night.costs) {
        all += (what + QStringLiteral("=") + length + QStringLiteral(";")).toStdString();
    }
    return all;
}

TEST(NightSummary, ADeathIsExplainedCountedAndCanBeGoneOnFrom)
{
    const Night night = nightOf(killed());
    EXPECT_TRUE(night.isDeath);
    EXPECT_EQ(night.title.toStdString(), "The kernel ended the run: the machine was out of memory");
    EXPECT_EQ(night.certainty.toStdString(), "cause: certain");
    EXPECT_EQ(night.figures[0].value.toStdString(), "4,021");
    EXPECT_EQ(night.figures[1].value.toStdString(), "4,000");
    EXPECT_EQ(night.figures[2].value.toStdString(), "21");
    EXPECT_EQ(night.figures[2].help.toStdString(), "0:37 of work, done again") << "21 steps of 1.77 s";
    EXPECT_EQ(night.resumeFolder, "runs/night");
    EXPECT_EQ(night.resumeText.toStdString(), "&Resume from step 4,000");
    ASSERT_GE(night.evidence.size(), 3U);
    EXPECT_EQ(night.evidence.back().tone, Tone::Healthy) << "that nothing leaked is evidence, too";
    EXPECT_NE(costsOf(night).find("1 pause="), std::string::npos) << costsOf(night);
    EXPECT_NE(costsOf(night).find("21 steps to do again=0:37"), std::string::npos) << costsOf(night);
    EXPECT_NE(costsOf(night).find("Together="), std::string::npos);
}

TEST(NightSummary, WithoutACheckpointItStartsAgain)
{
    auto snapshot = killed();
    snapshot.postMortem->savedStep = -1;
    snapshot.postMortem->isCertain = false;
    const Night night = nightOf(snapshot);
    EXPECT_EQ(night.resumeText.toStdString(), "&Start it again");
    EXPECT_EQ(night.figures[2].value.toStdString(), "4,021");
    EXPECT_EQ(night.certainty.toStdString(), "cause: probable");
}

TEST(NightSummary, BeforeARunIsOpenOnlyTheExplanationIsThere)
{
    auto snapshot = SnapshotBuilder().build();
    snapshot.postMortem = killed().postMortem;
    const Night night = nightOf(snapshot);
    EXPECT_EQ(night.figures[3].name.toStdString(), "Dubito at the end");
    EXPECT_EQ(night.figures[2].help.toStdString(), "done again") << "no length of time is invented";
}

TEST(NightSummary, ANightWithoutDeathSaysWhatHappenedAndWhatItCost)
{
    const Night night = nightOf(SnapshotBuilder().recorded().build());
    EXPECT_FALSE(night.isDeath);
    EXPECT_TRUE(night.resumeText.isEmpty());
    EXPECT_TRUE(night.text.contains(QStringLiteral("1 pause, 1 reload"))) << night.text.toStdString();
}

TEST(NightSummary, AbsurdNumbersAndEndlessWordsAreBounded)
{
    auto snapshot = SnapshotBuilder().huge().build();
    snapshot.postMortem.emplace();
    snapshot.postMortem->headline.assign(100'000, 'x');
    snapshot.postMortem->evidence.assign(8, std::string(100'000, '<'));
    snapshot.postMortem->step = INT64_MAX;
    snapshot.postMortem->savedStep = -5;
    const Night night = nightOf(snapshot);
    EXPECT_LT(night.title.size(), 400);
    for (const auto& line : night.evidence) {
        EXPECT_LT(line.text.size(), 400);
    }
}

} // namespace
} // namespace dubito::ui
