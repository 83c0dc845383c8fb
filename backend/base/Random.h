// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>

namespace dubito {

/// Everything a generator is: 40 bytes that fit in a checkpoint and restore it exactly.
struct RandomState {
    std::array<std::uint64_t, 4> words {};
    /// The second value of the last pair of normal(); NaN bits when none is kept.
    std::uint64_t spareBits = kNoSpare;

    static constexpr std::uint64_t kNoSpare = 0x7ff8000000000000ULL;

    friend bool operator==(const RandomState&, const RandomState&) = default;
};

/// A reproducible generator: xoshiro256** (Blackman, Vigna 2018), seeded by SplitMix64. Not for secrets.
///
/// The same seed gives the same sequence on every machine. Not safe to share between threads.
class Random {
public:
    explicit Random(std::uint64_t seed);
    explicit Random(const RandomState& state) : m_state(state) { }

    /// 64 uniform bits.
    std::uint64_t next();

    /// Uniform in [0, 1), 53 bits.
    double uniform();

    /// Uniform in [0, bound) without modulo bias. Requires: bound > 0.
    std::uint64_t below(std::uint64_t bound);

    /// Mean 0, deviation 1 (Box-Muller, pairs).
    double normal();

    const RandomState& state() const { return m_state; }

private:
    RandomState m_state;
};

} // namespace dubito
