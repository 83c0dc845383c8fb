// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/model/Tensor.h"

#include <cstdint>

namespace dubito::model {

/// Causal softmax in place: row r of scores (R, K) sees its first `firstVisible + r` columns; they become
/// softmax(scale * score), the others 0. Requires: the stride is a multiple of 64 bytes and not below K rounded up to
/// it; what stands behind column K may be anything.
template <typename Scalar>
void softmaxForward(Matrix<Scalar> scores, std::int64_t firstVisible, Scalar scale);

/// gradients (R, K): of the probabilities in, of the raw scores out; room as above. `probabilities` as softmaxForward
/// left them.
template <typename Scalar>
void softmaxBackward(
    Matrix<Scalar> gradients, Matrix<const Scalar> probabilities, std::int64_t firstVisible, Scalar scale);

} // namespace dubito::model
