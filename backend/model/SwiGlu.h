// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/model/Tensor.h"

namespace dubito::model {

/// out (N, I) = silu(gate) * up, where gateUp (N, 2I) holds the gates in its first half.
template <typename Scalar>
void swiGluForward(Matrix<Scalar> out, Matrix<const Scalar> gateUp);

/// In place, because nobody needs the old contents after it: `activated` (N, I) comes in as the gradient of the output
/// and leaves as the output itself (the gradient of the next weight needs it); gateUp (N, 2I) leaves as its gradient.
template <typename Scalar>
void swiGluBackward(Matrix<Scalar> activated, Matrix<Scalar> gateUp);

} // namespace dubito::model
