// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Error.h"

#include <array>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dubito::session {

/// How a run came to an end that nobody asked for.
enum class Death : std::uint8_t {
    OutOfMemory, ///< the kernel ended the process, or very likely so
    Killed, ///< ended from outside, without a word
    Crashed, ///< a fault of the program: a signal such as SIGSEGV or SIGABRT
    AtOnce, ///< a second stop signal: nothing was saved
    MachineRestarted, ///< the machine went down under it
    ShortOfMemory, ///< saved and ended with exit code 4: reloads and pauses did not help
    Failed, ///< an error or exception of the run itself: see the evidence
};

inline constexpr std::array<std::string_view, 7> kDeathWords { "out of memory", "killed", "crashed", "ended at once",
    "machine restarted", "short of memory", "failed" };
constexpr std::string_view toWord(Death death) { return kDeathWords[static_cast<std::size_t>(death)]; }

/// Why the last run in a folder died, as far as can be told afterwards. Plain text ready to show; bytes are -1 where
/// nothing is known.
struct PostMortem {
    Death death = Death::Killed;
    bool isCertain = false; ///< false: the likeliest explanation
    std::string headline; ///< "Ended by the out-of-memory killer after step 812 of 5,000"
    std::vector<std::string> evidence; ///< sentences, at most 8
    std::string advice; ///< what to do about it, a sentence or two
    std::string runFolder;
    std::string runName;
    std::int64_t step = 0; ///< the last one it is known to have done
    std::int64_t totalSteps = 0;
    std::int64_t savedStep = -1; ///< of the newest checkpoint; negative: none, the run begins anew
    std::int64_t residentBytes = -1; ///< at its last sign of life
    std::int64_t availableBytes = -1; ///< what the machine had left then
    std::chrono::system_clock::time_point lastSeen;

    friend bool operator==(const PostMortem&, const PostMortem&) = default;
};

/// Explains the end of the last run in a folder. Nothing when it ended as it should (done, stopped on request, restarted
/// for memory), is still going on in another process, or left no sign of life.
///
/// Reads heartbeat.json and the counters of the kernel; writes nothing. `root` stands before /proc and /sys, for tests.
std::optional<PostMortem> explainEnd(const std::filesystem::path& runFolder, const std::filesystem::path& root = "/");

/// The explanation for the run in `runs` that was worked on last; nothing when that one ended as it should.
std::optional<PostMortem> explainNewestEnd(
    const std::filesystem::path& runs, const std::filesystem::path& root = "/");

/// As lines for a terminal: headline, evidence and advice.
std::string toText(const PostMortem& postMortem);

} // namespace dubito::session
