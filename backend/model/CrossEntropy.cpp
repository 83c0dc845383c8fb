// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/CrossEntropy.h"

#include "backend/model/Lanes.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace dubito::model {

namespace {

/// So many terms are summed in Scalar before they are added in double.
constexpr std::int64_t kBlock = 1024;

template <typename Scalar>
DUBITO_INLINE Scalar largestOfRow(const Scalar* row, std::int64_t count)
{
    constexpr Scalar kLowest = std::numeric_limits<Scalar>::lowest();
    Lanes<Scalar> largest = Lanes<Scalar> {} + kLowest;
    forLanes<Scalar>(
        count, [&](std::int64_t i) { largest = largerOf<Scalar>(largest, load(row + i)); },
        [&](std::int64_t i, std::int64_t left) {
            largest = largerOf<Scalar>(largest, loadFirst(row + i, left, kLowest));
        });
    return largestOf<Scalar>(largest);
}

/// Replaces x by exp(x - largest); the sum of them.
template <typename Scalar>
DUBITO_INLINE Scalar exponentials(Scalar* row, Scalar largest, std::int64_t count)
{
    Lanes<Scalar> sum {};
    forLanes<Scalar>(
        count,
        [&](std::int64_t i) {
            const Lanes<Scalar> value = exponential(load<Scalar>(row + i) - largest);
            store<Scalar>(row + i, value);
            sum += value;
        },
        [&](std::int64_t i, std::int64_t left) {
            constexpr Scalar kLowest = std::numeric_limits<Scalar>::lowest() / 2;
            const Lanes<Scalar> value = exponential(loadFirst<Scalar>(row + i, left, kLowest) - largest);
            storeFirst<Scalar>(row + i, value, left);
            sum += value;
        });
    return sumOf<Scalar>(sum);
}

template <typename Scalar>
DUBITO_INLINE void forwardRows(Matrix<Scalar> logits, const std::int32_t* targets, double* losses, double* sums)
{
    for (std::int64_t r = 0; r < logits.rows; ++r) {
        Scalar* row = logits.row(r);
        const Scalar largest = largestOfRow<Scalar>(row, logits.columns);
        const Scalar chosen = row[targets[r]];
        double sum = 0;
        for (std::int64_t i = 0; i < logits.columns; i += kBlock) {
            sum += static_cast<double>(exponentials(row + i, largest, std::min(kBlock, logits.columns - i)));
        }
        sums[r] = sum;
        losses[r] = std::log(sum) + static_cast<double>(largest) - static_cast<double>(chosen);
    }
}

template <typename Scalar>
DUBITO_INLINE void backwardRows(
    Matrix<Scalar> logits, const std::int32_t* targets, const double* sums, const Scalar* coefficients)
{
    for (std::int64_t r = 0; r < logits.rows; ++r) {
        Scalar* row = logits.row(r);
        const auto scale = static_cast<Scalar>(static_cast<double>(coefficients[r]) / sums[r]);
        forLanes<Scalar>(
            logits.columns, [&](std::int64_t i) { store<Scalar>(row + i, load<Scalar>(row + i) * scale); },
            [&](std::int64_t i, std::int64_t left) {
                storeFirst<Scalar>(row + i, loadFirst<Scalar>(row + i, left, Scalar { 0 }) * scale, left);
            });
        row[targets[r]] -= coefficients[r];
    }
}

} // namespace

template <>
DUBITO_VECTOR_CLONES void crossEntropyForward(
    Matrix<float> logits, const std::int32_t* targets, double* losses, double* sums)
{
    forwardRows(logits, targets, losses, sums);
}

template <>
void crossEntropyForward(Matrix<double> logits, const std::int32_t* targets, double* losses, double* sums)
{
    forwardRows(logits, targets, losses, sums);
}

template <>
DUBITO_VECTOR_CLONES void crossEntropyBackward(
    Matrix<float> logits, const std::int32_t* targets, const double* sums, const float* coefficients)
{
    backwardRows(logits, targets, sums, coefficients);
}

template <>
void crossEntropyBackward(
    Matrix<double> logits, const std::int32_t* targets, const double* sums, const double* coefficients)
{
    backwardRows(logits, targets, sums, coefficients);
}

} // namespace dubito::model
