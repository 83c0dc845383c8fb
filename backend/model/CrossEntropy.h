// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/model/Tensor.h"

#include <cstdint>

namespace dubito::model {

/// losses (R) = ln(sum(exp(logits))) - logits[target], per row of logits (R, V); the logits leave as
/// exp(logit - largest of the row), with `sums` (R) beside them: all that backward needs.
///
/// Sums run in double beyond a thousand terms, so a vocabulary of any size keeps its digits.
template <typename Scalar>
void crossEntropyForward(Matrix<Scalar> logits, const std::int32_t* targets, double* losses, double* sums);

/// Turns what forward left into the gradient of the logits: coefficient (R) * (softmax - 1 at the target).
template <typename Scalar>
void crossEntropyBackward(
    Matrix<Scalar> logits, const std::int32_t* targets, const double* sums, const Scalar* coefficients);

} // namespace dubito::model
