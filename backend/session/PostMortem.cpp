// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/PostMortem.h"

#include "backend/base/Text.h"
#include "backend/session/Heartbeat.h"
#include "backend/session/RunFolder.h"
#include "backend/train/CheckpointFolder.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <fstream>

namespace dubito::session {

namespace fs = std::filesystem;

namespace {

/// With less than this share of its size left a machine is short of memory.
constexpr double kShortShare = 0.05;

/// What is known when the end is explained.
struct Scene {
    Vitals last;
    memory::OomKills oomKills; ///< now
    std::string boot; ///< now

    bool isSameBoot() const { return boot.empty() || last.boot.empty() || boot == last.boot; }
    bool isSameGroup() const { return last.oomKills.inGroup >= 0 && last.oomKills.group == oomKills.group; }
    bool isStruck() const { return isSameBoot() && memory::hasStruck(last.oomKills, oomKills); }
    bool isShort() const
    {
        const bool isNearlyFull = last.available >= 0 && last.limit > 0
            && static_cast<double>(last.available) < kShortShare * static_cast<double>(last.limit);
        return isNearlyFull || last.level == memory::Level::Critical || last.pressure >= memory::Pressure::Pause;
    }
};

struct Row {
    Death death;
    bool isCertain;
    bool (*applies)(const Scene& scene);
    std::string_view headline; ///< goes on with "after step 812 of 5,000"
    std::string_view advice;
};

constexpr std::string_view kLessMemory
    = "Run it with a smaller training.batch_size or training.seq_len, or give it a limit it can keep: memory.budget_gb "
      "refuses before the system kills.";

/// The first row that applies is the explanation.
constexpr std::array kRows {
    Row { Death::Failed, true, [](const Scene& scene) { return scene.last.ending == train::Ending::Failed; },
        "The run failed", "Mend what the message names, then go on with it." },
    Row { Death::ShortOfMemory, true,
        [](const Scene& scene) { return scene.last.ending == train::Ending::StoppedForMemory; },
        "Saved and ended for want of memory", kLessMemory },
    Row { Death::Crashed, true, [](const Scene& scene) { return scene.last.crashSignal > 0; },
        "The program crashed", "This is a defect: please report it with dubito.log. The newest checkpoint is whole." },
    Row { Death::MachineRestarted, true, [](const Scene& scene) { return !scene.isSameBoot(); },
        "The machine went down", "Nothing is wrong with the run; go on from the newest checkpoint." },
    Row { Death::OutOfMemory, true,
        [](const Scene& scene) { return scene.isStruck() && scene.isSameGroup(); },
        "Ended by the out-of-memory killer", kLessMemory },
    Row { Death::OutOfMemory, false, [](const Scene& scene) { return scene.isStruck(); },
        "Very likely ended by the out-of-memory killer", kLessMemory },
    Row { Death::AtOnce, true, [](const Scene& scene) { return scene.last.stopSignals > 1; },
        "Ended at once by a second stop signal",
        "One signal saves and stops; the second gives up what was not saved. Go on from the newest checkpoint." },
    Row { Death::OutOfMemory, false, [](const Scene& scene) { return scene.isShort(); },
        "Killed while memory was short", kLessMemory },
    Row { Death::Killed, false, [](const Scene&) { return true; }, "Killed from outside, without a word",
        "Somebody or something ended it (kill -9, a closed session, a job limit). Go on from the newest checkpoint." },
};

bool isDeath(train::Ending ending)
{
    return ending == train::Ending::None || ending == train::Ending::Failed || ending == train::Ending::StoppedForMemory;
}

std::string signalName(std::int64_t number)
{
    const char* name = number > 0 && number < 65 ? ::sigabbrev_np(static_cast<int>(number)) : nullptr;
    return name != nullptr ? fmt::format("SIG{}", name) : fmt::format("signal {}", number);
}

std::string oomEvidence(const Scene& scene)
{
    const auto& before = scene.last.oomKills;
    const bool isGroup = scene.isSameGroup();
    const std::int64_t count = isGroup ? scene.oomKills.inGroup - before.inGroup
                                       : scene.oomKills.onMachine - before.onMachine;
    return fmt::format("The kernel counts {} out-of-memory kill{} {} since the last sign of life.", count,
        count == 1 ? "" : "s", isGroup ? "in this process's memory group" : "on this machine");
}

std::vector<std::string> evidenceOf(const Scene& scene, std::int64_t savedStep)
{
    const Vitals& last = scene.last;
    std::vector<std::string> evidence;
    if (!last.problem.empty()) {
        evidence.push_back(last.problem);
    }
    if (last.crashSignal > 0) {
        evidence.push_back(fmt::format("{} ended it.", signalName(last.crashSignal)));
    }
    if (scene.isStruck()) {
        evidence.push_back(oomEvidence(scene));
    }
    const auto seconds = std::chrono::system_clock::to_time_t(last.wall);
    evidence.push_back(fmt::format("Last sign of life at {:%Y-%m-%d %H:%M:%S}, {}{}{}.", fmt::localtime(seconds), last.state,
        last.activity.empty() ? "" : ": ", last.activity));
    if (last.resident >= 0) {
        std::string memory = fmt::format("It held {}", bytesToText(last.resident));
        if (last.available >= 0) {
            memory += fmt::format("; {} were left to it", bytesToText(last.available));
        }
        evidence.push_back(memory + (scene.isShort() ? ", which is short." : "."));
    }
    if (!last.leak.empty()) {
        evidence.push_back(fmt::format("A leak was suspected: {}.", last.leak));
    }
    if (last.lastSignal > 0 && last.ending == train::Ending::None) {
        evidence.push_back(fmt::format("{} had asked it to stop.", signalName(last.lastSignal)));
    }
    if (savedStep >= 0) {
        const std::int64_t lost = std::max<std::int64_t>(0, last.step - savedStep);
        evidence.push_back(lost == 0 ? fmt::format("checkpoint-{} has everything.", savedStep)
                                     : fmt::format("checkpoint-{} is the newest; {} steps are trained again.", savedStep,
                                           countToText(lost)));
    } else {
        evidence.push_back("There is no checkpoint: it begins anew.");
    }
    return evidence;
}

/// The newest checkpoint by its name; whether it is whole is found when it is loaded.
std::int64_t newestSaved(const fs::path& folder)
{
    const auto found = train::checkpointsIn(folder);
    return found.empty() ? -1 : found.back();
}

/// The step of the last whole line of metrics.jsonl, which is written after every step; 0 when it does not tell.
std::int64_t recordedStep(const fs::path& folder)
{
    constexpr std::int64_t kTail = 64 * 1024;
    std::ifstream file(folder / "metrics.jsonl", std::ios::binary | std::ios::ate);
    const std::int64_t size = file ? static_cast<std::int64_t>(file.tellg()) : 0;
    std::string tail(static_cast<std::size_t>(std::clamp<std::int64_t>(size, 0, kTail)), '\0');
    file.seekg(-static_cast<std::int64_t>(tail.size()), std::ios::end);
    if (!file.read(tail.data(), static_cast<std::streamsize>(tail.size()))) {
        return 0;
    }
    tail.resize(tail.rfind('\n') == std::string::npos ? 0 : tail.rfind('\n')); // a torn line is none
    constexpr std::string_view kKey = "\"step\":";
    const auto at = tail.rfind(kKey);
    if (at == std::string::npos) {
        return 0;
    }
    const auto begin = tail.find_first_not_of(' ', at + kKey.size());
    std::int64_t step = 0;
    if (begin != std::string::npos) {
        std::from_chars(tail.data() + begin, tail.data() + tail.size(), step);
    }
    return std::max<std::int64_t>(0, step);
}

/// A start that was refused (a wrong file, a wrong number) has said so then and there; it is no run that died.
bool hasNeverBegun(const PostMortem& told)
{
    return told.death == Death::Failed && told.step <= 0 && told.savedStep < 0;
}

/// "after step 812 of 5,000"
std::string momentOf(const PostMortem& told)
{
    if (told.step <= 0) {
        return "before the first step was done";
    }
    return told.totalSteps > 0 ? fmt::format("after step {} of {}", countToText(told.step), countToText(told.totalSteps))
                               : fmt::format("after step {}", countToText(told.step));
}

} // namespace

std::optional<PostMortem> explainEnd(const fs::path& runFolder, const fs::path& root)
{
    auto last = readHeartbeat(runFolder);
    if (!last || !isDeath(last->ending)) {
        return std::nullopt;
    }
    last->step = std::max(last->step, recordedStep(runFolder)); // signs of life are seconds apart
    const Scene scene { .last = *last, .oomKills = memory::readOomKills(root), .boot = bootIdentity(root) };
    const Row& row = *std::ranges::find_if(kRows, [&](const Row& candidate) { return candidate.applies(scene); });
    PostMortem told;
    told.death = row.death;
    told.isCertain = row.isCertain;
    told.savedStep = newestSaved(runFolder);
    // The newest checkpoint may be younger than the last sign of life.
    told.step = std::max(last->step, told.savedStep);
    told.totalSteps = last->totalSteps;
    told.headline = fmt::format("{} {}", row.headline, momentOf(told));
    told.advice = row.advice;
    told.runFolder = runFolder.string();
    told.runName = fs::absolute(runFolder).lexically_normal().filename().string();
    told.evidence = evidenceOf(scene, told.savedStep);
    told.residentBytes = last->resident;
    told.availableBytes = last->available;
    told.lastSeen = last->wall;
    return told;
}

std::optional<PostMortem> explainNewestEnd(const fs::path& runs, const fs::path& root)
{
    for (const fs::path& folder : newestRuns(runs)) {
        if (isInUse(folder)) {
            return std::nullopt;
        }
        auto told = explainEnd(folder, root);
        if (!told || !hasNeverBegun(*told)) {
            return told;
        }
    }
    return std::nullopt;
}

std::string toText(const PostMortem& postMortem)
{
    std::string text = fmt::format("{}: {}\n", postMortem.runName, postMortem.headline);
    for (const std::string& sentence : postMortem.evidence) {
        text += fmt::format("  {}\n", sentence);
    }
    return text + fmt::format("  {}\n", postMortem.advice);
}

} // namespace dubito::session
