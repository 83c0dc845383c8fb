// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/train/CheckpointFolder.h"

#include "backend/base/AtomicFile.h"
#include "backend/base/Text.h"
#include "backend/train/Checkpoint.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <set>
#include <unistd.h>

namespace dubito::train {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPrefix = "checkpoint-";
constexpr std::string_view kPartial = ".partial-";
constexpr std::array<std::string_view, 2> kLinkWords { "final", "checkpoint-best" };

/// Names directly below the folder, sorted; none when it is absent or unreadable.
std::vector<std::string> namesIn(const fs::path& folder)
{
    std::vector<std::string> names;
    std::error_code problem;
    for (fs::directory_iterator entry(folder, problem), end; !problem && entry != end; entry.increment(problem)) {
        names.push_back(entry->path().filename().string());
    }
    std::ranges::sort(names);
    return names;
}

Error notChanged(const fs::path& path, std::string_view what, std::string_view why)
{
    return { ErrorCode::Output, fmt::format("{}: {}", what, why), path.string() };
}

/// First out of the name, then the bytes: a kill in between leaves a partial folder and no broken checkpoint.
Result<void> removeCheckpoint(const fs::path& runFolder, std::int64_t step)
{
    const fs::path path = runFolder / checkpointName(step);
    const fs::path aside = fmt::format("{}{}{}-old", path.string(), kPartial, ::getpid());
    std::error_code problem;
    fs::rename(path, aside, problem);
    if (!problem) {
        fs::remove_all(aside, problem);
    }
    return problem ? Result<void>(notChanged(path, "this old checkpoint could not be removed", problem.message()))
                   : Result<void>();
}

} // namespace

std::string_view toWord(CheckpointLink link) { return kLinkWords[static_cast<std::size_t>(link)]; }

std::string checkpointName(std::int64_t step) { return fmt::format("{}{}", kPrefix, step); }

std::int64_t checkpointStep(std::string_view name)
{
    if (!name.starts_with(kPrefix)) {
        return -1;
    }
    const auto step = parseInteger(name.substr(kPrefix.size()));
    // Only the spelling that we write: "checkpoint-007" and "checkpoint-+7" are somebody else's folders.
    return step && *step >= 0 && checkpointName(*step) == name ? *step : -1;
}

std::vector<std::int64_t> checkpointsIn(const fs::path& runFolder)
{
    std::vector<std::int64_t> steps;
    for (const std::string& name : namesIn(runFolder)) {
        std::error_code ignored;
        if (checkpointStep(name) >= 0 && fs::is_directory(fs::symlink_status(runFolder / name, ignored))) {
            steps.push_back(checkpointStep(name));
        }
    }
    std::ranges::sort(steps);
    return steps;
}

Result<GoodCheckpoint> newestGood(const fs::path& runFolder)
{
    GoodCheckpoint found;
    const auto steps = checkpointsIn(runFolder);
    for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
        const fs::path directory = runFolder / checkpointName(*step);
        auto progress = verifyCheckpoint(directory);
        if (progress && progress->step == *step) {
            found.directory = directory;
            found.progress = std::move(*progress);
            return found;
        }
        found.damaged.push_back(progress
                ? Error { ErrorCode::Model, fmt::format("is not what its name says: it holds step {}", progress->step),
                    directory.string() }
                : progress.error());
    }
    if (found.damaged.empty()) {
        return Error { ErrorCode::NotFound, "holds no checkpoint", runFolder.string() };
    }
    std::vector<std::string> reasons;
    for (const Error& error : found.damaged) {
        reasons.push_back(toText(error));
    }
    return Error { ErrorCode::Model,
        fmt::format("no checkpoint can be used: {}. Start again in another folder, or copy a good one back",
            fmt::join(reasons, "; ")),
        runFolder.string() };
}

Result<void> pointLink(const fs::path& runFolder, CheckpointLink link, std::int64_t step)
{
    const fs::path path = runFolder / toWord(link);
    const fs::path partial = fmt::format("{}{}{}", path.string(), kPartial, ::getpid());
    std::error_code problem;
    fs::remove(partial, problem);
    fs::create_directory_symlink(checkpointName(step), partial, problem);
    if (!problem && ::rename(partial.c_str(), path.c_str()) != 0) {
        problem = std::error_code(errno, std::generic_category());
        std::error_code ignored;
        fs::remove(partial, ignored);
    }
    if (problem) {
        return notChanged(path, fmt::format("could not be pointed at {}", checkpointName(step)), problem.message());
    }
    return syncDirectory(runFolder);
}

std::int64_t linkedStep(const fs::path& runFolder, CheckpointLink link)
{
    std::error_code problem;
    const fs::path target = fs::read_symlink(runFolder / toWord(link), problem);
    return problem ? -1 : checkpointStep(target.filename().string());
}

Result<void> removePartials(const fs::path& runFolder)
{
    for (const std::string& name : namesIn(runFolder)) {
        const auto cut = name.find(kPartial);
        const std::string_view stem = std::string_view(name).substr(0, cut);
        const bool isOurs = checkpointStep(stem) >= 0 || std::ranges::find(kLinkWords, stem) != kLinkWords.end();
        if (cut == std::string::npos || !isOurs) {
            continue;
        }
        std::error_code problem;
        fs::remove_all(runFolder / name, problem);
        if (problem) {
            return notChanged(runFolder / name, "this half-written checkpoint could not be removed", problem.message());
        }
    }
    return {};
}

Result<void> applyLimit(const fs::path& runFolder, std::int64_t newest, std::int64_t limit)
{
    if (limit <= 0) {
        return {};
    }
    const std::set<std::int64_t> linked { linkedStep(runFolder, CheckpointLink::Final),
        linkedStep(runFolder, CheckpointLink::Best) };
    auto steps = checkpointsIn(runFolder);
    std::erase_if(steps, [&](std::int64_t step) { return step >= newest; });
    const std::size_t kept = std::min(steps.size(), static_cast<std::size_t>(limit - 1));
    steps.resize(steps.size() - kept);
    for (const std::int64_t step : steps) {
        if (linked.contains(step)) {
            continue;
        }
        if (auto removed = removeCheckpoint(runFolder, step); !removed) {
            return removed;
        }
    }
    return {};
}

} // namespace dubito::train
