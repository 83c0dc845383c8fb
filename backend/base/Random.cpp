// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/base/Random.h"

#include "backend/base/Check.h"

#include <bit>
#include <cmath>
#include <numbers>

namespace dubito {

namespace {

std::uint64_t splitMix64(std::uint64_t& x)
{
    x += 0x9e3779b97f4a7c15ULL;
    std::uint64_t z = x;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
}

} // namespace

Random::Random(std::uint64_t seed)
{
    for (auto& word : m_state.words) {
        word = splitMix64(seed);
    }
}

std::uint64_t Random::next()
{
    auto& s = m_state.words;
    const std::uint64_t result = std::rotl(s[1] * 5, 7) * 9;
    const std::uint64_t t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = std::rotl(s[3], 45);
    return result;
}

double Random::uniform() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

std::uint64_t Random::below(std::uint64_t bound)
{
    CHECK(bound > 0, "a random number below 0 was asked for");
    const std::uint64_t firstFair = (0 - bound) % bound;
    std::uint64_t value = next();
    while (value < firstFair) {
        value = next();
    }
    return value % bound;
}

double Random::normal()
{
    if (m_state.spareBits != RandomState::kNoSpare) {
        const double spare = std::bit_cast<double>(m_state.spareBits);
        m_state.spareBits = RandomState::kNoSpare;
        return spare;
    }
    const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform()));
    const double angle = 2.0 * std::numbers::pi * uniform();
    m_state.spareBits = std::bit_cast<std::uint64_t>(radius * std::sin(angle));
    return radius * std::cos(angle);
}

} // namespace dubito
