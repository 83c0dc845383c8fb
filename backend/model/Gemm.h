// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/model/Tensor.h"

#include <cstdint>

namespace dubito::model {

/// What happens to what the result held before.
enum class Into : std::uint8_t { Overwrite, Add };

/// out (M, N) = a (M, K) · b (N, K)ᵀ: a projection, x · Wᵀ.
///
/// These three are the only callers of the matrix library: oneDNN for float where it is built in, Eigen otherwise. They
/// run on the calling thread alone; who wants more threads hands out slices of rows or columns with Parallel, and no two
/// slices of one result depend on each other. The same shapes give the same bits.
template <typename Scalar>
void multiplyTransposed(Matrix<Scalar> out, Matrix<const Scalar> a, Matrix<const Scalar> b, Into into);

/// out (M, N) = a (M, K) · b (K, N): the gradient of the input, dY · W.
template <typename Scalar>
void multiply(Matrix<Scalar> out, Matrix<const Scalar> a, Matrix<const Scalar> b, Into into);

/// out (M, N) = a (K, M)ᵀ · b (K, N): the gradient of the weight, dYᵀ · X.
template <typename Scalar>
void transposedMultiply(Matrix<Scalar> out, Matrix<const Scalar> a, Matrix<const Scalar> b, Into into);

/// The time all threads together have spent in products since the program began: what a bench takes differences of.
std::int64_t productNanoseconds();

/// "oneDNN" or "Eigen".
const char* productLibrary();

} // namespace dubito::model
