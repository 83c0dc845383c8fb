// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/Rope.h"

#include "backend/model/Lanes.h"

#include <cmath>
#include <numbers>

namespace dubito::model {

namespace {

/// Llama 3.1: slow frequencies are stretched, fast ones stay, those between are blended.
double stretched(double frequency, const RopeConfig& rope)
{
    const double wavelength = 2 * std::numbers::pi / frequency;
    const auto original = static_cast<double>(rope.originalMaxPositions);
    if (wavelength < original / rope.highFreqFactor) {
        return frequency;
    }
    if (wavelength > original / rope.lowFreqFactor) {
        return frequency / rope.factor;
    }
    const double smooth
        = (original / wavelength - rope.lowFreqFactor) / (rope.highFreqFactor - rope.lowFreqFactor);
    return (1 - smooth) * frequency / rope.factor + smooth * frequency;
}

template <typename Scalar>
struct HeadPair {
    Scalar* first;
    Scalar* second;
    const Scalar* cosine;
    const Scalar* sine;
};

template <int Sign, typename Scalar>
DUBITO_INLINE void rotateHead(const HeadPair<Scalar>& head, std::int64_t half)
{
    constexpr auto kSign = static_cast<Scalar>(Sign);
    forLanes<Scalar>(
        half,
        [&](std::int64_t i) {
            const auto a = load(head.first + i);
            const auto b = load(head.second + i);
            const auto cosine = load(head.cosine + i);
            const auto sine = load(head.sine + i) * kSign;
            store<Scalar>(head.first + i, a * cosine - b * sine);
            store<Scalar>(head.second + i, b * cosine + a * sine);
        },
        [&](std::int64_t i, std::int64_t left) {
            const Scalar zero { 0 };
            const auto a = loadFirst(head.first + i, left, zero);
            const auto b = loadFirst(head.second + i, left, zero);
            const auto cosine = loadFirst(head.cosine + i, left, zero);
            const auto sine = loadFirst(head.sine + i, left, zero) * kSign;
            storeFirst<Scalar>(head.first + i, a * cosine - b * sine, left);
            storeFirst<Scalar>(head.second + i, b * cosine + a * sine, left);
        });
}

template <int Sign, typename Scalar>
DUBITO_INLINE void rotateRows(Matrix<Scalar> heads, const std::int32_t* positions, const RopeTable<Scalar>& table)
{
    const std::int64_t half = table.cosine.columns;
    for (std::int64_t r = 0; r < heads.rows; ++r) {
        const Scalar* cosine = table.cosine.row(positions[r]);
        const Scalar* sine = table.sine.row(positions[r]);
        for (Scalar* head = heads.row(r); head < heads.row(r) + heads.columns; head += 2 * half) {
            rotateHead<Sign>(HeadPair<Scalar> { head, head + half, cosine, sine }, half);
        }
    }
}

} // namespace

std::vector<double> ropeFrequencies(const RopeConfig& rope, std::int64_t headDim)
{
    std::vector<double> frequencies(static_cast<std::size_t>(headDim / 2));
    for (std::size_t i = 0; i < frequencies.size(); ++i) {
        const double exponent = 2 * static_cast<double>(i) / static_cast<double>(headDim);
        const double frequency = std::pow(rope.theta, -exponent);
        switch (rope.scaling) {
        case RopeScaling::None:
            frequencies[i] = frequency;
            break;
        case RopeScaling::Linear:
            frequencies[i] = frequency / rope.factor;
            break;
        case RopeScaling::Llama3:
            frequencies[i] = stretched(frequency, rope);
            break;
        }
    }
    return frequencies;
}

template <typename Scalar>
void fillRopeTable(const RopeTable<Scalar>& table, const std::vector<double>& frequencies)
{
    for (std::int64_t position = 0; position < table.cosine.rows; ++position) {
        for (std::size_t i = 0; i < frequencies.size(); ++i) {
            const double angle = static_cast<double>(position) * frequencies[i];
            table.cosine.row(position)[i] = static_cast<Scalar>(std::cos(angle));
            table.sine.row(position)[i] = static_cast<Scalar>(std::sin(angle));
        }
    }
}

template void fillRopeTable(const RopeTable<float>&, const std::vector<double>&);
template void fillRopeTable(const RopeTable<double>&, const std::vector<double>&);

template <>
DUBITO_VECTOR_CLONES void ropeForward(Matrix<float> heads, const std::int32_t* positions, const RopeTable<float>& table)
{
    rotateRows<1>(heads, positions, table);
}

template <>
void ropeForward(Matrix<double> heads, const std::int32_t* positions, const RopeTable<double>& table)
{
    rotateRows<1>(heads, positions, table);
}

template <>
DUBITO_VECTOR_CLONES void ropeBackward(Matrix<float> heads, const std::int32_t* positions, const RopeTable<float>& table)
{
    rotateRows<-1>(heads, positions, table);
}

template <>
void ropeBackward(Matrix<double> heads, const std::int32_t* positions, const RopeTable<double>& table)
{
    rotateRows<-1>(heads, positions, table);
}

} // namespace dubito::model
