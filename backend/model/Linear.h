// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/model/Gemm.h"
#include "backend/model/Tensor.h"

namespace dubito::model {

/// A weight (C, K) with or without a bias (C); of parameters, or of their gradients.
template <typename T>
struct Projection {
    Matrix<T> weight;
    T* bias = nullptr;
};

/// out (N, C) = in (N, K) · weightᵀ + bias, or added into what `out` holds (the residual).
template <typename Scalar>
void linearForward(
    Matrix<Scalar> out, Matrix<const Scalar> in, const Projection<const Scalar>& projection, Into into);

/// dIn (N, K) = dOut (N, C) · weight, or added.
template <typename Scalar>
void linearBackwardInput(
    Matrix<Scalar> dIn, Matrix<const Scalar> dOut, const Projection<const Scalar>& projection, Into into);

/// Adds dOut (N, C)ᵀ · in (N, K) and the sums of dOut's columns into the gradient. Share `part` of `parts` of it: the
/// longer side of the weight is cut, so that the shares never meet.
template <typename Scalar>
struct LinearGradient {
    Projection<Scalar> projection;
    Matrix<const Scalar> dOut;
    Matrix<const Scalar> in;
};

template <typename Scalar>
void linearBackwardWeight(const LinearGradient<Scalar>& gradient, int part, int parts);

} // namespace dubito::model
