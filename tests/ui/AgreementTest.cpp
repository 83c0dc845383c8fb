// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/FindChild.h"
#include "tests/support/SnapshotBuilder.h"
#include "ui/Look.h"
#include "ui/StatusLine.h"
#include "ui/TextLabel.h"
#include "ui/chart/PlotContent.h"
#include "ui/memory/GuardianCard.h"
#include "ui/memory/LeakPlot.h"
#include "ui/session/Banner.h"
#include "ui/train/Answers.h"
#include "ui/train/RunBar.h"

#include <gtest/gtest.h>

#include <functional>
#include <limits>

// The four answers are never in contradiction with what stands below them: walked through every combination of what a
// session can say of run, leak, reload and health.
namespace dubito::ui {
namespace {

using dubito::memory::Decision;
using tests::SnapshotBuilder;
using train::RunState;

constexpr std::size_t kLearning = 0;
constexpr std::size_t kLeaking = 1;
constexpr std::size_t kHealthy = 2;
constexpr std::size_t kDone = 3;

struct Case {
    std::string name;
    session::Snapshot snapshot;
};

dubito::memory::LeakVerdict verdictOf(Decision decision, double nothingAbove, const std::string& who)
{
    dubito::memory::LeakVerdict verdict = decision == Decision::None ? tests::noLeak(nothingAbove) : tests::leakOf(Category::Activations, 1.7);
    verdict.decision = decision;
    verdict.nothingAbove = nothingAbove;
    verdict.blameWord = decision == Decision::None ? std::string() : who;
    return verdict;
}

std::vector<Case> everyCase()
{
    std::vector<Case> cases;
    for (const auto state : { RunState::Idle, RunState::Preparing, RunState::Running, RunState::Paused, RunState::Reloading, RunState::Stopping,
             RunState::Finished, RunState::Failed }) {
        for (const auto decision : { Decision::None, Decision::Warn, Decision::Act }) {
            for (const double nothingAbove : { 0.0, 0.02 }) {
                for (const auto outcome : { reload::Outcome::None, reload::Outcome::Retained, reload::Outcome::GaveUp }) {
                    for (const auto health : { health::HealthState::Healthy, health::HealthState::Failed }) {
                        SnapshotBuilder builder;
                        builder.recorded(60).state(state).leak(verdictOf(decision, nothingAbove, "activations"));
                        builder.health(Module::Memory, health, "as it is");
                        auto& raw = builder.raw();
                        raw.reload.lastOutcome = outcome;
                        raw.reload.rung = state == RunState::Reloading ? reload::Rung::Reload : reload::Rung::Rest;
                        raw.run.step = state == RunState::Finished ? raw.run.totalSteps : raw.run.step;
                        cases.push_back({ std::string(train::toWord(state)) + " decision " + std::to_string(static_cast<int>(decision)) + " above "
                                + std::to_string(nothingAbove) + " outcome " + std::string(reload::toWord(outcome)) + " health " + std::string(health::toWord(health)),
                            builder.build() });
                    }
                }
            }
        }
    }
    return cases;
}

const chart::Track& estimateOf(const chart::PlotContent& content)
{
    static const chart::Track none;
    const auto found = std::ranges::find(content.tracks, QStringLiteral("estimate"), &chart::Track::key);
    return found == content.tracks.end() ? none : *found;
}

class Agreement : public testing::Test {
protected:
    void forEveryCase(const std::function<void(const Case&, const std::array<Answer, 4>&)>& look) const
    {
        for (const Case& one : m_cases) {
            SCOPED_TRACE(one.name);
            look(one, answersOf(one.snapshot, std::chrono::system_clock::now()));
            if (testing::Test::HasFailure()) {
                return; // the first one says enough
            }
        }
    }

private:
    std::vector<Case> m_cases = everyCase();
};

TEST_F(Agreement, TheLeakAnswerTheChartTheGuardianAndTheStatusLineSayTheSame)
{
    StatusLine line;
    forEveryCase([&](const Case& one, const std::array<Answer, 4>& answers) {
        const Answer& answer = answers[kLeaking];
        const auto content = dubito::ui::memory::leakContent(one.snapshot);
        const Decision decision = one.snapshot.memory.leak.decision;
        EXPECT_EQ(answer.tone == Tone::Failed, decision == Decision::Act);
        EXPECT_EQ(answer.tone == Tone::Warn, decision == Decision::Warn);
        EXPECT_EQ(content.alarm.isEmpty(), decision == Decision::None);
        const bool knows = decision != Decision::None || one.snapshot.memory.leak.nothingAbove > 0;
        EXPECT_EQ(estimateOf(content).points.back().samples > 0, knows) << "an estimate is read out that the answer does not have";
        EXPECT_EQ(answer.answer == QStringLiteral("Too early to tell"), !knows);
        const GuardianText guardian = guardianOf(one.snapshot);
        if (decision != Decision::None) {
            EXPECT_NE(guardian.tone, Tone::Healthy) << guardian.word.toStdString();
        }
        line.display(one.snapshot, {}, Sleep::Allowed);
        const QString status = tests::findChild<TextLabel>(line, "statusLeak")->text();
        if (one.snapshot.run.state != RunState::Idle) {
            EXPECT_EQ(status.contains(QStringLiteral("no leak above")), answer.tone == Tone::Healthy) << status.toStdString();
            EXPECT_EQ(status.contains(QStringLiteral("too early")), !knows) << status.toStdString();
        }
    });
}

TEST_F(Agreement, ALeakThatIsActedOnIsInTheBannerOrInSomethingGraver)
{
    forEveryCase([](const Case& one, const std::array<Answer, 4>& answers) {
        const auto banner = bannerOf(one.snapshot);
        if (answers[kLeaking].tone == Tone::Failed && train::isActive(one.snapshot.run.state)) {
            ASSERT_TRUE(banner.has_value());
            EXPECT_NE(banner->tone, Tone::Healthy);
        }
        if (one.snapshot.run.state == RunState::Failed) {
            ASSERT_TRUE(banner.has_value());
            EXPECT_EQ(answers[kDone].tone, Tone::Failed);
        }
    });
}

TEST_F(Agreement, HealthIsCountedOnce)
{
    forEveryCase([](const Case& one, const std::array<Answer, 4>& answers) {
        const HealthScore score = scoreOf(one.snapshot.health);
        EXPECT_EQ(answers[kHealthy].answer, QStringLiteral("%1 of %2").arg(score.healthy).arg(score.judged));
        EXPECT_EQ(answers[kHealthy].tone, lookOf(score).tone);
        for (const auto& row : one.snapshot.health) {
            const bool isIll = row.state != health::HealthState::Healthy && row.state != health::HealthState::Idle;
            const QString& evidence = answers[kHealthy].evidence;
            EXPECT_TRUE(!isIll || evidence.contains(QString::fromUtf8(toWord(row.module).data())) || evidence.contains(QStringLiteral("modules"))) << evidence.toStdString();
        }
    });
}

TEST_F(Agreement, NothingIsLeftToARunThatHasEnded)
{
    RunBar bar;
    forEveryCase([&](const Case& one, const std::array<Answer, 4>& answers) {
        bar.display(one.snapshot);
        const bool ended = one.snapshot.run.state == RunState::Finished || one.snapshot.run.state == RunState::Failed;
        EXPECT_FALSE(ended && answers[kDone].evidence.contains(QStringLiteral(" left"))) << answers[kDone].evidence.toStdString();
        EXPECT_EQ(answers[kDone].answer == QStringLiteral("Paused"), one.snapshot.run.state == RunState::Paused);
        if (one.snapshot.run.state == RunState::Finished) {
            EXPECT_EQ(answers[kDone].answer, QStringLiteral("Done"));
        }
    });
}

TEST_F(Agreement, ALossThatIsNoNumberIsNeverLearning)
{
    for (const double broken : { std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity() }) {
        const auto snapshot = SnapshotBuilder().running(20).loss({ 3, 2.9, 2.8, 2.7, 2.6, 2.5, 2.4, 2.3, 2.2, broken }).build();
        EXPECT_EQ(answersOf(snapshot, std::chrono::system_clock::now())[kLearning].tone, Tone::Failed);
    }
}

} // namespace
} // namespace dubito::ui
