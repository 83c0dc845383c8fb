// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/memory/OomKills.h"

#include "tests/support/TemporaryFolder.h"

#include <gtest/gtest.h>

namespace dubito::memory {
namespace {

TEST(OomKills, AreReadFromTheOwnGroupOfVersionTwo)
{
    const TemporaryFolder root;
    root.write("proc/vmstat", "nr_free_pages 12\noom_kill 7\nthp_fault 1\n");
    root.write("proc/self/cgroup", "0::/batch/job\n");
    root.write("proc/self/mountinfo", "30 1 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n");
    root.write("sys/fs/cgroup/batch/job/memory.events", "low 0\nhigh 3\nmax 9\noom 2\noom_kill 2\n");
    const OomKills kills = readOomKills(root.path());
    EXPECT_EQ(kills.onMachine, 7);
    EXPECT_EQ(kills.inGroup, 2);
    EXPECT_TRUE(kills.group.ends_with("batch/job"));
}

TEST(OomKills, AreReadFromVersionOneToo)
{
    const TemporaryFolder root;
    root.write("proc/self/cgroup", "4:memory:/job\n");
    root.write("proc/self/mountinfo", "30 1 0:26 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n");
    root.write("sys/fs/cgroup/memory/job/memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 5\n");
    EXPECT_EQ(readOomKills(root.path()).inGroup, 5);
    EXPECT_EQ(readOomKills(root.path()).onMachine, -1);
}

TEST(OomKills, AMachineThatTellsNothingIsUnknown)
{
    const TemporaryFolder root;
    EXPECT_EQ(readOomKills(root.path()), OomKills {});
    EXPECT_FALSE(hasStruck(OomKills {}, OomKills {}));
}

TEST(OomKills, CountsOfTheSameGroupOutweighThoseOfTheMachine)
{
    const OomKills before { .inGroup = 1, .onMachine = 4, .group = "/a" };
    EXPECT_FALSE(hasStruck(before, { .inGroup = 1, .onMachine = 5, .group = "/a" })) << "it struck elsewhere";
    EXPECT_TRUE(hasStruck(before, { .inGroup = 2, .onMachine = 5, .group = "/a" }));
    EXPECT_TRUE(hasStruck(before, { .inGroup = 0, .onMachine = 5, .group = "/b" })) << "groups cannot be compared";
    EXPECT_FALSE(hasStruck(before, { .inGroup = 9, .onMachine = 4, .group = "/b" }));
}

} // namespace
} // namespace dubito::memory
