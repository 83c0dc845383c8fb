// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/memory/MemoryProbe.h"

#include "backend/base/Text.h"
#include "backend/memory/Mapping.h"
#include "tests/support/ManualClock.h"
#include "tests/support/TemporaryFolder.h"

#include <cstdlib>
#include <cstring>
#include <string>

#include <unistd.h>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace dubito::memory {
namespace {

/// A folder that stands for the root of a machine.
class Machine {
public:
    Machine& file(const std::string& path, const std::string& text)
    {
        m_root.write(path, text);
        return *this;
    }

    MachineMemory memory() const { return LinuxMemoryProbe(m_root.path()).machine(); }
    LinuxMemoryProbe probe() const { return LinuxMemoryProbe(m_root.path()); }

private:
    TemporaryFolder m_root;
};

TEST(MemoryProbe, SeesMemoryOfItsOwnProcessComeAndGo)
{
    LinuxMemoryProbe probe;
    const std::int64_t before = probe.process().resident;
    ASSERT_GT(before, 0);
    constexpr std::size_t kBytes = 64 << 20;
    std::byte* const touched = mapMemory(kBytes, Pages::Small);
    ASSERT_NE(touched, nullptr);
    std::memset(touched, 1, kBytes);
    EXPECT_GT(probe.process().resident, before + 32 * kMiB);
    unmapMemory(touched, kBytes);
    EXPECT_LT(probe.process().resident, before + 32 * kMiB);
    EXPECT_GE(probe.process().fileBacked, 0);
}

TEST(MemoryProbe, KnowsTheMachineItRunsOn)
{
    const MachineMemory machine = LinuxMemoryProbe().machine();
    EXPECT_GT(machine.total, 0);
    EXPECT_GT(machine.available, 0);
    EXPECT_LE(machine.left(), machine.total);
}

TEST(MemoryProbe, WithoutProcEveryNumberIsUnknown)
{
    const Machine empty;
    EXPECT_EQ(empty.probe().process().resident, -1);
    EXPECT_EQ(empty.memory().total, -1);
    EXPECT_EQ(empty.memory().left(), -1);
    EXPECT_EQ(empty.memory().size(), -1);
    EXPECT_EQ(empty.probe().stalledPercentage(), -1);
}

TEST(MemoryProbe, ReadsResidentAndFileBackedPages)
{
    Machine machine;
    machine.file("proc/self/statm", "90000 2000 500 10 0 700 0\n");
    EXPECT_EQ(machine.probe().process().resident, 2000 * ::sysconf(_SC_PAGESIZE));
    EXPECT_EQ(machine.probe().process().fileBacked, 500 * ::sysconf(_SC_PAGESIZE));
}

TEST(MemoryProbe, ReadsThePressureOfAllWork)
{
    Machine machine;
    machine.file("proc/pressure/memory",
        "some avg10=3.10 avg60=0.00 avg300=0.00 total=5\nfull avg10=1.25 avg60=0.10 avg300=0.00 total=3\n");
    EXPECT_DOUBLE_EQ(machine.probe().stalledPercentage(), 1.25);
}

TEST(MemoryProbe, TheTightestGroupOfANestedVersionTwoPathCounts)
{
    Machine machine;
    machine.file("proc/meminfo", "MemTotal:       1000000 kB\nMemFree: 5 kB\nMemAvailable:    900000 kB\n")
        .file("proc/self/cgroup", "0::/user.slice/job\n")
        .file("proc/self/mountinfo", "30 20 0:26 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw\n")
        .file("sys/fs/cgroup/user.slice/memory.max", "400000000\n")
        .file("sys/fs/cgroup/user.slice/memory.current", "350000000\n")
        .file("sys/fs/cgroup/user.slice/job/memory.max", "max\n")
        .file("sys/fs/cgroup/user.slice/job/memory.current", "100000000\n");
    EXPECT_EQ(machine.memory().cgroupLimit, 400000000);
    EXPECT_EQ(machine.memory().left(), 50000000);
    EXPECT_EQ(machine.memory().size(), 400000000);
}

TEST(MemoryProbe, PageCacheThatCanBeDroppedIsNotUse)
{
    Machine machine;
    machine.file("proc/self/cgroup", "0::/\n")
        .file("proc/self/mountinfo", "30 20 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n")
        .file("sys/fs/cgroup/memory.max", "1000\n")
        .file("sys/fs/cgroup/memory.current", "900\n")
        .file("sys/fs/cgroup/memory.stat", "anon 300\ninactive_file 500\nactive_file 100\n");
    EXPECT_EQ(machine.memory().cgroupUsed, 400);
}

TEST(MemoryProbe, VersionOneGroupsAreFoundBesideOthers)
{
    Machine machine;
    machine.file("proc/self/cgroup", "9:cpu,cpuacct:/x\n7:memory:/docker/abc\n0::/init\n")
        .file("proc/self/mountinfo",
            "33 30 0:28 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu,cpuacct\n"
            "36 30 0:31 /docker/abc /sys/fs/cgroup/memory ro master:17 - cgroup cgroup rw,memory\n")
        .file("sys/fs/cgroup/memory/memory.limit_in_bytes", "2147483648\n")
        .file("sys/fs/cgroup/memory/memory.usage_in_bytes", "1000000\n");
    EXPECT_EQ(machine.memory().cgroupLimit, 2147483648);
}

TEST(MemoryProbe, AnUnlimitedVersionOneGroupIsNoLimit)
{
    Machine machine;
    machine.file("proc/self/cgroup", "7:memory:/\n")
        .file("proc/self/mountinfo", "36 30 0:31 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n")
        .file("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n")
        .file("sys/fs/cgroup/memory/memory.usage_in_bytes", "1000000\n");
    EXPECT_EQ(machine.memory().cgroupLimit, -1);
}

TEST(MemoryProbe, TheMachineIsReadAnewWhenItsTimeIsOverAndTheProcessEveryTime)
{
    TemporaryFolder root;
    const auto tell = [&](int number) {
        root.write("proc/meminfo", fmt::format("MemTotal: 9000 kB\nMemAvailable: {} kB\n", number));
        root.write("proc/self/statm", fmt::format("9000 {} 0 1 0 7 0\n", number));
    };
    tell(2000);
    ManualClock clock;
    LinuxMemoryProbe probe(root.path(), clock);
    EXPECT_EQ(probe.machine().available, 2000 * 1024);
    tell(3000);
    clock.advance(LinuxMemoryProbe::kMachineLasts - std::chrono::milliseconds(1));
    EXPECT_EQ(probe.machine().available, 2000 * 1024);
    EXPECT_EQ(probe.process().resident, 3000 * ::sysconf(_SC_PAGESIZE));
    clock.advance(std::chrono::milliseconds(1));
    EXPECT_EQ(probe.machine().available, 3000 * 1024);
}

TEST(MemoryProbe, TheRootOfTheMachineCanBeToldByTheEnvironment)
{
    EXPECT_EQ(machineRoot(), "/");
    ::setenv("DUBITO_MACHINE_ROOT", "/host", 1);
    EXPECT_EQ(machineRoot(), "/host");
    ::unsetenv("DUBITO_MACHINE_ROOT");
}

} // namespace
} // namespace dubito::memory
