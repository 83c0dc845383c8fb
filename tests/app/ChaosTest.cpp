// SPDX-License-Identifier: GPL-3.0-or-later
// Killed again and again, at every kind of bad moment: DUBITO_CHAOS_ROUNDS rounds (12; the full figure in bench/README.md
// is of 200). A table on the output says where each kill fell.
#include "tests/app/SmallRun.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <poll.h>
#include <random>
#include <sys/inotify.h>
#include <sys/mount.h>

namespace dubito::app {
namespace {

enum class Plan { Step, Save, FullDisk, FlippedByte };

const SmallRun::Words kLong { "--checkpoint-interval", "20", "--accumulate", "6", "--set", "training.save_total_limit=3" };

int wantedRounds()
{
    const char* wish = std::getenv("DUBITO_CHAOS_ROUNDS");
    return wish != nullptr ? std::max(1, std::atoi(wish)) : 12;
}

/// A file system of its own for the run folder, so that a disk that is full harms nobody else. Only root may have one.
class SmallDisk {
public:
    explicit SmallDisk(const std::filesystem::path& folder) : m_folder(folder)
    {
        std::filesystem::create_directories(folder);
        m_isMounted = ::mount("tmpfs", folder.c_str(), "tmpfs", 0, "size=64m") == 0;
    }
    SmallDisk(const SmallDisk&) = delete;
    SmallDisk& operator=(const SmallDisk&) = delete;
    ~SmallDisk()
    {
        if (m_isMounted) {
            ::umount2(m_folder.c_str(), MNT_DETACH);
        }
    }

    bool isThere() const { return m_isMounted; }

    /// Leaves so many bytes.
    void fill(std::uintmax_t left) const
    {
        const auto space = std::filesystem::space(m_folder).available;
        std::ofstream filler(m_folder / "filler", std::ios::binary);
        const std::string chunk(64 * 1024, 'x');
        for (std::uintmax_t written = 0; written + left < space && filler; written += chunk.size()) {
            filler.write(chunk.data(), static_cast<std::streamsize>(chunk.size()));
        }
    }
    void empty() const { std::filesystem::remove(m_folder / "filler"); }

private:
    std::filesystem::path m_folder;
    bool m_isMounted = false;
};

/// Tells within microseconds that a checkpoint has begun to be written.
class SaveWatch {
public:
    explicit SaveWatch(const std::filesystem::path& folder)
        : m_descriptor(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC))
    {
        ::inotify_add_watch(m_descriptor, folder.c_str(), IN_CREATE | IN_ONLYDIR);
    }
    SaveWatch(const SaveWatch&) = delete;
    SaveWatch& operator=(const SaveWatch&) = delete;
    ~SaveWatch() { ::close(m_descriptor); }

    /// Waits a moment; how many have begun since it was asked last.
    int begun()
    {
        constexpr int kPatienceMilliseconds = 20;
        pollfd watched { .fd = m_descriptor, .events = POLLIN, .revents = 0 };
        ::poll(&watched, 1, kPatienceMilliseconds);
        std::array<char, 4096> buffer {};
        const auto bytes = ::read(m_descriptor, buffer.data(), buffer.size());
        int count = 0;
        for (std::ptrdiff_t at = 0; at + static_cast<std::ptrdiff_t>(sizeof(inotify_event)) <= bytes;) {
            inotify_event event {};
            std::memcpy(&event, buffer.data() + at, sizeof event);
            const char* name = buffer.data() + at + sizeof event;
            const bool isSave = (event.mask & IN_ISDIR) != 0 && std::strstr(name, ".partial-") != nullptr;
            count += isSave ? 1 : 0;
            at += static_cast<std::ptrdiff_t>(sizeof event + event.len);
        }
        return count;
    }

private:
    int m_descriptor;
};

/// A moment that is not worth a sleep: a checkpoint of this model takes a few milliseconds.
void spin(std::chrono::microseconds time)
{
    const auto end = std::chrono::steady_clock::now() + time;
    while (std::chrono::steady_clock::now() < end) { }
}

class Chaos {
public:
    explicit Chaos(int rounds) : m_rounds(rounds), m_steps(80 * rounds + 400) { }

    void run()
    {
        for (int round = 0; round < m_rounds; ++round) {
            live(planOf(round), round);
            ASSERT_FALSE(testing::Test::HasFatalFailure()) << "round " << round;
        }
        m_run.trainExpecting(0, arguments());
    }

    SmallRun::Words arguments() const
    {
        SmallRun::Words words = kLong;
        words.insert(words.end(), { "--steps", std::to_string(m_steps), "--resume" });
        return words;
    }

    const SmallRun& small() const { return m_run; }
    bool hasDisk() const { return m_disk.isThere(); }
    int fell(const std::string& where) const { return m_fell.contains(where) ? m_fell.at(where) : 0; }

    void print() const
    {
        for (const auto& [where, count] : m_fell) {
            std::printf("[  CHAOS   ] %4d killed %s\n", count, where.c_str());
        }
        std::printf("[  CHAOS   ] %4d damaged checkpoints named and passed over\n", m_refused);
    }

private:
    /// In twenty rounds: eleven kills at a step, seven in a save, one on a full disk, one with a flipped byte.
    Plan planOf(int round) const
    {
        switch (round % 20) {
        case 4:
            return m_disk.isThere() ? Plan::FullDisk : Plan::Step;
        case 9:
            return Plan::FlippedByte;
        case 1:
        case 3:
        case 7:
        case 11:
        case 13:
        case 16:
        case 18:
            return Plan::Save;
        default:
            return Plan::Step;
        }
    }

