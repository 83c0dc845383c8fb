// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/memory/ProcessTree.h"

#include "tests/support/TemporaryFolder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <unistd.h>

namespace dubito::memory {
namespace {

class ProcessTreeTest : public testing::Test {
protected:
    void add(int process, int parent, const std::string& name, const std::string& statm)
    {
        const std::string folder = "proc/" + std::to_string(process);
        m_root.write(folder + "/stat", std::to_string(process) + " (" + name + ") S " + std::to_string(parent) + " 1 1 0");
        m_root.write(folder + "/statm", statm);
    }

    TemporaryFolder m_root;
};

TEST_F(ProcessTreeTest, ChildrenAndTheirChildrenAreFoundWhateverTheirNames)
{
    add(10, 1, "supervisor", "9 9 0");
    add(11, 10, "train) S 99 (", "1000 100 40");
    add(12, 11, "loader", "1000 50 10");
    add(20, 1, "stranger", "1000 7000 0");
    m_root.write("proc/self/stat", "no number");
    m_root.write("proc/13/stat", "torn");
    auto found = processesBelow(10, m_root.path());
    std::ranges::sort(found);
    EXPECT_EQ(found, (std::vector<pid_t> { 11, 12 }));
    const auto memory = memoryOf(found, m_root.path());
    EXPECT_EQ(memory.processes, 2);
    EXPECT_EQ(memory.resident, 150 * ::sysconf(_SC_PAGESIZE));
    EXPECT_EQ(memory.anonymous, 100 * ::sysconf(_SC_PAGESIZE));
}

TEST_F(ProcessTreeTest, WhoIsGoneCountsNothing)
{
    EXPECT_TRUE(processesBelow(10, m_root.path()).empty());
    EXPECT_EQ(memoryOf(std::vector<pid_t> { 77 }, m_root.path()).processes, 0);
}

TEST_F(ProcessTreeTest, ThisProcessIsBelowItsParent)
{
    const auto found = processesBelow(::getppid());
    EXPECT_NE(std::ranges::find(found, ::getpid()), found.end());
    EXPECT_GT(memoryOf(std::vector<pid_t> { ::getpid() }).anonymous, 0);
}

} // namespace
} // namespace dubito::memory
