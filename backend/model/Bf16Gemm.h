// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Error.h"
#include "backend/model/Bf16.h"
#include "backend/model/Gemm.h"

namespace dubito::model {

/// The three products of Gemm.h with BF16 operands and float32 sums.
///
/// AmxGemm where the processor has tiles, oneDNN where it has avx512_bf16, else the operands are widened and multiplied
/// as float32: right, but slow. The library's code for a shape is made once per thread and kept (bounded), so there rows
/// are cut into the numbers that paddedRows() gives and a few small rests: batches of all lengths share a few shapes. The
/// same shapes give the same bits.
void multiplyTransposed(Matrix<float> out, Matrix<const Bf16> a, Matrix<const Bf16> b, Into into);
void multiply(Matrix<float> out, Matrix<const Bf16> a, Matrix<const Bf16> b, Into into);

/// Sums over the rows of both: pad them with zeros to paddedRows(), or each length is a shape of its own.
void transposedMultiply(Matrix<float> out, Matrix<const Bf16> a, Matrix<const Bf16> b, Into into);

/// float32 operands against weights that are stored as BF16, as exact as float32: by tiles where amxPays(), else the
/// weights are widened panel by panel in a buffer of the thread that is kept.
void multiplyTransposed(Matrix<float> out, Matrix<const float> a, Matrix<const Bf16> b, Into into);
void multiply(Matrix<float> out, Matrix<const float> a, Matrix<const Bf16> b, Into into);

/// Nothing to say where BF16 products are fast; otherwise a sentence why they are not, and what to do.
Result<void> checkBf16Products();

/// "AMX", "avx512_bf16" or "none": what multiplies.
const char* bf16Instructions();

} // namespace dubito::model
