// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/VectorClones.h"

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>

/// The tools of the element-wise kernels: 64 bytes of numbers at a time, in the compiler's vector types.
///
/// A kernel is a function marked DUBITO_VECTOR_CLONES: it is compiled for three instruction sets, and the processor is
/// asked once, when the program is loaded. Sums have one accumulator per lane and a fixed order in which the lanes meet,
/// so the same machine always gives the same bits. Only kernels of backend/model include this.
#define DUBITO_INLINE inline __attribute__((always_inline))

namespace dubito::model {

template <typename Scalar>
struct LaneTypes;

template <>
struct LaneTypes<float> {
    using Vector = float __attribute__((vector_size(64)));
    using Integers = std::int32_t __attribute__((vector_size(64)));
    static constexpr std::int64_t kCount = 16;
};

template <>
struct LaneTypes<double> {
    using Vector = double __attribute__((vector_size(64)));
    using Integers = std::int64_t __attribute__((vector_size(64)));
    static constexpr std::int64_t kCount = 8;
};

template <typename Scalar>
using Lanes = typename LaneTypes<Scalar>::Vector;

template <typename Scalar>
inline constexpr std::int64_t kLanes = LaneTypes<Scalar>::kCount;

template <typename Scalar>
DUBITO_INLINE Lanes<Scalar> load(const Scalar* from)
{
    Lanes<Scalar> lanes;
    std::memcpy(&lanes, from, sizeof lanes);
    return lanes;
}

/// The first `count` of a row's last lanes; the others are `rest`.
template <typename Scalar>
DUBITO_INLINE Lanes<Scalar> loadFirst(const Scalar* from, std::int64_t count, Scalar rest)
{
    Lanes<Scalar> lanes = Lanes<Scalar> {} + rest;
    std::memcpy(&lanes, from, static_cast<std::size_t>(count) * sizeof(Scalar));
    return lanes;
}

template <typename Scalar>
DUBITO_INLINE void store(Scalar* to, Lanes<Scalar> lanes)
{
    std::memcpy(to, &lanes, sizeof lanes);
}

template <typename Scalar>
DUBITO_INLINE void storeFirst(Scalar* to, Lanes<Scalar> lanes, std::int64_t count)
{
    std::memcpy(to, &lanes, static_cast<std::size_t>(count) * sizeof(Scalar));
}

/// Calls `whole(i)` for every full set of lanes below `count`, then `rest(i, left)` for what is left, if anything is.
template <typename Scalar, typename Whole, typename Rest>
DUBITO_INLINE void forLanes(std::int64_t count, Whole&& whole, Rest&& rest)
{
    std::int64_t i = 0;
    for (; i + kLanes<Scalar> <= count; i += kLanes<Scalar>) {
        whole(i);
    }
    if (i < count) {
        rest(i, count - i);
    }
}

template <typename Scalar>
DUBITO_INLINE Lanes<Scalar> largerOf(Lanes<Scalar> a, Lanes<Scalar> b)
{
    return a > b ? a : b;
}

/// Pairwise: lane 0 meets lane n/2, and so on.
template <typename Scalar>
DUBITO_INLINE Scalar sumOf(Lanes<Scalar> lanes)
{
    std::array<Scalar, static_cast<std::size_t>(kLanes<Scalar>)> values;
    std::memcpy(values.data(), &lanes, sizeof lanes);
    for (std::size_t half = values.size() / 2; half > 0; half /= 2) {
        for (std::size_t i = 0; i < half; ++i) {
            values[i] += values[i + half];
        }
    }
    return values[0];
}

template <typename Scalar>
DUBITO_INLINE Scalar largestOf(Lanes<Scalar> lanes)
{
    std::array<Scalar, static_cast<std::size_t>(kLanes<Scalar>)> values;
    std::memcpy(values.data(), &lanes, sizeof lanes);
    for (std::size_t half = values.size() / 2; half > 0; half /= 2) {
        for (std::size_t i = 0; i < half; ++i) {
            values[i] = values[i + half] > values[i] ? values[i + half] : values[i];
        }
    }
    return values[0];
}

/// e^x within about 1 ulp (Cody-Waite reduction, the polynomial of Cephes); 0 far below, 1.6e38 far above, NaN for NaN:
/// a loss that is lost must be seen.
DUBITO_INLINE Lanes<float> exponential(Lanes<float> x)
{
    constexpr float kLowest = -87.33F;
    constexpr float kHighest = 88.0F;
    constexpr float kRound = 12582912.0F; // 1.5 * 2^23: adding it leaves the whole number in the low bits
    using Integers = LaneTypes<float>::Integers;
    const Integers vanishes = x < kLowest;
    const Lanes<float> given = x;
    x = x > kHighest ? Lanes<float> {} + kHighest : x;
    x = vanishes ? Lanes<float> {} + kLowest : x;
    const Lanes<float> shifted = x * 1.44269504088896341F + kRound;
    const Lanes<float> whole = shifted - kRound;
    Lanes<float> rest = x - whole * 0.693359375F;
    rest = rest - whole * -2.12194440e-4F;
    Lanes<float> series = rest * 1.9875691500e-4F + 1.3981999507e-3F;
    series = series * rest + 8.3334519073e-3F;
    series = series * rest + 4.1665795894e-2F;
    series = series * rest + 1.6666665459e-1F;
    series = series * rest + 5.0000001201e-1F;
    const Lanes<float> value = series * (rest * rest) + rest + 1.0F;
    Integers bits = std::bit_cast<Integers>(value) + (std::bit_cast<Integers>(shifted) << 23);
    bits = bits & ~vanishes;
    return given == given ? std::bit_cast<Lanes<float>>(bits) : given;
}

/// The library's, lane by lane: doubles are for the gradient tests.
DUBITO_INLINE Lanes<double> exponential(Lanes<double> x)
{
    for (int i = 0; i < 8; ++i) {
        x[i] = std::exp(x[i]);
    }
    return x;
}

} // namespace dubito::model
