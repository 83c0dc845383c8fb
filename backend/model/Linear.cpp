// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/Linear.h"

#include "backend/base/Check.h"
#include "backend/base/VectorClones.h"
#include "backend/model/Dtype.h"

#include <algorithm>
#include <bit>

namespace dubito::model {

namespace {

constexpr std::int64_t kGrain = 16;

/// 4 MiB of float: what is decoded is used while it is in the cache, and products stay large.
constexpr std::int64_t kPanelNumbers = std::int64_t { 1 } << 20;

DUBITO_VECTOR_CLONES
void decodeRow(float* to, const std::uint16_t* from, std::int64_t count)
{
    for (std::int64_t i = 0; i < count; ++i) {
        to[i] = std::bit_cast<float>(static_cast<std::uint32_t>(from[i]) << 16U);
    }
}

void decodeRow(double* to, const std::uint16_t* from, std::int64_t count)
{
    for (std::int64_t i = 0; i < count; ++i) {
        to[i] = static_cast<double>(fromBf16(from[i]));
    }
}

/// Calls `body(begin, rows)` for consecutive rows of the weight: all of them at once, or decoded as many as fit.
template <typename Scalar, typename Body>
void forPanels(const Projection<const Scalar>& projection, Panel<Scalar> panel, const Body& body)
{
    const auto& weight = projection.weight;
    if (projection.bf16 == nullptr) {
        return body(std::int64_t { 0 }, weight);
    }
    const std::int64_t fit = static_cast<std::int64_t>(panel.size()) / std::max<std::int64_t>(1, weight.columns);
    CHECK(fit > 0, "there is no room to decode a row of a BF16 weight");
    const std::int64_t panels = (weight.rows + fit - 1) / fit;
    const std::int64_t each = std::min(fit, ((weight.rows + panels - 1) / panels + kGrain - 1) / kGrain * kGrain);
    for (std::int64_t begin = 0; begin < weight.rows; begin += each) {
        const std::int64_t end = std::min(weight.rows, begin + each);
        for (std::int64_t row = begin; row < end; ++row) {
            decodeRow(panel.data() + (row - begin) * weight.columns, projection.bf16 + row * weight.stride,
                weight.columns);
        }
        body(begin, Matrix<const Scalar>(panel.data(), end - begin, weight.columns));
    }
}

template <typename Scalar>
void addColumnSums(Scalar* sums, Matrix<const Scalar> matrix)
{
    for (std::int64_t r = 0; r < matrix.rows; ++r) {
        const Scalar* row = matrix.row(r);
        for (std::int64_t i = 0; i < matrix.columns; ++i) {
            sums[i] += row[i];
        }
    }
}

} // namespace

std::int64_t panelSize(std::int64_t columns) { return std::max(kPanelNumbers, columns); }

ShareOfRange shareOf(std::int64_t count, int part, int parts)
{
    const std::int64_t grains = (count + kGrain - 1) / kGrain;
    return { std::min(count, grains * part / parts * kGrain), std::min(count, grains * (part + 1) / parts * kGrain) };
}

template <typename Scalar>
void linearForward(Matrix<Scalar> out, Matrix<const Scalar> in, const Projection<const Scalar>& projection, Into into,
    Panel<Scalar> panel)
{
    forPanels<Scalar>(projection, panel, [&](std::int64_t begin, Matrix<const Scalar> rows) {
        multiplyTransposed(out.columnsBetween(begin, begin + rows.rows), in, rows, into);
    });
    for (std::int64_t r = 0; projection.bias != nullptr && r < out.rows; ++r) {
        Scalar* row = out.row(r);
        for (std::int64_t i = 0; i < out.columns; ++i) {
            row[i] += projection.bias[i];
        }
    }
}

template <typename Scalar>
void linearBackwardInput(Matrix<Scalar> dIn, Matrix<const Scalar> dOut, const Projection<const Scalar>& projection,
    Into into, Panel<Scalar> panel)
{
    forPanels<Scalar>(projection, panel, [&](std::int64_t begin, Matrix<const Scalar> rows) {
        multiply(dIn, dOut.columnsBetween(begin, begin + rows.rows), rows, begin == 0 ? into : Into::Add);
    });
}

template <typename Scalar>
void linearBackwardWeight(const LinearGradient<Scalar>& gradient, int part, int parts)
{
    const Matrix<Scalar> weight = gradient.projection.weight;
    if (weight.data == nullptr) {
        return;
    }
    if (weight.rows >= weight.columns) {
        const auto [begin, end] = shareOf(weight.rows, part, parts);
        transposedMultiply<Scalar>(
            weight.rowsBetween(begin, end), gradient.dOut.columnsBetween(begin, end), gradient.in, Into::Add);
    } else {
        const auto [begin, end] = shareOf(weight.columns, part, parts);
        transposedMultiply<Scalar>(
            weight.columnsBetween(begin, end), gradient.dOut, gradient.in.columnsBetween(begin, end), Into::Add);
    }
    if (gradient.projection.bias != nullptr) {
        const auto [begin, end] = shareOf(weight.rows, part, parts);
        addColumnSums<Scalar>(gradient.projection.bias + begin, gradient.dOut.columnsBetween(begin, end));
    }
}

template void linearForward(Matrix<float>, Matrix<const float>, const Projection<const float>&, Into, Panel<float>);
template void linearForward(Matrix<double>, Matrix<const double>, const Projection<const double>&, Into, Panel<double>);
template void linearBackwardInput(Matrix<float>, Matrix<const float>, const Projection<const float>&, Into, Panel<float>);
template void linearBackwardInput(Matrix<double>, Matrix<const double>, const Projection<const double>&, Into, Panel<double>);
template void linearBackwardWeight(const LinearGradient<float>&, int, int);
template void linearBackwardWeight(const LinearGradient<double>&, int, int);

} // namespace dubito::model
