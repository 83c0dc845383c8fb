// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/memory/MemoryProbe.h"

#include "backend/base/Text.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <string_view>

#include <unistd.h>

namespace dubito::memory {
namespace {

/// The number after `key` and blanks; -1 where there is none.
std::int64_t numberAfter(std::string_view text, std::string_view key)
{
    std::size_t at = text.find(key);
    if (at == std::string_view::npos) {
        return -1;
    }
    at = text.find_first_not_of(" \t", at + key.size());
    std::int64_t number = -1;
    if (at != std::string_view::npos) {
        std::from_chars(text.data() + at, text.data() + text.size(), number);
    }
    return number;
}

const Clock& machineClock()
{
    static const SystemClock kClock;
    return kClock;
}

std::int64_t smallerKnown(std::int64_t first, std::int64_t second)
{
    if (first < 0 || second < 0) {
        return std::max(first, second);
    }
    return std::min(first, second);
}

} // namespace

std::int64_t MachineMemory::left() const
{
    const std::int64_t inCgroup = cgroupLimit < 0 || cgroupUsed < 0 ? -1 : std::max(cgroupLimit - cgroupUsed, std::int64_t { 0 });
    return smallerKnown(available, inCgroup);
}

std::int64_t MachineMemory::size() const { return smallerKnown(total, cgroupLimit); }

std::filesystem::path machineRoot()
{
    const char* const told = std::getenv("DUBITO_MACHINE_ROOT");
    return told == nullptr || *told == '\0' ? "/" : told;
}

LinuxMemoryProbe::LinuxMemoryProbe(const std::filesystem::path& root) : LinuxMemoryProbe(root, machineClock()) { }

LinuxMemoryProbe::LinuxMemoryProbe(const std::filesystem::path& root, const Clock& clock)
    : m_statm(root / "proc/self/statm")
    , m_meminfo(root / "proc/meminfo")
    , m_pressure(root / "proc/pressure/memory")
    , m_cgroup(root)
    , m_clock(clock)
{
}

ProcessMemory LinuxMemoryProbe::process()
{
    static const std::int64_t pageBytes = ::sysconf(_SC_PAGESIZE);
    // "size resident shared text lib data dirty", in pages.
    const std::string_view text = m_statm.read();
    const char* const end = text.data() + text.size();
    std::int64_t pages[3] = { -1, -1, -1 };
    const char* at = text.data();
    for (std::int64_t& number : pages) {
        at = std::from_chars(at, end, number).ptr;
        at = std::find_if(at, end, [](char c) { return c != ' '; });
    }
    if (pages[1] < 0 || pages[2] < 0) {
        return {};
    }
    return { .resident = pages[1] * pageBytes, .fileBacked = pages[2] * pageBytes };
}

MachineMemory LinuxMemoryProbe::machine()
{
    const auto now = m_clock.now();
    if (m_readAt && now - *m_readAt < kMachineLasts) {
        return m_machine;
    }
    m_readAt = now;
    const std::string_view text = m_meminfo.read();
    const std::int64_t totalKiB = numberAfter(text, "MemTotal:");
    const std::int64_t availableKiB = numberAfter(text, "MemAvailable:");
    const CgroupMemory::Reading cgroup = m_cgroup.read();
    m_machine = { .total = totalKiB < 0 ? -1 : totalKiB * 1024,
        .available = availableKiB < 0 ? -1 : availableKiB * 1024,
        .cgroupLimit = cgroup.limit,
        .cgroupUsed = cgroup.used };
    return m_machine;
}

double LinuxMemoryProbe::stalledPercentage()
{
    const std::string_view text = m_pressure.read();
    constexpr std::string_view kKey = "full avg10=";
    const std::size_t at = text.find(kKey);
    if (at == std::string_view::npos) {
        return -1;
    }
    const std::string_view rest = text.substr(at + kKey.size());
    return parseNumber(rest.substr(0, rest.find(' '))).value_or(-1);
}

} // namespace dubito::memory
