// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/memory/ProcessTree.h"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <optional>
#include <string>
#include <utility>

#include <unistd.h>

namespace dubito::memory {
namespace {

constexpr std::size_t kMostProcesses = 4096;

std::optional<pid_t> numberOf(const std::string& name)
{
    pid_t number = 0;
    const auto [end, problem] = std::from_chars(name.data(), name.data() + name.size(), number);
    return problem == std::errc() && end == name.data() + name.size() ? std::optional(number) : std::nullopt;
}

/// "12 (a name) S 11 …": the name may hold anything, so the last bracket counts.
pid_t parentOf(const std::filesystem::path& folder)
{
    std::ifstream in(folder / "stat");
    std::string line;
    std::getline(in, line);
    const std::size_t bracket = line.rfind(')');
    if (bracket == std::string::npos || bracket + 4 >= line.size()) {
        return -1;
    }
    pid_t parent = -1;
    std::from_chars(line.data() + bracket + 4, line.data() + line.size(), parent);
    return parent;
}

} // namespace

std::vector<pid_t> processesBelow(pid_t top, const std::filesystem::path& root)
{
    std::vector<std::pair<pid_t, pid_t>> parents; // parent, child
    std::error_code problem;
    for (std::filesystem::directory_iterator entry(root / "proc", problem), end; !problem && entry != end;
         entry.increment(problem)) {
        if (const auto number = numberOf(entry->path().filename().string())) {
            parents.emplace_back(parentOf(entry->path()), *number);
        }
    }
    std::ranges::sort(parents);
    std::vector<pid_t> found { top };
    for (std::size_t i = 0; i < found.size() && found.size() <= kMostProcesses; ++i) {
        const auto [first, last]
            = std::ranges::equal_range(parents, found[i], {}, &std::pair<pid_t, pid_t>::first);
        for (auto child = first; child != last && found.size() <= kMostProcesses; ++child) {
            found.push_back(child->second);
        }
    }
    found.erase(found.begin());
    return found;
}

TreeMemory memoryOf(std::span<const pid_t> processes, const std::filesystem::path& root)
{
    static const std::int64_t pageBytes = ::sysconf(_SC_PAGESIZE);
    TreeMemory sum;
    for (const pid_t process : processes) {
        std::ifstream in(root / "proc" / std::to_string(process) / "statm");
        std::int64_t size = 0;
        std::int64_t resident = 0;
        std::int64_t shared = 0;
        if (in >> size >> resident >> shared) {
            ++sum.processes;
            sum.resident += resident * pageBytes;
            sum.anonymous += (resident - shared) * pageBytes;
        }
    }
    return sum;
}

} // namespace dubito::memory
