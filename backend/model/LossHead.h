// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/model/DecoderLayer.h"

namespace dubito::model {

/// The end of the model: final norm, product with the head, cross-entropy. Only rows that predict a target take part.
///
/// Logits are the largest tensor, so they never exist whole: product, softmax, loss and both gradients run chunk by
/// chunk of rows through one buffer. Losses (M) are left in the memory's `losses`.
template <typename Scalar>
void lossHeadForward(const LayerContext<Scalar>& context, const EndParameters<const Scalar>& parameters);

/// The same with the gradients: adds those of the head and the norm, and leaves that of the last layer's output in the
/// memory's `stream`. The memory's `coefficients` (M) weigh the losses.
template <typename Scalar>
void lossHeadBackward(const LayerContext<Scalar>& context, const EndParameters<const Scalar>& parameters,
    const EndParameters<Scalar>& gradients);

} // namespace dubito::model
