// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/memory/PressureGuard.h"

#include "backend/base/Text.h"

#include <gtest/gtest.h>

namespace dubito::memory {
namespace {

using std::chrono::seconds;

MachineMemory machineWith(double availableGb, double totalGb = 100)
{
    return { .total = static_cast<std::int64_t>(totalGb * static_cast<double>(kGiB)),
        .available = static_cast<std::int64_t>(availableGb * static_cast<double>(kGiB)) };
}

PressureGuard guardOf(double totalGb = 100) { return PressureGuard(pressureRules({}, machineWith(50, totalGb))); }

TEST(PressureGuard, ALargeMachinePausesAndAbortsAtTheConfiguredValues)
{
    const PressureRules rules = pressureRules({}, machineWith(90, 256));
    EXPECT_EQ(rules.pauseBelow, 15 * kGiB);
    EXPECT_EQ(rules.abortBelow, 10 * kGiB);
}

TEST(PressureGuard, ASmallMachineCanTrain)
{
    PressureGuard guard = guardOf(16);
    EXPECT_EQ(guard.update(machineWith(4, 16), seconds { 0 }), Pressure::None);
    EXPECT_EQ(guard.update(machineWith(2.3, 16), seconds { 1 }), Pressure::Pause);
    EXPECT_EQ(guard.update(machineWith(1.2, 16), seconds { 2 }), Pressure::Abort);
}

TEST(PressureGuard, APauseEndsOnlyWhenATenthMoreIsLeft)
{
    PressureGuard guard = guardOf();
    EXPECT_EQ(guard.update(machineWith(14.9), seconds { 0 }), Pressure::Pause);
    EXPECT_NE(guard.reason().find("memory.pause_available_gb"), std::string::npos);
    EXPECT_EQ(guard.update(machineWith(15.5), seconds { 1 }), Pressure::Pause);
    EXPECT_EQ(guard.update(machineWith(17), seconds { 2 }), Pressure::None);
    EXPECT_EQ(guard.reason(), "");
    EXPECT_EQ(guard.update(machineWith(15.5), seconds { 3 }), Pressure::None);
}

TEST(PressureGuard, APauseThatLastsTooLongBecomesAnAbort)
{
    PressureGuard guard = guardOf();
    EXPECT_EQ(guard.update(machineWith(12), seconds { 0 }), Pressure::Pause);
    EXPECT_EQ(guard.update(machineWith(12), seconds { 3600 }), Pressure::Pause);
    EXPECT_EQ(guard.update(machineWith(12), seconds { 3601 }), Pressure::Abort);
    EXPECT_NE(guard.reason().find("memory.pause_timeout_s"), std::string::npos);
}

TEST(PressureGuard, AFullMachineShrinksTheBatchAfterThirtySecondsAndThenEveryThirty)
{
    PressureGuard guard = guardOf();
    EXPECT_EQ(guard.update(machineWith(19), seconds { 0 }), Pressure::None);
    EXPECT_EQ(guard.update(machineWith(19), seconds { 29 }), Pressure::None);
    EXPECT_EQ(guard.update(machineWith(19), seconds { 30 }), Pressure::Shrink);
    EXPECT_EQ(guard.update(machineWith(19), seconds { 31 }), Pressure::None);
    EXPECT_EQ(guard.update(machineWith(19), seconds { 60 }), Pressure::Shrink);
    EXPECT_EQ(guard.update(machineWith(30), seconds { 61 }), Pressure::None);
    EXPECT_EQ(guard.update(machineWith(19), seconds { 62 }), Pressure::None);
}

TEST(PressureGuard, ACgroupThatIsNearlyFullIsPressureOnAnIdleMachine)
{
    MachineMemory machine = machineWith(90);
    machine.cgroupLimit = 10 * kGiB;
    machine.cgroupUsed = 9 * kGiB;
    PressureGuard guard(pressureRules({}, machine));
    EXPECT_EQ(guard.update(machine, seconds { 0 }), Pressure::Pause);
}

TEST(PressureGuard, AMachineThatTellsNothingIsNeverUnderPressure)
{
    PressureGuard guard(pressureRules({}, {}));
    EXPECT_EQ(guard.update({}, seconds { 0 }), Pressure::None);
}

} // namespace
} // namespace dubito::memory
