// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/Lora.h"

#include "backend/model/Bf16Gemm.h"

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
Operand<Scalar> seenInput(const Operand<Scalar>& operand, const LoraRows<Scalar>& rows, LoraTarget target,
    std::int64_t begin, std::int64_t end)
{
    if (!drops(rows)) {
        return operand.columnsBetween(begin, end);
    }
    const Matrix<const Scalar>& in = operand.values;
    const auto dropped = rows.dropped.columnsBetween(begin, end).rowsBetween(0, in.rows);
    for (std::int64_t r = 0; r < in.rows; ++r) {
        forMask(rows.dropout, keyOf(rows, r, target), begin, end, [&](std::int64_t i, double factor) {
            dropped.row(r)[i - begin] = in.row(r)[i] * static_cast<Scalar>(factor);
        });
    }
    return dropped;
}

template <typename T>
Matrix<T> slotOf(Matrix<T> lowRank, std::int64_t slot, std::int64_t width, std::int64_t rows)
{
    return lowRank.columnsBetween(slot, slot + width).rowsBetween(0, rows);
}

/// Low-rank rows as an operand: with their copy, unless inputs are dropped.
template <typename Scalar>
Operand<Scalar> slotOperand(
    Matrix<Scalar> slot, Matrix<Bf16> narrow, const LoraRows<Scalar>& rows, std::int64_t first, std::int64_t count)
{
    if (narrow.data == nullptr || drops(rows)) {
        return slot;
    }
    return { slot, slotOf(narrow, first, slot.columns, count) };
}

/// The same, and makes the copy.
template <typename Scalar>
void narrowSlot(Matrix<Scalar> slot, Matrix<Bf16> narrow, const LoraRows<Scalar>& rows, std::int64_t first)
{
    if (narrow.data != nullptr && !drops(rows)) {
        narrowOperand<Scalar>(slot, slotOf(narrow, first, slot.columns, slot.rows), 0);
    }
}

/// The three products of Gemm.h, in BF16 where both operands have it.
template <typename Scalar>
void timesTransposed(Matrix<Scalar> out, const OperandOf<Scalar>& a, const OperandOf<Scalar>& b, Into into)
{
    narrowWhereBoth<Scalar>(a, b, [&](auto left, auto right) { multiplyTransposed(out, left, right, into); });
}

template <typename Scalar>
void times(Matrix<Scalar> out, const OperandOf<Scalar>& a, const OperandOf<Scalar>& b, Into into)
{
    narrowWhereBoth<Scalar>(a, b, [&](auto left, auto right) { multiply(out, left, right, into); });
}

template <typename Scalar>
void addSummed(Matrix<Scalar> out, const OperandOf<Scalar>& a, const OperandOf<Scalar>& b)
{
    narrowWhereBoth<Scalar>(a, b, [&](auto left, auto right) { transposedMultiply(out, left, right, Into::Add); });
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
    for (Matrix<Bf16>* matrix : { &part.narrowLowRank, &part.narrowDLowRank }) {
        *matrix = matrix->data == nullptr ? *matrix : matrix->rowsBetween(begin, end);
    }
    part.keys = keys == nullptr ? nullptr : keys + begin;
    return part;
}

template <typename Scalar>
void loraLowRank(
    const OperandOf<Scalar>& in, const LoraGroup<const Scalar>& group, const LoraRows<Scalar>& rows)
{
    const std::int64_t count = in.values.rows;
    if (isStacked(group, rows)) {
        const auto slots = slotOf(rows.lowRank, group.parts[0].slot, group.stackedA.rows, count);
        timesTransposed<Scalar>(slots, in, { group.stackedA, group.narrowStackedA }, Into::Overwrite);
    }
    for (const auto& pair : group.pairs()) {
        const auto slot = slotOf(rows.lowRank, pair.slot, pair.a.rows, count);
        if (!isStacked(group, rows)) {
            const auto seen = seenInput(in, rows, pair.target, 0, in.values.columns);
            timesTransposed<Scalar>(slot, seen, { pair.a, pair.narrowA }, Into::Overwrite);
        }
        scaleRows(slot, rows.scale);
        narrowSlot(slot, rows.narrowLowRank, rows, pair.slot);
    }
}

template <typename Scalar>
void loraForward(Matrix<Scalar> out, const OperandOf<Scalar>& in, const LoraGroup<const Scalar>& group,
    const LoraRows<Scalar>& rows)
{
    loraLowRank<Scalar>(in, group, rows);
    for (const auto& pair : group.pairs()) {
        const auto slot = slotOf(rows.lowRank, pair.slot, pair.a.rows, out.rows);
        timesTransposed<Scalar>(out.columnsBetween(pair.column, pair.column + pair.b.rows),
            slotOperand(slot, rows.narrowLowRank, rows, pair.slot, out.rows), { pair.b, pair.narrowB }, Into::Add);
    }
}

