// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/model/Bf16.h"
#include "backend/model/Gemm.h"
#include "backend/model/Tensor.h"

#include <array>
#include <cstdint>
#include <span>
#include <type_traits>

namespace dubito::model {

/// A weight (C, K) with or without a bias (C); of parameters, or of their gradients.
/// `narrow` is the weight as BF16, where products run in BF16 or the weight is kept in no other form: then `weight` is a
/// shape without data. A projection without any data is one whose gradient nobody wants.
template <typename T>
struct Projection {
    Matrix<T> weight;
    T* bias = nullptr;
    Matrix<const Bf16> narrow {};

    /// Some of the outputs. Requires: 0 <= begin <= end <= rows.
    Projection rowsBetween(std::int64_t begin, std::int64_t end) const
    {
        return { cut(begin * weight.stride, end - begin, weight.columns), bias == nullptr ? nullptr : bias + begin,
            narrow.data == nullptr ? narrow : narrow.rowsBetween(begin, end) };
    }

    /// Some of the inputs, without the bias. Requires: 0 <= begin <= end <= columns.
    Projection columnsBetween(std::int64_t begin, std::int64_t end) const
    {
        return { cut(begin, weight.rows, end - begin), nullptr,
            narrow.data == nullptr ? narrow : narrow.columnsBetween(begin, end) };
    }

private:
    Matrix<T> cut(std::int64_t offset, std::int64_t rows, std::int64_t columns) const
    {
        return { weight.data == nullptr ? nullptr : weight.data + offset, rows, columns, weight.stride };
    }
};

/// What goes into a product beside a weight: numbers, and the same as BF16 where products run in it.
template <typename Scalar>
struct Operand {
    Matrix<const Scalar> values;
    Matrix<const Bf16> narrow; ///< no data: products run in Scalar

    Operand(Matrix<const Scalar> numbers, Matrix<const Bf16> same = {})
        : values(numbers)
        , narrow(same)
    {
    }
    Operand(Matrix<Scalar> numbers)
        : values(numbers)
    {
    }

    Operand columnsBetween(std::int64_t begin, std::int64_t end) const
    {
        return { values.columnsBetween(begin, end),
            narrow.data == nullptr ? narrow : narrow.columnsBetween(begin, end) };
    }
};

/// `values` for a product. Where there is room for BF16 (rows of the same numbers, from row `begin`), the copy is made
/// here, while the values are warm.
template <typename Scalar>
Operand<Scalar> narrowOperand(Matrix<const Scalar> values, Matrix<Bf16> room, std::int64_t begin)
{
    if (room.data == nullptr) {
        return values;
    }
    const auto copy = room.rowsBetween(begin, begin + values.rows);
    if constexpr (std::is_same_v<Scalar, float>) {
        narrowRows(copy, values);
    }
    return { values, copy };
}

/// An operand of a function whose Scalar its result says.
template <typename Scalar>
using OperandOf = std::type_identity_t<Operand<Scalar>>;

/// Calls `product` with two operands: as BF16 where both of them have it, else as the numbers they are.
template <typename Scalar, typename Product>
void narrowWhereBoth(const Operand<Scalar>& a, const Operand<Scalar>& b, const Product& product)
{
    if constexpr (std::is_same_v<Scalar, float>) {
        if (a.narrow.data != nullptr && b.narrow.data != nullptr) {
            return product(a.narrow, b.narrow);
        }
    }
    product(a.values, b.values);
}

/// out (N, C) = in (N, K) · weightᵀ + bias, or added into what `out` holds (the residual).
template <typename Scalar>
void linearForward(
    Matrix<Scalar> out, const OperandOf<Scalar>& in, const Projection<const Scalar>& projection, Into into);

/// dIn (N, K) = dOut (N, C) · weight, or added.
template <typename Scalar>
void linearBackwardInput(
    Matrix<Scalar> dIn, const OperandOf<Scalar>& dOut, const Projection<const Scalar>& projection, Into into);

/// Adds dOut (N, C)ᵀ · in (N, K) and the sums of dOut's columns into the gradient. Share `part` of `parts` of it: the
/// longer side of the weight is cut, so that the shares never meet.
template <typename Scalar>
struct LinearGradient {
    Projection<Scalar> projection;
    Operand<Scalar> dOut; ///< narrow ones: rows up to paddedRows(N), the padding 0
    Operand<Scalar> in;
};

/// Does nothing for a projection without data.
template <typename Scalar>
void linearBackwardWeight(const LinearGradient<Scalar>& gradient, int part, int parts);

/// One to three projections of the same input, whose outputs stand side by side in one buffer.
///
/// Where their weights follow each other in the block without a gap and have no bias they are one projection: one large
/// product instead of three small ones.
template <typename T>
struct ProjectionGroup {
    std::array<Projection<T>, 3> parts;
    std::size_t count = 0;

    std::span<const Projection<T>> projections() const { return { parts.data(), count }; }
};

/// The outputs of a group stand side by side: out (N, all C) = in (N, K) · weightsᵀ + biases.
template <typename Scalar>
void groupForward(Matrix<Scalar> out, const OperandOf<Scalar>& in, const ProjectionGroup<const Scalar>& group);

/// dIn (N, K) = dOut (N, all C) · weights.
template <typename Scalar>
void groupBackwardInput(
    Matrix<Scalar> dIn, const OperandOf<Scalar>& dOut, const ProjectionGroup<const Scalar>& group);

/// One thread's share of the gradients of a group.
struct Share {
    int part;
    int parts;
};

template <typename Scalar>
void groupBackwardWeight(
    const ProjectionGroup<Scalar>& group, const OperandOf<Scalar>& dOut, const OperandOf<Scalar>& in, Share share);

/// One thread's share of a range: whole cache lines, so that two threads never write into one.
struct ShareOfRange {
    std::int64_t begin;
    std::int64_t end;
};
ShareOfRange shareOf(std::int64_t count, int part, int parts);

} // namespace dubito::model
