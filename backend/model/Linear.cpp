// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/Linear.h"

#include <algorithm>

namespace dubito::model {

namespace {

/// Whole cache lines, so that two threads never write into one.
constexpr std::int64_t kGrain = 16;

struct Slice {
    std::int64_t begin;
    std::int64_t end;
};

Slice sliceOf(std::int64_t count, int part, int parts)
{
    const std::int64_t grains = (count + kGrain - 1) / kGrain;
    return { std::min(count, grains * part / parts * kGrain), std::min(count, grains * (part + 1) / parts * kGrain) };
}

template <typename Scalar>
void addColumnSums(Scalar* sums, Matrix<const Scalar> matrix)
{
    for (std::int64_t r = 0; r < matrix.rows; ++r) {
        const Scalar* row = matrix.row(r);
        for (std::int64_t i = 0; i < matrix.columns; ++i) {
            sums[i] += row[i];
        }
    }
}

} // namespace

template <typename Scalar>
void linearForward(
    Matrix<Scalar> out, Matrix<const Scalar> in, const Projection<const Scalar>& projection, Into into)
{
    multiplyTransposed(out, in, projection.weight, into);
    for (std::int64_t r = 0; projection.bias != nullptr && r < out.rows; ++r) {
        Scalar* row = out.row(r);
        for (std::int64_t i = 0; i < out.columns; ++i) {
            row[i] += projection.bias[i];
        }
    }
}

template <typename Scalar>
void linearBackwardInput(
    Matrix<Scalar> dIn, Matrix<const Scalar> dOut, const Projection<const Scalar>& projection, Into into)
{
    multiply(dIn, dOut, projection.weight, into);
}

template <typename Scalar>
void linearBackwardWeight(const LinearGradient<Scalar>& gradient, int part, int parts)
{
    const Matrix<Scalar> weight = gradient.projection.weight;
    if (weight.rows >= weight.columns) {
        const auto [begin, end] = sliceOf(weight.rows, part, parts);
        transposedMultiply<Scalar>(
            weight.rowsBetween(begin, end), gradient.dOut.columnsBetween(begin, end), gradient.in, Into::Add);
    } else {
        const auto [begin, end] = sliceOf(weight.columns, part, parts);
        transposedMultiply<Scalar>(
            weight.columnsBetween(begin, end), gradient.dOut, gradient.in.columnsBetween(begin, end), Into::Add);
    }
    if (gradient.projection.bias != nullptr) {
        const auto [begin, end] = sliceOf(weight.rows, part, parts);
        addColumnSums<Scalar>(gradient.projection.bias + begin, gradient.dOut.columnsBetween(begin, end));
    }
}

template void linearForward(Matrix<float>, Matrix<const float>, const Projection<const float>&, Into);
template void linearForward(Matrix<double>, Matrix<const double>, const Projection<const double>&, Into);
template void linearBackwardInput(Matrix<float>, Matrix<const float>, const Projection<const float>&, Into);
template void linearBackwardInput(Matrix<double>, Matrix<const double>, const Projection<const double>&, Into);
template void linearBackwardWeight(const LinearGradient<float>&, int, int);
template void linearBackwardWeight(const LinearGradient<double>&, int, int);

} // namespace dubito::model
