// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/memory/RepeatProbe.h"

#include "backend/base/Check.h"
#include "backend/base/Text.h"
#include "backend/memory/HeapSettings.h"
#include "backend/memory/PairSlopes.h"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

namespace dubito::memory {
namespace {

constexpr std::size_t kBlocks = 16;
constexpr std::size_t kMostSites = 8;
constexpr std::array<std::string_view, 3> kStreams { "tensors", "heap", "resident" };

/// Pages come and go by themselves: less than this of the resident set is none of the operation's doing.
constexpr std::array<std::int64_t, 3> kLeastGrowth { 1, 1, kMiB };

/// The slope over the lower envelope; values are bytes, one per repetition.
RepeatGrowth growthOf(std::size_t stream, const std::vector<std::int64_t>& bytes, double leakMb)
{
    RepeatGrowth growth;
    growth.who = kStreams[stream];
    if (bytes.size() < kBlocks) {
        return growth;
    }
    const std::size_t perBlock = bytes.size() / kBlocks;
    std::array<double, kBlocks> minima {};
    for (std::size_t i = 0; i < kBlocks; ++i) {
        const auto begin = bytes.end() - static_cast<std::ptrdiff_t>((kBlocks - i) * perBlock);
        minima[i] = toMiB(*std::min_element(begin, begin + static_cast<std::ptrdiff_t>(perBlock)));
    }
    const PairSlopes slopes = pairSlopes(minima);
    const auto times = static_cast<double>(perBlock);
    growth.mbPerTime = slopes.slope / times;
    growth.low = slopes.low / times;
    growth.high = slopes.high / times;
    growth.certain = slopes.certain / times;
    growth.grownBytes = bytes.back() - bytes.front();
    growth.isLeak = growth.certain > leakMb && growth.grownBytes >= kLeastGrowth[stream];
    return growth;
}

} // namespace

std::string RepeatVerdict::toText() const
{
    std::string text = isStopped ? fmt::format("stopped after {} times, because memory had grown too far:", done)
        : isLeak                 ? fmt::format("leak, {} times:", done)
                                 : fmt::format("no leak, {} times:", done);
    for (const RepeatGrowth& stream : growth) {
        text += fmt::format("{} {} {:+.4f} MB each ({:+.4f} … {:+.4f}){}", &stream == &growth.front() ? "" : ",", stream.who,
            stream.mbPerTime, stream.low, stream.high, stream.isLeak ? " LEAKS" : "");
    }
    return text;
}

std::array<std::int64_t, 3> RepeatProbe::read()
{
    return { m_pool.active(), heapInUse(), m_probe.process().anonymous() };
}

Result<RepeatVerdict> RepeatProbe::run(const std::function<Result<void>()>& operation, const RepeatWishes& wishes)
{
    CHECK(wishes.times - wishes.warmUp >= static_cast<std::int64_t>(kBlocks), "too few repetitions for a slope");
    RepeatVerdict verdict;
    std::array<std::vector<std::int64_t>, 3> streams;
    for (auto& stream : streams) {
        stream.reserve(static_cast<std::size_t>(wishes.times)); // its own memory must not look like growth
    }
    const std::int64_t atFirst = read().back();
    std::vector<SiteUse> before;
    const auto began = std::chrono::steady_clock::now();
    while (verdict.done < wishes.times && !verdict.isStopped) {
        if (verdict.done == wishes.warmUp) {
            before = m_pool.sites();
        }
        if (auto done = operation(); !done) {
            return done.error();
        }
        ++verdict.done;
        const auto now = read();
        verdict.isStopped = now.back() - atFirst > wishes.hardStopBytes;
        for (std::size_t i = 0; i < streams.size() && verdict.done > wishes.warmUp; ++i) {
            streams[i].push_back(now[i]);
        }
    }
    verdict.secondsEach = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count()
        / static_cast<double>(verdict.done);
    verdict.isLeak = verdict.isStopped;
    for (std::size_t i = 0; i < streams.size(); ++i) {
        verdict.growth[i] = growthOf(i, streams[i], wishes.leakMb);
        verdict.isLeak = verdict.isLeak || verdict.growth[i].isLeak;
    }
    if (verdict.done > wishes.warmUp) {
        verdict.sites = rankGrowth(before, m_pool.sites(), verdict.done - wishes.warmUp, kMostSites);
    }
    return verdict;
}

} // namespace dubito::memory
