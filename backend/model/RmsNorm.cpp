// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/RmsNorm.h"

#include "backend/model/Lanes.h"

#include <cmath>

namespace dubito::model {

namespace {

template <typename Scalar>
DUBITO_INLINE Scalar sumOfSquares(const Scalar* row, std::int64_t count)
{
    Lanes<Scalar> sum {};
    forLanes<Scalar>(
        count,
        [&](std::int64_t i) {
            const auto x = load(row + i);
            sum += x * x;
        },
        [&](std::int64_t i, std::int64_t left) {
            const auto x = loadFirst(row + i, left, Scalar { 0 });
            sum += x * x;
        });
    return sumOf<Scalar>(sum);
}

template <typename Scalar>
DUBITO_INLINE void scaleRow(Scalar* out, const Scalar* in, Scalar inverse, const Scalar* weight, std::int64_t count)
{
    forLanes<Scalar>(
        count, [&](std::int64_t i) { store<Scalar>(out + i, load(in + i) * inverse * load(weight + i)); },
        [&](std::int64_t i, std::int64_t left) {
            const auto w = loadFirst(weight + i, left, Scalar { 0 });
            storeFirst<Scalar>(out + i, loadFirst(in + i, left, Scalar { 0 }) * inverse * w, left);
        });
}

template <typename Scalar>
DUBITO_INLINE void forwardRows(
    Matrix<Scalar> out, Scalar* inverse, Matrix<const Scalar> in, const RmsNorm<Scalar>& norm)
{
    for (std::int64_t r = 0; r < in.rows; ++r) {
        const Scalar mean = sumOfSquares(in.row(r), in.columns) / static_cast<Scalar>(in.columns);
        inverse[r] = Scalar { 1 } / std::sqrt(mean + static_cast<Scalar>(norm.epsilon));
        scaleRow(out.row(r), in.row(r), inverse[r], norm.weight, in.columns);
    }
}

/// sum of weight * dOut * in, and adds dOut * in * inverse into the gradient of the weight.
template <typename Scalar>
DUBITO_INLINE Scalar weightPass(
    Scalar* dWeight, const Scalar* dOut, const Scalar* in, Scalar inverse, const RmsNorm<Scalar>& norm, std::int64_t count)
{
    Lanes<Scalar> sum {};
    forLanes<Scalar>(
        count,
        [&](std::int64_t i) {
            const auto product = load(dOut + i) * load(in + i);
            sum += product * load(norm.weight + i);
            store<Scalar>(dWeight + i, load(dWeight + i) + product * inverse);
        },
        [&](std::int64_t i, std::int64_t left) {
            const auto product = loadFirst(dOut + i, left, Scalar { 0 }) * loadFirst(in + i, left, Scalar { 0 });
            sum += product * loadFirst(norm.weight + i, left, Scalar { 0 });
            storeFirst<Scalar>(dWeight + i, loadFirst(dWeight + i, left, Scalar { 0 }) + product * inverse, left);
        });
    return sumOf<Scalar>(sum);
}

/// The sum alone, for a norm that is frozen.
template <typename Scalar>
DUBITO_INLINE Scalar frozenPass(const Scalar* dOut, const Scalar* in, const Scalar* weight, std::int64_t count)
{
    Lanes<Scalar> sum {};
    forLanes<Scalar>(
        count, [&](std::int64_t i) { sum += load(dOut + i) * load(in + i) * load(weight + i); },
        [&](std::int64_t i, std::int64_t left) {
            const Scalar zero { 0 };
            sum += loadFirst(dOut + i, left, zero) * loadFirst(in + i, left, zero) * loadFirst(weight + i, left, zero);
        });
    return sumOf<Scalar>(sum);
}

template <typename Scalar>
struct BackwardRow {
    Scalar* dIn;
    const Scalar* skip;
    const Scalar* dOut;
    const Scalar* in;
    const Scalar* weight;
};

/// dIn = skip + inverse * weight * dOut - in * slope.
template <typename Scalar>
DUBITO_INLINE void inputPass(const BackwardRow<Scalar>& row, Scalar inverse, Scalar slope, std::int64_t count)
{
    forLanes<Scalar>(
        count,
        [&](std::int64_t i) {
            const auto skip = row.skip == nullptr ? Lanes<Scalar> {} : load(row.skip + i);
            store<Scalar>(
                row.dIn + i, skip + load(row.dOut + i) * load(row.weight + i) * inverse - load(row.in + i) * slope);
        },
        [&](std::int64_t i, std::int64_t left) {
            const Scalar zero { 0 };
            const auto skip = row.skip == nullptr ? Lanes<Scalar> {} : loadFirst(row.skip + i, left, zero);
            const auto scaled = loadFirst(row.dOut + i, left, zero) * loadFirst(row.weight + i, left, zero) * inverse;
            storeFirst<Scalar>(row.dIn + i, skip + scaled - loadFirst(row.in + i, left, zero) * slope, left);
        });
}

template <typename Scalar>
DUBITO_INLINE void backwardRows(const RmsNormGradient<Scalar>& gradient, const Scalar* inverse,
    Matrix<const Scalar> in, const RmsNorm<Scalar>& norm)
{
    for (std::int64_t r = 0; r < in.rows; ++r) {
        const Scalar sum = gradient.weight == nullptr
            ? frozenPass(gradient.out.row(r), in.row(r), norm.weight, in.columns)
            : weightPass(gradient.weight, gradient.out.row(r), in.row(r), inverse[r], norm, in.columns);
        const Scalar slope = sum * inverse[r] * inverse[r] * inverse[r] / static_cast<Scalar>(in.columns);
        const Scalar* skip = gradient.skip.data == nullptr ? nullptr : gradient.skip.row(r);
        inputPass(BackwardRow<Scalar> { gradient.in.row(r), skip, gradient.out.row(r), in.row(r), norm.weight },
            inverse[r], slope, in.columns);
    }
}

template <typename Scalar>
DUBITO_INLINE void againRows(
    Matrix<Scalar> out, const Scalar* inverse, Matrix<const Scalar> in, const RmsNorm<Scalar>& norm)
{
    for (std::int64_t r = 0; r < in.rows; ++r) {
        scaleRow(out.row(r), in.row(r), inverse[r], norm.weight, in.columns);
    }
}

} // namespace

template <>
DUBITO_VECTOR_CLONES void rmsNormForward(
    Matrix<float> out, float* inverse, Matrix<const float> in, const RmsNorm<float>& norm)
{
    forwardRows(out, inverse, in, norm);
}

template <>
void rmsNormForward(Matrix<double> out, double* inverse, Matrix<const double> in, const RmsNorm<double>& norm)
{
    forwardRows(out, inverse, in, norm);
}

template <>
DUBITO_VECTOR_CLONES void rmsNormAgain(
    Matrix<float> out, const float* inverse, Matrix<const float> in, const RmsNorm<float>& norm)
{
    againRows(out, inverse, in, norm);
}

template <>
void rmsNormAgain(Matrix<double> out, const double* inverse, Matrix<const double> in, const RmsNorm<double>& norm)
{
    againRows(out, inverse, in, norm);
}

template <>
DUBITO_VECTOR_CLONES void rmsNormBackward(const RmsNormGradient<float>& gradient, const float* inverse,
    Matrix<const float> in, const RmsNorm<float>& norm)
{
    backwardRows(gradient, inverse, in, norm);
}

template <>
void rmsNormBackward(const RmsNormGradient<double>& gradient, const double* inverse, Matrix<const double> in,
    const RmsNorm<double>& norm)
{
    backwardRows(gradient, inverse, in, norm);
}

} // namespace dubito::model
