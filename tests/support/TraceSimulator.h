// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Random.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace dubito::memory {

enum class Noise : std::uint8_t { Low, Medium, High };
enum class LeakShape : std::uint8_t { Constant, OneInTen, LogNormal };

/// A resident set as training runs show it, made of benign parts drawn at random, and perhaps a leak.
struct TraceWish {
    std::uint64_t seed = 1;
    Noise noise = Noise::Low;
    std::size_t steps = 5000;
    double leakMbPerStep = 0;
    std::size_t onset = 0;
    LeakShape shape = LeakShape::Constant;
};

/// Warm-up, sawtooth, evaluation spikes, collector teeth, caches, one-off allocations, drift, noise, quantisation.
class TraceSimulator {
public:
    explicit TraceSimulator(const TraceWish& wish) : m_wish(wish), m_random(wish.seed), m_parts(draw()) { }

    std::vector<double> run()
    {
        std::vector<double> trace;
        trace.reserve(m_wish.steps);
        for (std::size_t step = 0; step < m_wish.steps; ++step) {
            trace.push_back(quantised(next(static_cast<double>(step))));
        }
        return trace;
    }

    /// MiB that had leaked by the end of this step; after run().
    double leakedAt(std::size_t step) const { return m_leakedBy[step]; }

private:
    struct Parts {
        double base, warmUp, warmUpTau;
        double sawPeriod, sawHeight;
        double spikeEvery, spikeLength, spikeHeight;
        double toothPeriod, toothHeight;
        double logCache, cacheHeight, cacheTau, cacheStart;
        double oneOffChance, oneOffMb;
        double driftPull, driftDeviation;
        double tailMb, quantum;
    };

    double between(double low, double high) { return low + (high - low) * m_random.uniform(); }
    std::size_t level() const { return static_cast<std::size_t>(m_wish.noise); }

    Parts draw()
    {
        const auto pick = [this](std::array<double, 3> values) { return values[level()]; };
        const bool isHigh = m_wish.noise == Noise::High;
        return { .base = between(300, 3000),
            .warmUp = between(100, 700),
            .warmUpTau = between(5, 25),
            .sawPeriod = std::floor(between(3, 14)),
            .sawHeight = pick({ between(0.5, 3), between(2, 10), between(4, 25) }),
            .spikeEvery = std::floor(between(150, 600)),
            .spikeLength = std::floor(between(2, 20)),
            .spikeHeight = pick({ between(20, 80), between(60, 250), between(250, 800) }),
            .toothPeriod = std::floor(between(40, 250)),
            .toothHeight = pick({ between(0, 3), between(15, 40), between(40, 150) }),
            .logCache = pick({ between(0, 0.5), between(0, 8), between(2, 20) }),
            .cacheHeight = isHigh ? between(50, 250) : 0,
            .cacheTau = between(50, 300),
            .cacheStart = between(0, 0.6) * static_cast<double>(m_wish.steps),
            .oneOffChance = pick({ 0.0005, 0.001, 0.002 }),
            .oneOffMb = pick({ 0.3, 2, 6 }),
            .driftPull = between(0.003, 0.03),
            .driftDeviation = pick({ between(0, 0.3), between(0.3, 2), between(3, 12) }),
            .tailMb = pick({ 0.1, 0.4, 1.5 }),
            .quantum = std::array { 1.0 / 256, 1.0 / 16, 2.0 }[level()] };
    }

