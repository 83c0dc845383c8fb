// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/model/Bf16.h"
#include "backend/model/Tensor.h"

#include <cstdint>

namespace dubito::model {

/// out (N, C) = rows of table (V, C). Requires: ids in [0, V).
template <typename Scalar>
void embeddingForward(Matrix<Scalar> out, const std::int32_t* ids, Matrix<const Scalar> table);

/// The same from a table of BF16 bits (V, C).
template <typename Scalar>
void embeddingForward(Matrix<Scalar> out, const std::int32_t* ids, const Bf16* table);

/// Adds every row of dOut (N, C) to the row of its id in dTable (V, C), in the order of the rows. Threads share it by
/// slices of columns, so that an id that is repeated meets its terms in one order.
template <typename Scalar>
void embeddingBackward(Matrix<Scalar> dTable, const std::int32_t* ids, Matrix<const Scalar> dOut);

} // namespace dubito::model