    std::vector<std::filesystem::path> folders(const std::string& mark) const
    {
        std::vector<std::filesystem::path> found;
        std::error_code gone;
        for (std::filesystem::directory_iterator at(m_run.output(), gone), end; !gone && at != end; at.increment(gone)) {
            const std::string name = at->path().filename();
            if (name.starts_with("checkpoint-") && !at->is_symlink(gone) && (name.find(".partial-") != std::string::npos) == (mark == "partial")) {
                found.push_back(at->path());
            }
        }
        return found;
    }

    std::filesystem::path newest() const
    {
        const auto all = folders("whole");
        const auto step = [](const std::filesystem::path& path) { return std::stol(path.filename().string().substr(11)); };
        const auto last = std::ranges::max_element(all, {}, step);
        return last == all.end() ? std::filesystem::path {} : *last;
    }

    /// Lines of events.jsonl that hold this word as kind or cause; lines that a full disk cut short do not matter.
    std::size_t events(const std::string& word) const
    {
        std::ifstream in(m_run.output() / "events.jsonl", std::ios::binary);
        std::size_t count = 0;
        for (std::string line; std::getline(in, line);) {
            count += line.find("\":\"" + word + "\"") != std::string::npos ? 1 : 0;
        }
        return count;
    }

    std::uintmax_t metricsBytes() const
    {
        std::error_code none;
        const auto bytes = std::filesystem::file_size(m_run.output() / "metrics.jsonl", none);
        return none ? 0 : bytes;
    }

    void flipAByte()
    {
        const auto weights = newest() / "model.safetensors";
        std::fstream file(weights, std::ios::in | std::ios::out | std::ios::binary);
        ASSERT_TRUE(file) << weights;
        const auto at = static_cast<std::streamoff>(m_random() % std::filesystem::file_size(weights));
        file.seekg(at);
        const auto flipped = static_cast<char>(file.peek() ^ static_cast<char>(1 << m_random() % 8));
        file.seekp(at);
        file.put(flipped);
    }

    void live(Plan plan, int round)
    {
        const bool isFlipped = plan == Plan::FlippedByte && folders("whole").size() > 1;
        if (isFlipped) {
            flipAByte();
        }
        const std::size_t named = events("damaged");
        const std::size_t begun = events("resume") + events("start");
        Process process(DUBITO_PROGRAM, m_run.train(arguments()));
        process.waitUntil([&] { return events("resume") + events("start") > begun; });
        if (isFlipped) {
            EXPECT_EQ(events("damaged"), named + 1) << "round " << round << ": the damage was not named";
            ++m_refused;
        }
        if (plan == Plan::FullDisk) {
            m_disk.fill(m_random() % 300'000);
        }
        // A line has some 1,200 bytes: three to thirty steps from here.
        const std::uintmax_t size = metricsBytes() + 3'600 + m_random() % 32'000;
        if (plan == Plan::Save) {
            stopInsideASave(process);
        } else {
            process.waitUntil([&] { return metricsBytes() >= size; });
        }
        const bool hadEnded = process.exitCode() >= 0;
        process.kill();
        count(plan, hadEnded, isFlipped);
        m_disk.empty();
    }

    /// Halts it a moment after a checkpoint was begun, and looks whether it is still being written: on a quick machine it
    /// may be done by then, so the next one is tried.
    void stopInsideASave(Process& process)
    {
        SaveWatch saves(m_run.output());
        constexpr int kTries = 8;
        for (int attempt = 0; attempt < kTries; ++attempt) {
            const auto delay = std::chrono::microseconds(m_random() % (300 / (attempt + 1)));
            if (!process.waitUntil([&] { return saves.begun() > 0; })) {
                return;
            }
            spin(delay);
            process.halt();
            if (!folders("partial").empty()) {
                return;
            }
            process.goOn();
        }
    }

    void count(Plan plan, bool hadEnded, bool isFlipped)
    {
        const std::string when = hadEnded ? "had ended by itself" : !folders("partial").empty() ? "inside a checkpoint write" : "during steps";
        ++m_fell[plan == Plan::FullDisk ? "with the disk full, " + when : when];
        m_fell["after a byte of the newest checkpoint was flipped (counted above too)"] += isFlipped ? 1 : 0;
    }

    int m_rounds;
    int m_steps;
    SmallRun m_run;
    SmallDisk m_disk { m_run.output() };
    std::mt19937 m_random { 20'261'121 };
    std::map<std::string, int> m_fell;
    int m_refused = 0;
};

TEST(Chaos, WhateverItIsKilledInTheJoinedLossIsThatOfAnUndisturbedRun)
{
    const int rounds = wantedRounds();
    Chaos chaos(rounds);
    chaos.run();
    chaos.print();
    if (!chaos.hasDisk()) {
        std::puts("[  CHAOS   ] no full disk: only root may have a file system of its own");
    }
    const SmallRun undisturbed;
    undisturbed.trainExpecting(0, chaos.arguments());
    EXPECT_EQ(chaos.small().crossEntropies(), undisturbed.crossEntropies());
    // Where a kill falls is luck, on one core bad luck: a few rounds promise nothing, and their table says what they met.
    constexpr int kMany = 100;
    if (rounds >= kMany) {
        EXPECT_GE(chaos.fell("inside a checkpoint write"), rounds / 10);
    }
}

} // namespace
} // namespace dubito::app
