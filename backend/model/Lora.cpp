// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/Lora.h"

#include "backend/model/Gemm.h"
#include "backend/model/Linear.h"

#include <algorithm>
#include <cmath>

namespace dubito::model {

namespace {

/// The finaliser of SplitMix64: every bit of the result depends on every bit of the input.
std::uint64_t mixed(std::uint64_t value)
{
    value += 0x9e3779b97f4a7c15ULL;
    value = (value ^ (value >> 30U)) * 0xbf58476d1ce4e5b9ULL;
    value = (value ^ (value >> 27U)) * 0x94d049bb133111ebULL;
    return value ^ (value >> 31U);
}

template <typename Scalar>
void scaleRows(Matrix<Scalar> matrix, Scalar factor)
{
    for (std::int64_t r = 0; r < matrix.rows; ++r) {
        Scalar* row = matrix.row(r);
        for (std::int64_t i = 0; i < matrix.columns; ++i) {
            row[i] *= factor;
        }
    }
}

/// Calls `body(column, factor)` for the columns [begin, end) of a row of a target's input; four of them share 64 bits.
template <typename Body>
void forMask(const LoraDropout& dropout, std::uint64_t key, std::int64_t begin, std::int64_t end, const Body& body)
{
    std::uint64_t bits = 0;
    for (std::int64_t i = begin; i < end; ++i) {
        const auto lane = static_cast<unsigned>(i % 4);
        if (i == begin || lane == 0) {
            bits = mixed(key + static_cast<std::uint64_t>(i / 4));
        }
        const auto drawn = static_cast<std::uint32_t>(bits >> (16U * lane)) & 0xffffU;
        body(i, drawn < dropout.threshold ? 0.0 : dropout.keptFactor);
    }
}

template <typename Scalar>
std::uint64_t keyOf(const LoraRows<Scalar>& rows, std::int64_t row, LoraTarget target)
{
    const auto place = static_cast<std::uint64_t>(rows.layer) * kLoraTargetCount + static_cast<std::uint64_t>(target);
    return mixed(rows.keys[row] ^ mixed(place));
}

template <typename Scalar>
bool drops(const LoraRows<Scalar>& rows)
{
    return rows.keys != nullptr && rows.dropout.isOn();
}

/// The columns [begin, end) of the input as an adapter sees them.
template <typename Scalar>
Matrix<const Scalar> seenInput(Matrix<const Scalar> in, const LoraRows<Scalar>& rows, LoraTarget target,
    std::int64_t begin, std::int64_t end)
{
    const auto seen = in.columnsBetween(begin, end);
    if (!drops(rows)) {
        return seen;
    }
    const auto dropped = rows.dropped.columnsBetween(begin, end).rowsBetween(0, in.rows);
    for (std::int64_t r = 0; r < in.rows; ++r) {
        forMask(rows.dropout, keyOf(rows, r, target), begin, end, [&](std::int64_t i, double factor) {
            dropped.row(r)[i - begin] = in.row(r)[i] * static_cast<Scalar>(factor);
        });
    }
    return dropped;
}

template <typename Scalar>
Matrix<Scalar> slotOf(Matrix<Scalar> lowRank, std::int64_t slot, std::int64_t width, std::int64_t rows)
{
    return lowRank.columnsBetween(slot, slot + width).rowsBetween(0, rows);
}

/// One product for the whole group is possible.
template <typename T, typename Scalar>
bool isStacked(const LoraGroup<T>& group, const LoraRows<Scalar>& rows)
{
    return group.stackedA.data != nullptr && !drops(rows);
}

} // namespace

LoraDropout LoraDropout::of(double share)
{
    LoraDropout dropout;
    dropout.threshold = static_cast<std::uint32_t>(std::lround(share * 65536));
    dropout.keptFactor = 65536.0 / (65536.0 - static_cast<double>(dropout.threshold));
    return dropout;
}

std::uint64_t loraKey(std::uint64_t sequenceSeed, std::int64_t position)
{
    return mixed(sequenceSeed ^ mixed(static_cast<std::uint64_t>(position)));
}

template <typename Scalar>
LoraRows<Scalar> LoraRows<Scalar>::rowsBetween(std::int64_t begin, std::int64_t end) const
{
    LoraRows part = *this;
    for (Matrix<Scalar>* matrix : { &part.lowRank, &part.dLowRank, &part.dropped }) {
        *matrix = matrix->data == nullptr ? *matrix : matrix->rowsBetween(begin, end);
    }
    part.keys = keys == nullptr ? nullptr : keys + begin;
    return part;
}

template <typename Scalar>
void loraLowRank(Matrix<const Scalar> in, const LoraGroup<const Scalar>& group, const LoraRows<Scalar>& rows)
{
    if (isStacked(group, rows)) {
        const auto slots = slotOf(rows.lowRank, group.parts[0].slot, group.stackedA.rows, in.rows);
        multiplyTransposed<Scalar>(slots, in, group.stackedA, Into::Overwrite);
    }
    for (const auto& pair : group.pairs()) {
        const auto slot = slotOf(rows.lowRank, pair.slot, pair.a.rows, in.rows);
        if (!isStacked(group, rows)) {
            multiplyTransposed<Scalar>(
                slot, seenInput(in, rows, pair.target, 0, in.columns), pair.a, Into::Overwrite);
        }
        scaleRows(slot, rows.scale);
    }
}

template <typename Scalar>
void loraForward(
    Matrix<Scalar> out, Matrix<const Scalar> in, const LoraGroup<const Scalar>& group, const LoraRows<Scalar>& rows)
{
    loraLowRank(in, group, rows);
    for (const auto& pair : group.pairs()) {
        const auto slot = slotOf(rows.lowRank, pair.slot, pair.a.rows, in.rows);
        multiplyTransposed<Scalar>(
            out.columnsBetween(pair.column, pair.column + pair.b.rows), slot, pair.b, Into::Add);
    }
}

template <typename Scalar>
void loraBackwardLowRank(
    Matrix<const Scalar> dOut, const LoraGroup<const Scalar>& group, const LoraRows<Scalar>& rows)
{
    for (const auto& pair : group.pairs()) {
        const auto slot = slotOf(rows.dLowRank, pair.slot, pair.a.rows, dOut.rows);
        multiply<Scalar>(
            slot, dOut.columnsBetween(pair.column, pair.column + pair.b.rows), pair.b, Into::Overwrite);
        scaleRows(slot, rows.scale);
    }
}

template <typename Scalar>
void loraBackwardInput(Matrix<Scalar> dIn, const LoraGroup<const Scalar>& group, const LoraRows<Scalar>& rows)
{
    if (isStacked(group, rows)) {
        const auto slots = slotOf(rows.dLowRank, group.parts[0].slot, group.stackedA.rows, dIn.rows);
        return multiply<Scalar>(dIn, slots, group.stackedA, Into::Add);
    }
    for (const auto& pair : group.pairs()) {
        const auto slot = slotOf(rows.dLowRank, pair.slot, pair.a.rows, dIn.rows);
        if (!drops(rows)) {
            multiply<Scalar>(dIn, slot, pair.a, Into::Add);
            continue;
        }
        const auto dropped = rows.dropped.columnsBetween(0, dIn.columns).rowsBetween(0, dIn.rows);
        multiply<Scalar>(dropped, slot, pair.a, Into::Overwrite);
        for (std::int64_t r = 0; r < dIn.rows; ++r) {
            forMask(rows.dropout, keyOf(rows, r, pair.target), 0, dIn.columns, [&](std::int64_t i, double factor) {
                dIn.row(r)[i] += dropped.row(r)[i] * static_cast<Scalar>(factor);
            });
        }
    }
}

template <typename Scalar>
void loraBackwardWeight(const LoraGradient<Scalar>& gradient, const LoraRows<Scalar>& rows, int part, int parts)
{
    const auto& group = gradient.group;
    const std::int64_t count = gradient.in.rows;
    const auto [begin, end] = shareOf(gradient.in.columns, part, parts);
    if (isStacked(group, rows)) {
        const auto slots = slotOf(rows.dLowRank, group.parts[0].slot, group.stackedA.rows, count);
        transposedMultiply<Scalar>(group.stackedA.columnsBetween(begin, end), slots,
            gradient.in.columnsBetween(begin, end), Into::Add);
    }
    for (const auto& pair : group.pairs()) {
        if (!isStacked(group, rows)) {
            transposedMultiply<Scalar>(pair.a.columnsBetween(begin, end),
                slotOf(rows.dLowRank, pair.slot, pair.a.rows, count),
                seenInput(gradient.in, rows, pair.target, begin, end), Into::Add);
        }
        const auto [first, last] = shareOf(pair.b.rows, part, parts);
        transposedMultiply<Scalar>(pair.b.rowsBetween(first, last),
            gradient.dOut.columnsBetween(pair.column + first, pair.column + last),
            slotOf(rows.lowRank, pair.slot, pair.a.rows, count), Into::Add);
    }
}

template struct LoraRows<float>;
template struct LoraRows<double>;
template void loraForward(
    Matrix<float>, Matrix<const float>, const LoraGroup<const float>&, const LoraRows<float>&);
template void loraForward(
    Matrix<double>, Matrix<const double>, const LoraGroup<const double>&, const LoraRows<double>&);
template void loraLowRank(Matrix<const float>, const LoraGroup<const float>&, const LoraRows<float>&);
template void loraLowRank(Matrix<const double>, const LoraGroup<const double>&, const LoraRows<double>&);
template void loraBackwardLowRank(Matrix<const float>, const LoraGroup<const float>&, const LoraRows<float>&);
template void loraBackwardLowRank(Matrix<const double>, const LoraGroup<const double>&, const LoraRows<double>&);
template void loraBackwardInput(Matrix<float>, const LoraGroup<const float>&, const LoraRows<float>&);
template void loraBackwardInput(Matrix<double>, const LoraGroup<const double>&, const LoraRows<double>&);
template void loraBackwardWeight(const LoraGradient<float>&, const LoraRows<float>&, int, int);
template void loraBackwardWeight(const LoraGradient<double>&, const LoraRows<double>&, int, int);

} // namespace dubito::model
