// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/memory/CgroupMemory.h"

#include "backend/base/Text.h"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>

namespace dubito::memory {
namespace {

constexpr std::size_t kMostGroups = 32;

/// Version 1 writes "no limit" as a number near 2^63.
constexpr std::int64_t kUnlimited = std::int64_t { 1 } << 60;

struct Mount {
    std::string root; ///< what of the hierarchy is mounted
    std::string point; ///< where
    int version = 0; ///< 0: no memory controller here
};

/// "id parent major:minor root point options [optional]... - type source super-options"
Mount parseMount(const std::string& line)
{
    const std::size_t dash = line.find(" - ");
    if (dash == std::string::npos) {
        return {};
    }
    std::istringstream before(line.substr(0, dash));
    std::istringstream after(line.substr(dash + 3));
    std::string ignored;
    std::string type;
    std::string options;
    Mount mount;
    before >> ignored >> ignored >> ignored >> mount.root >> mount.point;
    after >> type >> ignored >> options;
    if (type == "cgroup2") {
        mount.version = 2;
    } else if (type == "cgroup" && ("," + options + ",").find(",memory,") != std::string::npos) {
        mount.version = 1;
    }
    return mount;
}

/// The path of this process in the hierarchy of `version`, from "0::/a/b" or "7:memory:/a/b".
std::optional<std::string> ownPath(std::istream& cgroups, int version)
{
    for (std::string line; std::getline(cgroups, line);) {
        const std::size_t first = line.find(':');
        const std::size_t second = first == std::string::npos ? first : line.find(':', first + 1);
        if (second == std::string::npos) {
            continue;
        }
        const std::string controllers = "," + line.substr(first + 1, second - first - 1) + ",";
        const bool isOurs = version == 2 ? controllers == ",," : controllers.find(",memory,") != std::string::npos;
        if (isOurs) {
            return line.substr(second + 1);
        }
    }
    return std::nullopt;
}

/// The path below the mount point. In a container the process's path may lie outside of what is mounted: then the
/// mount point is its group.
std::filesystem::path pathInside(const std::string& path, const std::string& mountRoot)
{
    if (path.find("..") != std::string::npos) {
        return {};
    }
    if (mountRoot == "/") {
        return std::filesystem::path(path).relative_path();
    }
    if (path == mountRoot || path.starts_with(mountRoot + "/")) {
        return std::filesystem::path(path.substr(mountRoot.size())).relative_path();
    }
    return {};
}

std::int64_t toBytes(std::string_view text)
{
    std::int64_t bytes = -1;
    std::from_chars(text.data(), text.data() + text.size(), bytes);
    return bytes;
}

/// Page cache that the kernel drops before it kills: the line "inactive_file N" or "total_inactive_file N".
std::int64_t droppable(std::string_view statistics)
{
    for (const std::string_view key : { "\ntotal_inactive_file ", "\ninactive_file " }) {
        if (const std::size_t at = statistics.find(key); at != std::string_view::npos) {
            return std::max(toBytes(statistics.substr(at + key.size())), std::int64_t { 0 });
        }
    }
    return 0;
}

void addFolders(const std::filesystem::path& mountPoint, const std::filesystem::path& inside, int version,
    std::vector<CgroupFolder>& folders)
{
    std::filesystem::path below = inside;
    while (folders.size() < kMostGroups) {
        folders.push_back({ .path = mountPoint / below, .version = version });
        if (below.empty()) {
            return;
        }
        below = below.parent_path();
    }
}

} // namespace

std::vector<CgroupFolder> memoryCgroups(const std::filesystem::path& root)
{
    std::vector<CgroupFolder> folders;
    std::ifstream mounts(root / "proc/self/mountinfo");
    for (std::string line; std::getline(mounts, line);) {
        const Mount mount = parseMount(line);
        if (mount.version == 0) {
            continue;
        }
        std::ifstream cgroups(root / "proc/self/cgroup");
        if (const auto path = ownPath(cgroups, mount.version)) {
            const auto point = root / std::filesystem::path(mount.point).relative_path();
            addFolders(point, pathInside(*path, mount.root), mount.version, folders);
        }
    }
    return folders;
}

CgroupMemory::CgroupMemory(const std::filesystem::path& root)
{
    for (const CgroupFolder& folder : memoryCgroups(root)) {
        const bool isSecond = folder.version == 2;
        Group group { .limit = KeptFile(folder.path / (isSecond ? "memory.max" : "memory.limit_in_bytes")),
            .used = KeptFile(folder.path / (isSecond ? "memory.current" : "memory.usage_in_bytes")),
            .statistics = KeptFile(folder.path / "memory.stat") };
        if (group.limit.isOpen() && group.used.isOpen()) {
            m_groups.push_back(std::move(group));
        }
    }
}

CgroupMemory::Reading CgroupMemory::read()
{
    Reading tightest;
    for (Group& group : m_groups) {
        const std::int64_t limit = toBytes(group.limit.read());
        const std::int64_t used = toBytes(group.used.read());
        if (limit < 0 || limit >= kUnlimited || used < 0) {
            continue;
        }
        const Reading reading { .limit = limit, .used = std::max(used - droppable(group.statistics.read()), std::int64_t { 0 }) };
        if (tightest.limit < 0 || reading.limit - reading.used < tightest.limit - tightest.used) {
            tightest = reading;
        }
    }
    return tightest;
}

} // namespace dubito::memory
