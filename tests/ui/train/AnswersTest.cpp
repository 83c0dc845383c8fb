// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/train/Answers.h"

#include "tests/support/SnapshotBuilder.h"

#include <gtest/gtest.h>

#include <QDateTime>

#include <cmath>
#include <limits>

namespace dubito::ui {
namespace {

using tests::SnapshotBuilder;

constexpr std::size_t kLearning = 0;
constexpr std::size_t kLeaking = 1;
constexpr std::size_t kHealthy = 2;
constexpr std::size_t kDone = 3;

std::chrono::system_clock::time_point atTen()
{
    return std::chrono::system_clock::time_point(
        std::chrono::milliseconds(QDateTime(QDate(2026, 11, 20), QTime(10, 0)).toMSecsSinceEpoch()));
}

Answer ask(std::size_t question, const session::Snapshot& snapshot) { return answersOf(snapshot, atTen())[question]; }

std::vector<double> line(int samples, double from, double perStep, double wiggle)
{
    std::vector<double> values;
    for (int i = 0; i < samples; ++i) {
        values.push_back(from + perStep * i + wiggle * (i % 2 == 0 ? 1 : -1));
    }
    return values;
}

TEST(Answers, AFallingLossIsLearningWithItsEvidence)
{
    const Answer answer = ask(kLearning, SnapshotBuilder().running(100).loss(line(100, 3.002, -0.01, 0.02)).build());
    EXPECT_EQ(answer.answer, QStringLiteral("Yes"));
    EXPECT_EQ(answer.tone, Tone::Healthy);
    EXPECT_EQ(answer.evidence, QStringLiteral("CE 2.26, −0.99 in 100 steps"));
}

TEST(Answers, ARisingLossIsSaidAndNoiseAloneIsLevel)
{
    EXPECT_EQ(ask(kLearning, SnapshotBuilder().running(100).loss(line(100, 3.0, 0.01, 0.02)).build()).tone, Tone::Warn);
    EXPECT_EQ(ask(kLearning, SnapshotBuilder().running(100).loss(line(100, 3.0, 0.0, 0.2)).build()).answer, QStringLiteral("Level"));
}

TEST(Answers, AFewStepsProveNothing)
{
    EXPECT_EQ(ask(kLearning, SnapshotBuilder().running(4).loss({ 3.0, 2.0, 1.0, 0.5 }).build()).answer, QStringLiteral("Not yet"));
}

TEST(Answers, ALossThatIsNoNumberIsNeverLearning)
{
    auto values = line(100, 3.0, -0.01, 0.02);
    values.back() = std::numeric_limits<double>::quiet_NaN();
    const Answer answer = ask(kLearning, SnapshotBuilder().running(100).loss(values).build());
    EXPECT_EQ(answer.symbol, Symbol::Cross);
    EXPECT_EQ(ask(kLearning, SnapshotBuilder().failed().build()).symbol, Symbol::Cross);
}

TEST(Answers, NoLeakNamesTheSmallestThatCouldBeSeen)
{
    const Answer answer = ask(kLeaking, SnapshotBuilder().running(3120).build());
    EXPECT_EQ(answer.answer, QStringLiteral("No leak"));
    EXPECT_EQ(answer.evidence, QStringLiteral("nothing above 0.02 MB/step"));
}

TEST(Answers, WithoutEvidenceItIsTooEarlyNotNoLeak)
{
    const Answer answer = ask(kLeaking, SnapshotBuilder().running(3).leak({}).build());
    EXPECT_EQ(answer.answer, QStringLiteral("Too early to tell"));
    EXPECT_EQ(answer.tone, Tone::Quiet);
}

TEST(Answers, AnActBlamesAndADrillIsCalledOne)
{
    const Answer answer = ask(kLeaking, SnapshotBuilder().leaking().build());
    EXPECT_EQ(answer.answer, QStringLiteral("Activations"));
    EXPECT_EQ(answer.tone, Tone::Failed);
    EXPECT_EQ(answer.evidence, QStringLiteral("4.0 MB/step (3.8 … 4.2), a drill"));
}

TEST(Answers, AWarningIsNotACertainty)
{
    auto verdict = tests::leakOf(Category::Data, 0.05);
    verdict.decision = memory::Decision::Warn;
    const Answer answer = ask(kLeaking, SnapshotBuilder().running(100).leak(verdict).build());
    EXPECT_EQ(answer.tone, Tone::Warn);
    EXPECT_EQ(answer.answer, QStringLiteral("Perhaps: data"));
}

TEST(Answers, HealthNamesWhoIsNotHealthy)
{
    const Answer answer = ask(kHealthy, SnapshotBuilder().running(3120).build());
    EXPECT_EQ(answer.answer, QStringLiteral("11 of 12"));
    EXPECT_EQ(answer.evidence, QStringLiteral("data degraded, 1 module idle"));
}

TEST(Answers, WhereTwoAreNotHealthyWhatIsIdleIsLeftOut)
{
    const auto snapshot = SnapshotBuilder().running(3120).health(Module::Memory, health::HealthState::Degraded, "a drill").build();
    EXPECT_EQ(ask(kHealthy, snapshot).evidence, QStringLiteral("data and memory degraded"));
}

TEST(Answers, TheEndIsToldAsATimeOfDay)
{
    auto snapshot = SnapshotBuilder().running(3120).build();
    snapshot.run.remaining = std::chrono::minutes(56);
    const Answer answer = ask(kDone, snapshot);
    EXPECT_EQ(answer.answer, QStringLiteral("10:56"));
    EXPECT_EQ(answer.evidence, QStringLiteral("56 min left, 1,880 steps"));
}

TEST(Answers, PausedFailedAndFinishedRunsPromiseNoTime)
{
    EXPECT_EQ(ask(kDone, SnapshotBuilder().running(10).state(train::RunState::Paused).build()).answer, QStringLiteral("Paused"));
    EXPECT_EQ(ask(kDone, SnapshotBuilder().failed().build()).answer, QStringLiteral("It failed"));
    EXPECT_EQ(ask(kDone, SnapshotBuilder().running(5000).state(train::RunState::Finished).build()).answer, QStringLiteral("Done"));
    EXPECT_EQ(ask(kDone, SnapshotBuilder().running(10).state(train::RunState::Finished).build()).answer, QStringLiteral("Stopped"));
}

TEST(Answers, NothingRunsIsNeitherGoodNorBad)
{
    for (const Answer& answer : answersOf(SnapshotBuilder().build(), atTen())) {
        EXPECT_EQ(answer.tone, Tone::Quiet) << answer.question.toStdString();
        EXPECT_FALSE(answer.answer.isEmpty());
        EXPECT_FALSE(answer.evidence.isEmpty());
    }
}

} // namespace
} // namespace dubito::ui
