// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/model/Bf16.h"
#include "backend/model/Tensor.h"

#include <chrono>
#include <cstdint>

namespace dubito::model {

/// What happens to what the result held before.
enum class Into : std::uint8_t { Overwrite, Add };

/// out (M, N) = a (M, K) · b (N, K)ᵀ: a projection, x · Wᵀ.
///
/// These three and nativeBf16Product() without AMX are the only callers of the matrix library: oneDNN for float where
/// it is built in, Eigen otherwise. Large products of float run by the processor's tiles where it has them, as exact
/// (AmxGemm.h). They run on the calling thread alone; who wants more threads hands out slices of rows or columns with
/// Parallel, and no two slices of one result depend on each other. The same shapes give the same bits.
template <typename Scalar>
void multiplyTransposed(Matrix<Scalar> out, Matrix<const Scalar> a, Matrix<const Scalar> b, Into into);

/// out (M, N) = a (M, K) · b (K, N): the gradient of the input, dY · W.
template <typename Scalar>
void multiply(Matrix<Scalar> out, Matrix<const Scalar> a, Matrix<const Scalar> b, Into into);

/// out (M, N) = a (K, M)ᵀ · b (K, N): the gradient of the weight, dYᵀ · X.
template <typename Scalar>
void transposedMultiply(Matrix<Scalar> out, Matrix<const Scalar> a, Matrix<const Scalar> b, Into into);

/// Adds its life to productNanoseconds(); for whoever calls the matrix library.
class ProductTimer {
public:
    ProductTimer() = default;
    ~ProductTimer();
    ProductTimer(const ProductTimer&) = delete;
    ProductTimer& operator=(const ProductTimer&) = delete;

private:
    std::chrono::steady_clock::time_point m_begin = std::chrono::steady_clock::now();
};

/// The time all threads together have spent in products since the program began: what a bench takes differences of.
std::int64_t productNanoseconds();

/// What multiplies BF16 itself: the processor's tiles (AmxGemm), or its vectors by the matrix library.
enum class Bf16Support : std::uint8_t { None, Avx512, Amx };
Bf16Support bf16Support();

/// Which of the three products.
enum class ProductKind : std::uint8_t { NormalTransposed, NormalNormal, TransposedNormal };

/// BF16 operands, float32 sums, by the processor; for Bf16Gemm, which also knows what to do without.
/// Requires: bf16Support() is not None; no side is empty.
void nativeBf16Product(
    ProductKind kind, Matrix<float> out, Matrix<const Bf16> a, Matrix<const Bf16> b, Into into);

/// "oneDNN" or "Eigen".
const char* productLibrary();

} // namespace dubito::model
