// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/RunFolder.h"

#include "backend/base/FileIdentity.h"

#include <cerrno>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>
#include <utility>

namespace dubito::session {

namespace fs = std::filesystem;

namespace {

Error cannotUse(const fs::path& path, const std::string& why, const char* whatToDo = "choose another with --output")
{
    return { ErrorCode::Output, fmt::format("the run folder cannot be used: {}; {}", why, whatToDo), path.string() };
}

std::string defaultName(const std::string& modelName, const Clock& clock)
{
    const std::time_t now = std::chrono::system_clock::to_time_t(clock.wall());
    return fmt::format("{:%Y-%m-%d-%H%M%S}-{}", fmt::localtime(now), modelName);
}

/// Two runs may begin in the same second: the second one is called -2.
fs::path freshFolder(const fs::path& wanted)
{
    fs::path folder = wanted;
    std::error_code ignored;
    for (int i = 2; i < 1000 && fs::exists(folder, ignored); ++i) {
        folder = wanted.string() + fmt::format("-{}", i);
    }
    return folder;
}

bool holdsARun(const fs::path& folder)
{
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(folder, ignored)) {
        const auto name = entry.path().filename().string();
        if (name == "run.yaml" || name == "metrics.jsonl" || name == "events.jsonl" || name == "heartbeat.json" || name.starts_with("checkpoint-")) {
            return true;
        }
    }
    return false;
}

Result<int> lock(const fs::path& folder)
{
    const fs::path file = folder / ".lock";
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (descriptor < 0 && errno == EMFILE) {
        return cannotUse(folder, std::strerror(errno), "raise the limit of open files (ulimit -n)");
    }
    if (descriptor < 0) {
        return cannotUse(folder, std::strerror(errno));
    }
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        ::close(descriptor);
        return Error { ErrorCode::Usage,
            "another process is training in this folder; wait for it or choose another with --output", folder.string() };
    }
    return descriptor;
}

/// The folder itself, whatever its path leads to later; -1 when the system gives no descriptor.
int openDirectory(const fs::path& folder) { return ::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC); }

void closeIfOpen(int descriptor)
{
    if (descriptor >= 0) {
        ::close(descriptor);
    }
}

} // namespace

bool isInUse(const fs::path& runFolder)
{
    const int descriptor = ::open((runFolder / ".lock").c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) {
        return false;
    }
    const bool isLocked = ::flock(descriptor, LOCK_SH | LOCK_NB) != 0;
    ::close(descriptor);
    return isLocked;
}

RunFolder::RunFolder(fs::path path, fs::path metrics, int lockDescriptor)
    : m_path(std::move(path))
    , m_metrics(std::move(metrics))
    , m_lock(lockDescriptor)
    , m_directory(openDirectory(m_path))
{
}

RunFolder::RunFolder(RunFolder&& other) noexcept
    : m_path(std::move(other.m_path))
    , m_metrics(std::move(other.m_metrics))
    , m_lock(std::exchange(other.m_lock, -1))
    , m_directory(std::exchange(other.m_directory, -1))
{
}

RunFolder& RunFolder::operator=(RunFolder&& other) noexcept
{
    std::swap(m_path, other.m_path);
    std::swap(m_metrics, other.m_metrics);
    std::swap(m_lock, other.m_lock);
    std::swap(m_directory, other.m_directory);
    return *this;
}

RunFolder::~RunFolder()
{
    closeIfOpen(m_lock);
    closeIfOpen(m_directory);
}

bool RunFolder::isInPlace() const { return standsAt(m_directory, m_path); }

Result<void> RunFolder::makeAgain()
{
    std::error_code problem;
    fs::create_directories(m_path, problem);
    if (problem) {
        return Error { ErrorCode::Output,
            "the run folder was removed while the run went on, and cannot be made again: " + problem.message(), m_path.string() };
    }
    // A checkpoint may have come before us; these are written by a run that began here.
    for (const char* name : { "run.yaml", "metrics.jsonl", "heartbeat.json" }) {
        if (fs::exists(m_path / name, problem)) {
            return Error { ErrorCode::Output,
                "the run folder was moved away while the run went on, and another run stands in its place; nothing was written "
                "there. Go on with --resume in the folder that was moved",
                m_path.string() };
        }
    }
    const auto locked = lock(m_path);
    if (!locked) {
        return Error { ErrorCode::Output, "the run folder was removed while the run went on: " + locked.error().message,
            m_path.string() };
    }
    closeIfOpen(std::exchange(m_lock, *locked));
    closeIfOpen(std::exchange(m_directory, openDirectory(m_path)));
    return {};
}

Result<RunFolder> RunFolder::open(
    const config::Training& training, const std::string& modelName, const Clock& clock, Resuming resuming)
{
    const fs::path path
        = training.output.empty() ? freshFolder(fs::path("runs") / defaultName(modelName, clock)) : fs::path(training.output);
    std::error_code problem;
    fs::create_directories(path, problem);
    if (problem || !fs::is_directory(path)) {
        return cannotUse(path, problem ? problem.message() : "it is no folder");
    }
    if (::access(path.c_str(), W_OK | X_OK) != 0) {
        return cannotUse(path, std::strerror(errno));
    }
    const auto locked = lock(path);
    if (!locked) {
        return locked.error();
    }
    if (resuming == Resuming::No && holdsARun(path)) {
        ::close(*locked);
        return Error { ErrorCode::Usage,
            "this folder holds a run already; go on with it by --resume, or choose another with --output",
            path.string() };
    }
    fs::path metrics = training.metrics.empty() ? path / "metrics.jsonl" : fs::path(training.metrics);
    return RunFolder(path, std::move(metrics), *locked);
}

} // namespace dubito::session
