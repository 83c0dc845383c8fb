// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/model/Gemm.h"
#include "backend/model/Tensor.h"

#include <cstdint>
#include <span>

namespace dubito::model {

/// A weight (C, K) with or without a bias (C); of parameters, or of their gradients.
///
/// A frozen weight may be kept as BF16: then `weight` is a shape without data and `bf16` holds the bits. A projection
/// without any data is one whose gradient nobody wants.
template <typename T>
struct Projection {
    Matrix<T> weight;
    T* bias = nullptr;
    const std::uint16_t* bf16 = nullptr; ///< first row; rows follow each other at weight.stride

    /// Requires: 0 <= begin <= end <= rows.
    Projection rowsBetween(std::int64_t begin, std::int64_t end) const
    {
        return { cut(begin * weight.stride, end - begin, weight.columns), bias == nullptr ? nullptr : bias + begin,
            bf16 == nullptr ? nullptr : bf16 + begin * weight.stride };
    }

    /// Without the bias. Requires: 0 <= begin <= end <= columns.
    Projection columnsBetween(std::int64_t begin, std::int64_t end) const
    {
        return { cut(begin, weight.rows, end - begin), nullptr, bf16 == nullptr ? nullptr : bf16 + begin };
    }

private:
    Matrix<T> cut(std::int64_t offset, std::int64_t rows, std::int64_t columns) const
    {
        return { weight.data == nullptr ? nullptr : weight.data + offset, rows, columns, weight.stride };
    }
};

/// Room of one thread in which a BF16 weight is decoded, some rows at a time. Not used by other weights.
template <typename Scalar>
using Panel = std::span<Scalar>;

/// Numbers of a panel for weights whose rows have up to `columns` numbers.
std::int64_t panelSize(std::int64_t columns);

/// out (N, C) = in (N, K) · weightᵀ + bias, or added into what `out` holds (the residual).
template <typename Scalar>
void linearForward(Matrix<Scalar> out, Matrix<const Scalar> in, const Projection<const Scalar>& projection, Into into,
    Panel<Scalar> panel = {});

/// dIn (N, K) = dOut (N, C) · weight, or added.
template <typename Scalar>
void linearBackwardInput(Matrix<Scalar> dIn, Matrix<const Scalar> dOut, const Projection<const Scalar>& projection,
    Into into, Panel<Scalar> panel = {});

/// Adds dOut (N, C)ᵀ · in (N, K) and the sums of dOut's columns into the gradient. Share `part` of `parts` of it: the
/// longer side of the weight is cut, so that the shares never meet.
template <typename Scalar>
struct LinearGradient {
    Projection<Scalar> projection;
    Matrix<const Scalar> dOut;
    Matrix<const Scalar> in;
};

/// Does nothing for a projection without data.
template <typename Scalar>
void linearBackwardWeight(const LinearGradient<Scalar>& gradient, int part, int parts);

/// One thread's share of a range: whole cache lines, so that two threads never write into one.
struct ShareOfRange {
    std::int64_t begin;
    std::int64_t end;
};
ShareOfRange shareOf(std::int64_t count, int part, int parts);

} // namespace dubito::model
