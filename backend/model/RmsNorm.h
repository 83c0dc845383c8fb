// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/model/Tensor.h"

namespace dubito::model {

/// Root mean square normalisation of rows, and where it keeps what the way back needs.
template <typename Scalar>
struct RmsNorm {
    const Scalar* weight = nullptr; ///< (C)
    double epsilon = 0;
};

/// out (N, C) = in (N, C) * inverse (N) * weight (C), with inverse = 1 / sqrt(mean(in^2) + epsilon) kept for backward.
template <typename Scalar>
void rmsNormForward(Matrix<Scalar> out, Scalar* inverse, Matrix<const Scalar> in, const RmsNorm<Scalar>& norm);

/// out (N, C) again from the kept `inverse`: cheaper to compute twice than to keep.
template <typename Scalar>
void rmsNormAgain(Matrix<Scalar> out, const Scalar* inverse, Matrix<const Scalar> in, const RmsNorm<Scalar>& norm);

/// What the gradient passes through on its way back.
template <typename Scalar>
struct RmsNormGradient {
    Matrix<Scalar> in; ///< (N, C) the result: overwritten with skip + d(in)
    Matrix<const Scalar> skip; ///< (N, C) gradient that comes past the norm by the residual; no data: none
    Matrix<const Scalar> out; ///< (N, C) gradient of the norm's output
    Scalar* weight = nullptr; ///< (C) added into; nullptr: the norm is frozen
};

template <typename Scalar>
void rmsNormBackward(const RmsNormGradient<Scalar>& gradient, const Scalar* inverse, Matrix<const Scalar> in,
    const RmsNorm<Scalar>& norm);

} // namespace dubito::model