    double next(double step)
    {
        const Parts& p = m_parts;
        m_drift += -p.driftPull * m_drift + p.driftDeviation * std::sqrt(2 * p.driftPull) * m_random.normal();
        if (m_random.uniform() < p.oneOffChance) {
            m_kept += std::min(p.oneOffMb * std::pow(1 - m_random.uniform(), -1 / 1.5), 40 * p.oneOffMb);
        }
        if (m_toothLeft <= 0) {
            m_toothLength = p.toothPeriod * between(0.8, 1.2);
            m_toothLeft = m_toothLength;
        }
        m_toothLeft -= 1;
        const double tooth = p.toothHeight * (1 - m_toothLeft / m_toothLength);
        const double saw = p.sawHeight * std::fmod(step, p.sawPeriod) / p.sawPeriod;
        const bool isSpike = std::fmod(step, p.spikeEvery) < p.spikeLength && step > p.spikeEvery / 2;
        const double spike = isSpike ? p.spikeHeight * between(0.9, 1.05) : 0;
        const double cache = step > p.cacheStart ? p.cacheHeight * (1 - std::exp((p.cacheStart - step) / p.cacheTau)) : 0;
        const double warmUp = p.warmUp * (1 - std::exp(-step / p.warmUpTau));
        m_leaked += leak(step);
        m_leakedBy.push_back(m_leaked);
        return p.base + warmUp + saw + spike + tooth + cache + p.logCache * std::log1p(step / 50) + m_kept + m_drift
            + p.tailMb * studentT() + m_leaked;
    }

    double leak(double step)
    {
        if (m_wish.leakMbPerStep <= 0 || step < static_cast<double>(m_wish.onset)) {
            return 0;
        }
        switch (m_wish.shape) {
        case LeakShape::OneInTen:
            return m_random.uniform() < 0.1 ? 10 * m_wish.leakMbPerStep : 0;
        case LeakShape::LogNormal:
            return m_wish.leakMbPerStep * std::exp(0.8 * m_random.normal() - 0.32);
        case LeakShape::Constant:
            break;
        }
        return m_wish.leakMbPerStep;
    }

    /// Three degrees of freedom: mostly small, at times far out.
    double studentT()
    {
        double squares = 0;
        for (int i = 0; i < 3; ++i) {
            const double normal = m_random.normal();
            squares += normal * normal;
        }
        return m_random.normal() / std::sqrt(std::max(squares / 3, 1e-6));
    }

    double quantised(double mb) const { return std::round(mb / m_parts.quantum) * m_parts.quantum; }

    TraceWish m_wish;
    Random m_random;
    Parts m_parts;
    double m_drift = 0;
    double m_kept = 0;
    double m_leaked = 0;
    std::vector<double> m_leakedBy;
    double m_toothLength = 1;
    double m_toothLeft = 0;
};

/// A C library's heap under a training-like load: plateaus, short blocks of random size, a trim now and then, and a leak
/// that first fills holes in the heap, in blocks of `leakBlockMb` (0: small objects).
struct HeapWish {
    std::uint64_t seed = 1;
    std::size_t steps = 1500;
    double leakMbPerStep = 0;
    std::size_t onset = 0;
    double leakBlockMb = 0;
    std::size_t trimEvery = 0;
};

inline std::vector<double> simulateHeap(const HeapWish& wish)
{
    Random random(wish.seed);
    const double base = 80 + 60 * random.uniform();
    const double spread = 4 + 10 * random.uniform();
    const double holes = 4 + 20 * random.uniform();
    double plateau = base;
    double owed = 0;
    double leaked = 0;
    std::vector<double> trace;
    for (std::size_t step = 0; step < wish.steps; ++step) {
        const double warm = 35 * (1 - std::exp(-static_cast<double>(step) / 12));
        if (step >= wish.onset) {
            owed += wish.leakMbPerStep;
        }
        const double block = wish.leakBlockMb > 0 ? wish.leakBlockMb : 1e-3;
        leaked += std::floor(owed / block) * block;
        owed -= std::floor(owed / block) * block;
        const double used = base + warm + spread * random.uniform() + std::max(leaked - (wish.leakBlockMb > 0 ? 0 : holes), 0.0);
        // The top of the heap follows what is used upwards at once, downwards only when enough is free.
        plateau = used > plateau || plateau - used > 0.6 * spread ? used : plateau;
        if (wish.trimEvery > 0 && step % wish.trimEvery == 0) {
            plateau = used - 0.5 * spread;
        }
        trace.push_back(std::round(plateau * 256) / 256);
    }
    return trace;
}

} // namespace dubito::memory
