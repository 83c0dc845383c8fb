// SPDX-License-Identifier: GPL-3.0-or-later
// A run shares a control group of one GiB with a hog: it pauses when the hog has taken the memory, and goes on afterwards.
// Where no group can be made, a machine of files shows the same way through the real program.
#include "backend/base/Text.h"
#include "backend/memory/CgroupMemory.h"
#include "tests/app/SmallRun.h"

#include <cstring>
#include <fmt/format.h>
#include <fstream>
#include <gtest/gtest.h>
#include <sys/mman.h>

namespace dubito::app {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kLimit = kGiB;

/// A memory control group of its own below that of the test, bounded and gone with the object.
class BoundedGroup {
public:
    BoundedGroup()
    {
        for (const auto& group : memory::memoryCgroups("/")) {
            const fs::path wanted = group.path / ("dubito-pressure-" + std::to_string(::getpid()));
            std::error_code problem;
            if (m_folder.empty() && fs::create_directory(wanted, problem)) {
                m_isSecond = group.version == 2;
                if (writes(wanted / limitName(), std::to_string(kLimit))) {
                    m_folder = wanted;
                } else {
                    fs::remove(wanted, problem);
                }
            }
            break; // never above the group of the test: its own limit must go on to hold
        }
    }
    BoundedGroup(const BoundedGroup&) = delete;
    BoundedGroup& operator=(const BoundedGroup&) = delete;
    ~BoundedGroup()
    {
        if (isThere()) {
            ::rmdir(m_folder.c_str());
        }
    }

    bool isThere() const { return !m_folder.empty(); }
    fs::path members() const { return m_folder / "cgroup.procs"; }

private:
    const char* limitName() const { return m_isSecond ? "memory.max" : "memory.limit_in_bytes"; }

    static bool writes(const fs::path& file, const std::string& text)
    {
        if (!fs::exists(file)) {
            return false;
        }
        std::ofstream out(file);
        out << text;
        out.flush();
        return out.good();
    }

    fs::path m_folder;
    bool m_isSecond = true;
};

/// A process that joins the group and takes memory until `leave` bytes are left there; it gives them back with the object.
class Hog {
public:
    Hog(const BoundedGroup& group, std::int64_t leave)
    {
        m_id = ::fork();
        if (m_id == 0) {
            take(group, leave);
            ::pause();
            ::_exit(0);
        }
    }
    Hog(const Hog&) = delete;
    Hog& operator=(const Hog&) = delete;
    ~Hog()
    {
        ::kill(m_id, SIGKILL);
        ::waitpid(m_id, nullptr, 0);
    }

private:
    static void take(const BoundedGroup& group, std::int64_t leave)
    {
        constexpr std::size_t kPiece = 4 << 20;
        std::ofstream(group.members()) << ::getpid() << std::flush;
        memory::CgroupMemory mine("/"); // as the run itself sees it, without cache that can be dropped
        for (std::int64_t taken = 0; taken < kLimit && kLimit - mine.read().used > leave; taken += kPiece) {
            void* piece = ::mmap(nullptr, kPiece, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
            if (piece == MAP_FAILED) {
                return;
            }
            std::memset(piece, 1, kPiece);
        }
    }

    pid_t m_id = -1;
};

/// A machine whose processes are real and whose memory is what a file says.
class MachineOfFiles {
public:
    MachineOfFiles()
    {
        fs::create_directories(m_root.path() / "proc");
        fs::create_directory_symlink("/proc/self", m_root.path() / "proc/self");
        m_root.write("proc/meminfo", meminfo(20 * kGiB));
    }

    const fs::path& root() const { return m_root.path(); }

    /// In place: the program keeps the file open.
    void leave(std::int64_t bytes) const
    {
        std::fstream file(m_root.path() / "proc/meminfo", std::ios::in | std::ios::out | std::ios::binary);
        file << meminfo(bytes) << std::flush;
        ASSERT_TRUE(file.good());
    }

private:
    static std::string meminfo(std::int64_t available)
    {
        return fmt::format("MemTotal:     {:10} kB\nMemAvailable: {:10} kB\n", 24 * kGiB / 1024, available / 1024);
    }

