// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/Bf16.h"

#include "backend/base/VectorClones.h"

#include <array>
#include <cstring>

namespace dubito::model {

namespace {

/// Through blocks, so that a row may be narrowed onto itself: a block is read before it is written.
DUBITO_VECTOR_CLONES
void narrowRow(Bf16* out, const float* in, std::int64_t count)
{
    constexpr std::int64_t kBlock = 64;
    std::array<float, kBlock> block;
    std::int64_t i = 0;
    for (; i + kBlock <= count; i += kBlock) {
        std::memcpy(block.data(), in + i, sizeof block);
        for (std::int64_t k = 0; k < kBlock; ++k) {
            out[i + k] = rounded(block[static_cast<std::size_t>(k)]);
        }
    }
    for (; i < count; ++i) {
        float value = 0;
        std::memcpy(&value, in + i, sizeof value);
        out[i] = rounded(value);
    }
}

DUBITO_VECTOR_CLONES
void widenRow(float* __restrict out, const Bf16* __restrict in, std::int64_t count)
{
    for (std::int64_t i = 0; i < count; ++i) {
        out[i] = widened(in[i]);
    }
}

} // namespace

void narrowRows(Matrix<Bf16> out, Matrix<const float> in)
{
    for (std::int64_t r = 0; r < in.rows; ++r) {
        narrowRow(out.row(r), in.row(r), in.columns);
    }
}

void widenRows(Matrix<float> out, Matrix<const Bf16> in)
{
    for (std::int64_t r = 0; r < in.rows; ++r) {
        widenRow(out.row(r), in.row(r), in.columns);
    }
}

} // namespace dubito::model
