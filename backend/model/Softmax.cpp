// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/Softmax.h"

#include "backend/model/Lanes.h"

#include <algorithm>
#include <limits>
#include <type_traits>

namespace dubito::model {

namespace {

/// The first `count` of a row's last lanes; the others are `rest`. The row has room for all of them.
template <typename Scalar>
DUBITO_INLINE Lanes<Scalar> firstOf(const Scalar* from, std::int64_t count, Scalar rest)
{
    typename LaneTypes<Scalar>::Integers index {};
    for (int i = 0; i < kLanes<Scalar>; ++i) {
        index[i] = i;
    }
    using Integer = std::remove_reference_t<decltype(index[0])>;
    return index < static_cast<Integer>(count) ? load(from) : Lanes<Scalar> {} + rest;
}

template <typename Scalar>
DUBITO_INLINE Scalar largestOfRow(const Scalar* row, std::int64_t visible)
{
    constexpr Scalar kLowest = std::numeric_limits<Scalar>::lowest();
    Lanes<Scalar> largest = Lanes<Scalar> {} + kLowest;
    forLanes<Scalar>(
        visible, [&](std::int64_t i) { largest = largerOf<Scalar>(largest, load(row + i)); },
        [&](std::int64_t i, std::int64_t left) {
            largest = largerOf<Scalar>(largest, firstOf(row + i, left, kLowest));
        });
    return largestOf<Scalar>(largest);
}

template <typename Scalar>
DUBITO_INLINE void softmaxRow(Scalar* row, std::int64_t visible, std::int64_t columns, Scalar scale)
{
    const Scalar largest = largestOfRow(row, visible);
    Lanes<Scalar> sums {};
    forLanes<Scalar>(
        visible,
        [&](std::int64_t i) {
            const Lanes<Scalar> value = exponential((load<Scalar>(row + i) - largest) * scale);
            store<Scalar>(row + i, value);
            sums += value;
        },
        [&](std::int64_t i, std::int64_t left) {
            constexpr Scalar kLowest = std::numeric_limits<Scalar>::lowest() / 4;
            const Lanes<Scalar> masked = firstOf<Scalar>(row + i, left, kLowest);
            const Lanes<Scalar> value = exponential((masked - largest) * scale);
            store<Scalar>(row + i, value);
            sums += value;
        });
    const Scalar inverse = Scalar { 1 } / sumOf<Scalar>(sums);
    std::int64_t i = 0;
    for (; i < visible; i += kLanes<Scalar>) {
        store<Scalar>(row + i, load<Scalar>(row + i) * inverse);
    }
    for (; i < columns; i += kLanes<Scalar>) {
        store<Scalar>(row + i, Lanes<Scalar> {});
    }
}

template <typename Scalar>
DUBITO_INLINE void softmaxBackwardRow(
    Scalar* gradient, const Scalar* probability, std::int64_t visible, std::int64_t columns, Scalar scale)
{
    const std::int64_t whole = visible / kLanes<Scalar> * kLanes<Scalar>;
    Lanes<Scalar> sums {};
    for (std::int64_t i = 0; i < whole; i += kLanes<Scalar>) {
        sums += load<Scalar>(gradient + i) * load(probability + i);
    }
    if (whole < visible) {
        sums += firstOf<Scalar>(gradient + whole, visible - whole, Scalar { 0 }) * load(probability + whole);
    }
    const Scalar mean = sumOf<Scalar>(sums);
    std::int64_t i = 0;
    for (; i < whole; i += kLanes<Scalar>) {
        store<Scalar>(gradient + i, (load<Scalar>(gradient + i) - mean) * load(probability + i) * scale);
    }
    if (whole < visible) {
        const auto rest = firstOf<Scalar>(gradient + i, visible - whole, Scalar { 0 });
        store<Scalar>(gradient + i, (rest - mean) * load(probability + i) * scale);
        i += kLanes<Scalar>;
    }
    for (; i < columns; i += kLanes<Scalar>) {
        store<Scalar>(gradient + i, Lanes<Scalar> {});
    }
}

template <typename Scalar>
DUBITO_INLINE void forwardRows(Matrix<Scalar> scores, std::int64_t firstVisible, Scalar scale)
{
    for (std::int64_t r = 0; r < scores.rows; ++r) {
        softmaxRow(scores.row(r), std::min(firstVisible + r, scores.columns), scores.columns, scale);
    }
}

template <typename Scalar>
DUBITO_INLINE void backwardRows(
    Matrix<Scalar> gradients, Matrix<const Scalar> probabilities, std::int64_t firstVisible, Scalar scale)
{
    for (std::int64_t r = 0; r < gradients.rows; ++r) {
        softmaxBackwardRow(gradients.row(r), probabilities.row(r), std::min(firstVisible + r, gradients.columns),
            gradients.columns, scale);
    }
}

} // namespace

template <>
DUBITO_VECTOR_CLONES void softmaxForward(Matrix<float> scores, std::int64_t firstVisible, float scale)
{
    forwardRows(scores, firstVisible, scale);
}

template <>
void softmaxForward(Matrix<double> scores, std::int64_t firstVisible, double scale)
{
    forwardRows(scores, firstVisible, scale);
}

template <>
DUBITO_VECTOR_CLONES void softmaxBackward(
    Matrix<float> gradients, Matrix<const float> probabilities, std::int64_t firstVisible, float scale)
{
    backwardRows(gradients, probabilities, firstVisible, scale);
}

template <>
void softmaxBackward(
    Matrix<double> gradients, Matrix<const double> probabilities, std::int64_t firstVisible, double scale)
{
    backwardRows(gradients, probabilities, firstVisible, scale);
}

} // namespace dubito::model
