// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/Linear.h"

#include "backend/model/Bf16Gemm.h"

#include <algorithm>
#include <iterator>
#include <vector>

namespace dubito::model {

namespace {

/// A BF16 weight for products in double: for tests, which have small ones.
struct WideWeight {
    explicit WideWeight(const Projection<const double>& projection)
        : weight(projection.weight)
    {
        if (projection.narrow.data == nullptr) {
            return;
        }
        for (std::int64_t r = 0; r < weight.rows; ++r) {
            std::transform(projection.narrow.row(r), projection.narrow.row(r) + weight.columns,
                std::back_inserter(numbers), [](Bf16 value) { return static_cast<double>(widened(value)); });
        }
        weight = { numbers.data(), weight.rows, weight.columns };
    }

    std::vector<double> numbers;
    Matrix<const double> weight;
};

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

ShareOfRange shareOf(std::int64_t count, int part, int parts)
{
    const std::int64_t grains = (count + kGrain - 1) / kGrain;
    return { std::min(count, grains * part / parts * kGrain), std::min(count, grains * (part + 1) / parts * kGrain) };
}

template <typename Scalar>
void linearForward(
    Matrix<Scalar> out, const OperandOf<Scalar>& in, const Projection<const Scalar>& projection, Into into)
{
    if constexpr (std::is_same_v<Scalar, float>) {
        if (projection.narrow.data == nullptr) {
            multiplyTransposed<float>(out, in.values, projection.weight, into);
        } else if (in.narrow.data == nullptr) {
            multiplyTransposed(out, in.values, projection.narrow, into);
        } else {
            multiplyTransposed(out, in.narrow, projection.narrow, into);
        }
    } else {
        multiplyTransposed(out, in.values, WideWeight(projection).weight, into);
    }
    for (std::int64_t r = 0; projection.bias != nullptr && r < out.rows; ++r) {
        Scalar* row = out.row(r);
        for (std::int64_t i = 0; i < out.columns; ++i) {
            row[i] += projection.bias[i];
        }
    }
}

template <typename Scalar>
void linearBackwardInput(
    Matrix<Scalar> dIn, const OperandOf<Scalar>& dOut, const Projection<const Scalar>& projection, Into into)
{
    if constexpr (std::is_same_v<Scalar, float>) {
        if (projection.narrow.data == nullptr) {
            multiply<float>(dIn, dOut.values, projection.weight, into);
        } else if (dOut.narrow.data == nullptr) {
            multiply(dIn, dOut.values, projection.narrow, into);
        } else {
            multiply(dIn, dOut.narrow, projection.narrow, into);
        }
    } else {
        multiply(dIn, dOut.values, WideWeight(projection).weight, into);
    }
}

template <typename Scalar>
void linearBackwardWeight(const LinearGradient<Scalar>& gradient, int part, int parts)
{
    const Matrix<Scalar> weight = gradient.projection.weight;
    if (weight.data == nullptr) {
        return;
    }
    const auto& [projection, dOut, in] = gradient;
    const bool cutRows = weight.rows >= weight.columns;
    const auto [begin, end] = shareOf(cutRows ? weight.rows : weight.columns, part, parts);
    const auto share = cutRows ? weight.rowsBetween(begin, end) : weight.columnsBetween(begin, end);
    const auto left = cutRows ? dOut.columnsBetween(begin, end) : dOut;
    const auto right = cutRows ? in : in.columnsBetween(begin, end);
    narrowWhereBoth<Scalar>(left, right, [&](auto a, auto b) { transposedMultiply(share, a, b, Into::Add); });
    if (projection.bias != nullptr) {
        const auto [first, last] = shareOf(weight.rows, part, parts);
        addColumnSums<Scalar>(projection.bias + first, dOut.values.columnsBetween(first, last));
    }
}

template <typename Scalar>
void groupForward(Matrix<Scalar> out, const OperandOf<Scalar>& in, const ProjectionGroup<const Scalar>& group)
{
    std::int64_t column = 0;
    for (const auto& part : group.projections()) {
        linearForward(out.columnsBetween(column, column + part.weight.rows), in, part, Into::Overwrite);
        column += part.weight.rows;
    }
}

template <typename Scalar>
void groupBackwardInput(Matrix<Scalar> dIn, const OperandOf<Scalar>& dOut, const ProjectionGroup<const Scalar>& group)
{
    std::int64_t column = 0;
    for (const auto& part : group.projections()) {
        const Into into = column == 0 ? Into::Overwrite : Into::Add;
        linearBackwardInput(dIn, dOut.columnsBetween(column, column + part.weight.rows), part, into);
        column += part.weight.rows;
    }
}

template <typename Scalar>
void groupBackwardWeight(
    const ProjectionGroup<Scalar>& group, const OperandOf<Scalar>& dOut, const OperandOf<Scalar>& in, Share share)
{
    std::int64_t column = 0;
    for (const auto& part : group.projections()) {
        const auto columns = dOut.columnsBetween(column, column + part.weight.rows);
        linearBackwardWeight(LinearGradient<Scalar> { part, columns, in }, share.part, share.parts);
        column += part.weight.rows;
    }
}

template void linearForward(Matrix<float>, const Operand<float>&, const Projection<const float>&, Into);
template void linearForward(Matrix<double>, const Operand<double>&, const Projection<const double>&, Into);
template void linearBackwardInput(Matrix<float>, const Operand<float>&, const Projection<const float>&, Into);
template void linearBackwardInput(Matrix<double>, const Operand<double>&, const Projection<const double>&, Into);
template void linearBackwardWeight(const LinearGradient<float>&, int, int);
template void linearBackwardWeight(const LinearGradient<double>&, int, int);
template void groupForward(Matrix<float>, const Operand<float>&, const ProjectionGroup<const float>&);
template void groupForward(Matrix<double>, const Operand<double>&, const ProjectionGroup<const double>&);
template void groupBackwardInput(Matrix<float>, const Operand<float>&, const ProjectionGroup<const float>&);
template void groupBackwardInput(Matrix<double>, const Operand<double>&, const ProjectionGroup<const double>&);
template void groupBackwardWeight(
    const ProjectionGroup<float>&, const Operand<float>&, const Operand<float>&, Share);
template void groupBackwardWeight(
    const ProjectionGroup<double>&, const Operand<double>&, const Operand<double>&, Share);

} // namespace dubito::model
