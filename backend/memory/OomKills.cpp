// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/memory/OomKills.h"

#include "backend/memory/CgroupMemory.h"

#include <fstream>

namespace dubito::memory {
namespace {

/// The number behind the word `key`, as in "oom_kill 3"; -1 where there is none.
std::int64_t countIn(const std::filesystem::path& file, const std::string& key)
{
    std::ifstream in(file);
    std::string word;
    for (std::int64_t number = -1; in >> word >> number;) {
        if (word == key) {
            return number;
        }
    }
    return -1;
}

} // namespace

OomKills readOomKills(const std::filesystem::path& root)
{
    OomKills kills;
    kills.onMachine = countIn(root / "proc/vmstat", "oom_kill");
    for (const CgroupFolder& folder : memoryCgroups(root)) {
        kills.inGroup = countIn(folder.path / (folder.version == 2 ? "memory.events" : "memory.oom_control"), "oom_kill");
        if (kills.inGroup >= 0) {
            kills.group = folder.path.string();
            break;
        }
    }
    return kills;
}

bool hasStruck(const OomKills& before, const OomKills& after)
{
    const bool isSameGroup = before.inGroup >= 0 && before.group == after.group;
    return isSameGroup ? after.inGroup > before.inGroup : before.onMachine >= 0 && after.onMachine > before.onMachine;
}

} // namespace dubito::memory