template <typename Scalar>
void loraBackwardLowRank(
    const OperandOf<Scalar>& dOut, const LoraGroup<const Scalar>& group, const LoraRows<Scalar>& rows)
{
    const std::int64_t count = dOut.values.rows;
    for (const auto& pair : group.pairs()) {
        const auto slot = slotOf(rows.dLowRank, pair.slot, pair.a.rows, count);
        times<Scalar>(slot, dOut.columnsBetween(pair.column, pair.column + pair.b.rows), { pair.b, pair.narrowB },
            Into::Overwrite);
        scaleRows(slot, rows.scale);
        narrowSlot(slot, rows.narrowDLowRank, rows, pair.slot);
        narrowSlot(slotOf(rows.lowRank, pair.slot, pair.a.rows, count), rows.narrowLowRank, rows, pair.slot);
    }
}

template <typename Scalar>
void loraBackwardInput(Matrix<Scalar> dIn, const LoraGroup<const Scalar>& group, const LoraRows<Scalar>& rows)
{
    if (isStacked(group, rows)) {
        const auto slots = slotOf(rows.dLowRank, group.parts[0].slot, group.stackedA.rows, dIn.rows);
        return times<Scalar>(dIn, slotOperand(slots, rows.narrowDLowRank, rows, group.parts[0].slot, dIn.rows),
            { group.stackedA, group.narrowStackedA }, Into::Add);
    }
    for (const auto& pair : group.pairs()) {
        const auto slot = slotOf(rows.dLowRank, pair.slot, pair.a.rows, dIn.rows);
        if (!drops(rows)) {
            times<Scalar>(dIn, slotOperand(slot, rows.narrowDLowRank, rows, pair.slot, dIn.rows),
                { pair.a, pair.narrowA }, Into::Add);
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
    const auto& [group, dOut, in] = gradient;
    const std::int64_t count = in.values.rows;
    const auto [begin, end] = shareOf(in.values.columns, part, parts);
    const auto slotsOf = [&](Matrix<Scalar> lowRank, Matrix<Bf16> narrow, std::int64_t slot, std::int64_t width) {
        return slotOperand(slotOf(lowRank, slot, width, count), narrow, rows, slot, paddedRows(count));
    };
    if (isStacked(group, rows)) {
        const auto slots = slotsOf(rows.dLowRank, rows.narrowDLowRank, group.parts[0].slot, group.stackedA.rows);
        addSummed<Scalar>(group.stackedA.columnsBetween(begin, end), slots, in.columnsBetween(begin, end));
    }
    for (const auto& pair : group.pairs()) {
        const std::int64_t rank = pair.a.rows;
        if (!isStacked(group, rows)) {
            addSummed<Scalar>(pair.a.columnsBetween(begin, end),
                slotsOf(rows.dLowRank, rows.narrowDLowRank, pair.slot, rank),
                seenInput(in, rows, pair.target, begin, end));
        }
        const auto [first, last] = shareOf(pair.b.rows, part, parts);
        addSummed<Scalar>(pair.b.rowsBetween(first, last),
            dOut.columnsBetween(pair.column + first, pair.column + last),
            slotsOf(rows.lowRank, rows.narrowLowRank, pair.slot, rank));
    }
}

template struct LoraRows<float>;
template struct LoraRows<double>;
template void loraForward(
    Matrix<float>, const Operand<float>&, const LoraGroup<const float>&, const LoraRows<float>&);
template void loraForward(
    Matrix<double>, const Operand<double>&, const LoraGroup<const double>&, const LoraRows<double>&);
template void loraLowRank(const Operand<float>&, const LoraGroup<const float>&, const LoraRows<float>&);
template void loraLowRank(const Operand<double>&, const LoraGroup<const double>&, const LoraRows<double>&);
template void loraBackwardLowRank(const Operand<float>&, const LoraGroup<const float>&, const LoraRows<float>&);
template void loraBackwardLowRank(const Operand<double>&, const LoraGroup<const double>&, const LoraRows<double>&);
template void loraBackwardInput(Matrix<float>, const LoraGroup<const float>&, const LoraRows<float>&);
template void loraBackwardInput(Matrix<double>, const LoraGroup<const double>&, const LoraRows<double>&);
template void loraBackwardWeight(const LoraGradient<float>&, const LoraRows<float>&, int, int);
template void loraBackwardWeight(const LoraGradient<double>&, const LoraRows<double>&, int, int);

} // namespace dubito::model
