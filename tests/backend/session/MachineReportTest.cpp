// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/MachineReport.h"

#include "backend/base/Text.h"
#include "backend/session/Session.h"
#include "tests/support/FakeProbe.h"
#include "tests/support/SmallRun.h"
#include "tests/support/TemporaryFolder.h"

#include <gmock/gmock.h>

#include <gtest/gtest.h>

namespace dubito::session {
namespace {

using testing::HasSubstr;

/// A machine at which nothing is wrong.
MachineFacts goodMachine()
{
    MachineFacts facts;
    facts.processor = "A good one";
    facts.threads = 8;
    facts.vectors = { "avx2", "fma" };
    facts.products = "oneDNN";
    facts.memory.total = 32 * kGiB;
    facts.memory.available = 30 * kGiB;
    facts.stalledPercentage = 0;
    facts.hugePages = "madvise";
    facts.runFolder = "/runs";
    facts.diskFree = 100 * kGiB;
    return facts;
}

std::string findingsOf(const MachineReport& report)
{
    std::string text;
    for (const Finding& finding : report.findings) {
        text += finding.text + "\n";
    }
    return text;
}

TEST(MachineReport, AGoodMachineHasNoFindings)
{
    const auto report = judgeMachine(goodMachine(), {});
    EXPECT_EQ(findingsOf(report), "");
    EXPECT_FALSE(report.isBlocked());
}

TEST(MachineReport, TheCapsOfASmallMachineStandInTheLimits)
{
    MachineFacts facts = goodMachine();
    facts.memory.total = 16 * kGiB;
    const auto report = judgeMachine(facts, {});
    EXPECT_NEAR(toGiB(report.pressure.pauseBelow), 0.15 * 16, 1e-6);
    EXPECT_NEAR(toGiB(report.pressure.abortBelow), 0.08 * 16, 1e-6);
    EXPECT_NEAR(toGiB(report.levels.critical), 0.9 * 0.8 * 16, 1e-6);
}

TEST(MachineReport, TheProfileIsTheLargestThatFits)
{
    const auto profileOf = [](std::int64_t total) {
        MachineFacts facts = goodMachine();
        facts.memory.total = total;
        return judgeMachine(facts, {}).profile;
    };
    EXPECT_EQ(profileOf(31 * kGiB), "pro_32gb") << "a machine tells of less than it was sold with";
    EXPECT_EQ(profileOf(24 * kGiB), "base_16gb");
    EXPECT_EQ(profileOf(8 * kGiB), "");
    EXPECT_EQ(profileOf(500 * kGiB), "ultra_192gb");
}

TEST(MachineReport, ARunThatWouldPauseAtOnceIsSaidWithWhatToDo)
{
    MachineFacts facts = goodMachine();
    facts.memory.available = 3 * kGiB;
    const auto report = judgeMachine(facts, {});
    EXPECT_TRUE(report.isBlocked());
    EXPECT_THAT(findingsOf(report), testing::AllOf(HasSubstr("3.00 GiB are available"), HasSubstr("memory.pause_available_gb")));
}

TEST(MachineReport, EachTroubleHasItsSentence)
{
    const auto said = [](void (*spoil)(MachineFacts&)) {
        MachineFacts facts = goodMachine();
        spoil(facts);
        return findingsOf(judgeMachine(facts, {}));
    };
    EXPECT_THAT(said([](MachineFacts& f) { f.vectors = { "avx2" }; }), HasSubstr("no AVX2 with FMA"));
    EXPECT_THAT(said([](MachineFacts& f) { f.products = "Eigen"; }), HasSubstr("without oneDNN"));
    EXPECT_THAT(said([](MachineFacts& f) { f.hugePages = "never"; }), HasSubstr("huge pages are off"));
    EXPECT_THAT(said([](MachineFacts& f) { f.diskFree = kGiB; }), HasSubstr("1.00 GiB are free"));
    EXPECT_THAT(said([](MachineFacts& f) { f.diskFree = -1; }), HasSubstr("--output"));
    EXPECT_THAT(said([](MachineFacts& f) { f.stalledPercentage = 40; }), HasSubstr("40 %"));
    EXPECT_THAT(said([](MachineFacts& f) { f.memory.cgroupLimit = 28 * kGiB; f.memory.cgroupUsed = kGiB; }),
        HasSubstr("control group allows 28.0"));
    EXPECT_THAT(said([](MachineFacts& f) { f.memory = {}; }), HasSubstr("cannot be watched"));
}

TEST(MachineReport, ABudgetThatIsMoreThanTheMachineIsRefused)
{
    config::Config config;
    config.memory.budgetGb = 40;
    const auto report = judgeMachine(goodMachine(), config);
    EXPECT_TRUE(report.isBlocked());
    EXPECT_THAT(findingsOf(report), HasSubstr("memory.budget_gb"));
}

TEST(MachineReport, TheFactsAreReadFromTheSystem)
{
    const TemporaryFolder folder;
    folder.write("proc/cpuinfo",
        "processor\t: 0\nmodel name\t: Wonder 3000\nflags\t\t: fpu avx2 avx512f_not fma\n\nprocessor\t: 1\nmodel name\t: Other\n");
    folder.write("sys/kernel/mm/transparent_hugepage/enabled", "always [madvise] never\n");
    memory::FakeProbe probe;
    const auto facts = readMachineFacts(probe, folder.path() / "not/there/yet", folder.path());
    EXPECT_EQ(facts.processor, "Wonder 3000");
    EXPECT_EQ(facts.vectors, (std::vector<std::string> { "avx2", "fma" }));
    EXPECT_EQ(facts.hugePages, "madvise");
    EXPECT_EQ(facts.runFolder, folder.path().string());
    EXPECT_GT(facts.diskFree, 0);
    EXPECT_GE(facts.threads, 1);
}

TEST(MachineReport, ASystemThatTellsNothingIsNoError)
{
    const TemporaryFolder folder;
    memory::FakeProbe probe;
    const auto facts = readMachineFacts(probe, folder.path(), folder.path());
    EXPECT_EQ(facts.processor, "");
    EXPECT_TRUE(facts.vectors.empty());
    EXPECT_EQ(facts.hugePages, "");
}

TEST(MachineReport, AWindowIsToldAboutItsMachineBeforeAnythingRunsATerminalIsNot)
{
    const SmallRun small;
    const auto machineOf = [&](Frontend frontend) {
        const SystemClock clock;
        memory::FakeProbe probe;
        const Session session({ small.layered(), small.sources(), Resuming::No, frontend, std::nullopt }, { clock, probe, nullptr, nullptr });
        return session.snapshot().machine;
    };
    const auto machine = machineOf(Frontend::Window);
    ASSERT_NE(machine, nullptr);
    EXPECT_EQ(machine->facts.memory.total, std::int64_t { 24 } << 30);
    EXPECT_GT(machine->pressure.pauseBelow, 0);
    EXPECT_EQ(machineOf(Frontend::Terminal), nullptr);
}

} // namespace
} // namespace dubito::session
