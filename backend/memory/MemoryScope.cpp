// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/memory/MemoryScope.h"

#include "backend/base/Text.h"

#include <exception>

#include <fmt/format.h>

namespace dubito::memory {
namespace {

constexpr std::int64_t kLarge = 10 * kMiB;

std::string signedBytes(std::int64_t bytes)
{
    return bytes < 0 ? "-" + bytesToText(-bytes) : "+" + bytesToText(bytes);
}

} // namespace

bool ScopeReport::isLarge() const { return leaves == Leaves::Nothing && (poolDelta > kLarge || residentDelta > kLarge); }

std::string ScopeReport::toText() const
{
    return fmt::format("{}: {} tensors and {} resident stayed{}, peak {} tensors, {:.3f} s{}", name,
        signedBytes(poolDelta), signedBytes(residentDelta), leaves == Leaves::CopyInFlight ? " (a copy, until it is written)" : "",
        signedBytes(poolPeak), std::chrono::duration<double>(duration).count(), ended ? "" : ", ended by an exception");
}

std::vector<ScopeReport> ScopeLog::takeNew()
{
    std::vector<ScopeReport> reports = m_new.toVector();
    m_new.clear();
    return reports;
}

void MemoryScope::begin()
{
    ++m_log->m_depth;
    m_exceptions = std::uncaught_exceptions();
    m_outerPeak = m_log->m_pool.beginWatch();
    m_poolBytes = m_log->m_pool.active();
    m_resident = m_log->m_probe.process().anonymous();
    m_start = m_log->m_clock.now();
}

void MemoryScope::finish() noexcept
{
    const std::chrono::nanoseconds end = m_log->m_clock.now();
    const std::int64_t peak = m_log->m_pool.endWatch(m_outerPeak);
    --m_log->m_depth;
    const ScopeReport report { .name = m_name,
        .depth = m_log->m_depth,
        .poolDelta = m_log->m_pool.active() - m_poolBytes,
        .poolPeak = peak - m_poolBytes,
        .residentDelta = m_log->m_probe.process().anonymous() - m_resident,
        .duration = end - m_start,
        .ended = std::uncaught_exceptions() == m_exceptions,
        .leaves = m_leaves };
    m_log->m_reports.push(report);
    m_log->m_new.push(report);
}

} // namespace dubito::memory
