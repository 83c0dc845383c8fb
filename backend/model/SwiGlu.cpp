// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/SwiGlu.h"

#include "backend/model/Lanes.h"

namespace dubito::model {

namespace {

template <typename Scalar>
DUBITO_INLINE Lanes<Scalar> logistic(Lanes<Scalar> x)
{
    return Scalar { 1 } / (Scalar { 1 } + exponential(-x));
}

template <typename Scalar>
DUBITO_INLINE void forwardRow(Scalar* out, const Scalar* gate, const Scalar* up, std::int64_t count)
{
    forLanes<Scalar>(
        count,
        [&](std::int64_t i) {
            const auto g = load(gate + i);
            store<Scalar>(out + i, g * logistic<Scalar>(g) * load(up + i));
        },
        [&](std::int64_t i, std::int64_t left) {
            const auto g = loadFirst(gate + i, left, Scalar { 0 });
            storeFirst<Scalar>(out + i, g * logistic<Scalar>(g) * loadFirst(up + i, left, Scalar { 0 }), left);
        });
}

/// One set of lanes of the way back: what comes in and what leaves.
template <typename Scalar>
struct BackwardLanes {
    Lanes<Scalar> activated;
    Lanes<Scalar> gate;
    Lanes<Scalar> up;
};

template <typename Scalar>
DUBITO_INLINE void backwardLanes(BackwardLanes<Scalar>& lanes)
{
    const auto gradient = lanes.activated;
    const auto sigma = logistic<Scalar>(lanes.gate);
    const auto silu = lanes.gate * sigma;
    lanes.activated = silu * lanes.up;
    const auto slope = sigma * (Scalar { 1 } + lanes.gate - silu);
    lanes.gate = gradient * lanes.up * slope;
    lanes.up = gradient * silu;
}

template <typename Scalar>
DUBITO_INLINE void backwardRow(Scalar* activated, Scalar* gate, Scalar* up, std::int64_t count)
{
    forLanes<Scalar>(
        count,
        [&](std::int64_t i) {
            BackwardLanes<Scalar> lanes { load<Scalar>(activated + i), load<Scalar>(gate + i), load<Scalar>(up + i) };
            backwardLanes(lanes);
            store<Scalar>(activated + i, lanes.activated);
            store<Scalar>(gate + i, lanes.gate);
            store<Scalar>(up + i, lanes.up);
        },
        [&](std::int64_t i, std::int64_t left) {
            const Scalar zero { 0 };
            BackwardLanes<Scalar> lanes { loadFirst<Scalar>(activated + i, left, zero),
                loadFirst<Scalar>(gate + i, left, zero), loadFirst<Scalar>(up + i, left, zero) };
            backwardLanes(lanes);
            storeFirst<Scalar>(activated + i, lanes.activated, left);
            storeFirst<Scalar>(gate + i, lanes.gate, left);
            storeFirst<Scalar>(up + i, lanes.up, left);
        });
}

template <typename Scalar>
DUBITO_INLINE void forwardRows(Matrix<Scalar> out, Matrix<const Scalar> gateUp)
{
    for (std::int64_t r = 0; r < out.rows; ++r) {
        forwardRow(out.row(r), gateUp.row(r), gateUp.row(r) + out.columns, out.columns);
    }
}

template <typename Scalar>
DUBITO_INLINE void backwardRows(Matrix<Scalar> activated, Matrix<Scalar> gateUp)
{
    for (std::int64_t r = 0; r < activated.rows; ++r) {
        backwardRow(activated.row(r), gateUp.row(r), gateUp.row(r) + activated.columns, activated.columns);
    }
}

} // namespace

template <>
DUBITO_VECTOR_CLONES void swiGluForward(Matrix<float> out, Matrix<const float> gateUp)
{
    forwardRows(out, gateUp);
}

template <>
void swiGluForward(Matrix<double> out, Matrix<const double> gateUp)
{
    forwardRows(out, gateUp);
}

template <>
DUBITO_VECTOR_CLONES void swiGluBackward(Matrix<float> activated, Matrix<float> gateUp)
{
    backwardRows(activated, gateUp);
}

template <>
void swiGluBackward(Matrix<double> activated, Matrix<double> gateUp)
{
    backwardRows(activated, gateUp);
}

} // namespace dubito::model
