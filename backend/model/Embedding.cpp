// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/Embedding.h"

#include <algorithm>

namespace dubito::model {

template <typename Scalar>
void embeddingForward(Matrix<Scalar> out, const std::int32_t* ids, Matrix<const Scalar> table)
{
    for (std::int64_t r = 0; r < out.rows; ++r) {
        std::copy_n(table.row(ids[r]), out.columns, out.row(r));
    }
}

template <typename Scalar>
void embeddingForward(Matrix<Scalar> out, const std::int32_t* ids, const Bf16* table)
{
    for (std::int64_t r = 0; r < out.rows; ++r) {
        const Bf16* from = table + ids[r] * out.columns;
        for (std::int64_t i = 0; i < out.columns; ++i) {
            out.row(r)[i] = static_cast<Scalar>(widened(from[i]));
        }
    }
}

template <typename Scalar>
void embeddingBackward(Matrix<Scalar> dTable, const std::int32_t* ids, Matrix<const Scalar> dOut)
{
    for (std::int64_t r = 0; r < dOut.rows; ++r) {
        Scalar* to = dTable.row(ids[r]);
        const Scalar* from = dOut.row(r);
        for (std::int64_t i = 0; i < dOut.columns; ++i) {
            to[i] += from[i];
        }
    }
}

template void embeddingForward(Matrix<float>, const std::int32_t*, Matrix<const float>);
template void embeddingForward(Matrix<double>, const std::int32_t*, Matrix<const double>);
template void embeddingForward(Matrix<float>, const std::int32_t*, const Bf16*);
template void embeddingForward(Matrix<double>, const std::int32_t*, const Bf16*);
template void embeddingBackward(Matrix<float>, const std::int32_t*, Matrix<const float>);
template void embeddingBackward(Matrix<double>, const std::int32_t*, Matrix<const double>);

} // namespace dubito::model