    TemporaryFolder m_root;
};

TEST(Pressure, OnAMachineOfFilesTheProgramPausesGoesOnAndAtLastSavesAndEnds)
{
    const MachineOfFiles machine;
    const SmallRun run;
    Process process(DUBITO_PROGRAM,
        run.train({ "--steps", "1000000", "--set", "memory.pause_available_gb=2", "--set", "memory.abort_available_gb=1",
            "--checkpoint-interval", "0" }),
        { .environment = { { "DUBITO_MACHINE_ROOT", machine.root() } } });
    ASSERT_TRUE(process.waitUntil([&] { return run.metricsLines() >= 20; })) << process.err();
    EXPECT_TRUE(run.events("pause").empty());
    machine.leave(kGiB + kGiB / 2);
    ASSERT_TRUE(process.waitUntil([&] { return !run.events("pause").empty(); })) << process.err();
    EXPECT_EQ(run.events("pause").front().at("cause"), "pressure");
    const std::size_t steps = run.metricsLines();
    machine.leave(20 * kGiB);
    ASSERT_TRUE(process.waitUntil([&] { return !run.events("resume").empty(); })) << process.err();
    ASSERT_TRUE(process.waitUntil([&] { return run.metricsLines() > steps; })) << process.err();
    machine.leave(kGiB / 2);
    ASSERT_TRUE(process.wait());
    EXPECT_EQ(process.exitCode(), 4) << process.err();
    const auto last = run.metrics().back().at("step").dump();
    EXPECT_TRUE(fs::exists(run.output() / ("checkpoint-" + last) / "manifest.json")) << last;
}

TEST(Pressure, InABoundedGroupARunPausesForAHogAndGoesOnWithoutIt)
{
#ifdef __SANITIZE_ADDRESS__
    GTEST_SKIP() << "a sanitizer needs more memory than the group has";
#endif
    const BoundedGroup group;
    if (!group.isThere()) {
        GTEST_SKIP() << "no memory control group can be made here: that takes root and a controller";
    }
    const SmallRun run;
    // A pause at 143 MiB, an abort at 20; the hog leaves 90.
    SmallRun::Words words { "-c", "echo $$ > '" + group.members().string() + "' && exec \"$0\" \"$@\"", DUBITO_PROGRAM };
    const auto training = run.train({ "--steps", "1000000", "--set", "memory.pause_available_gb=0.14", "--set",
        "memory.abort_available_gb=0.02", "--checkpoint-interval", "0" });
    words.insert(words.end(), training.begin(), training.end());
    Process process("/bin/sh", words);
    ASSERT_TRUE(process.waitUntil([&] { return run.metricsLines() >= 20; })) << process.err();
    EXPECT_TRUE(run.events("pause").empty());
    {
        const Hog hog(group, 90 * kMiB);
        ASSERT_TRUE(process.waitUntil([&] { return !run.events("pause").empty(); })) << process.err();
    }
    ASSERT_TRUE(process.waitUntil([&] { return !run.events("resume").empty(); })) << process.err();
    const auto pause = run.events("pause").front();
    EXPECT_EQ(pause.at("cause"), "pressure");
    EXPECT_NE(pause.at("message").get<std::string>().find("memory.pause_available_gb"), std::string::npos) << pause.dump();
    const std::size_t steps = run.metricsLines();
    EXPECT_TRUE(process.waitUntil([&] { return run.metricsLines() > steps; })) << process.err();
    process.signal(SIGTERM);
    ASSERT_TRUE(process.wait());
    EXPECT_EQ(process.exitCode(), 75) << process.err();
    std::printf("paused with %s\nwent on with %s\n", pause.dump().c_str(), run.events("resume").front().dump().c_str());
}

} // namespace
} // namespace dubito::app
