// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/model/Linear.h"
#include "backend/model/LoraConfig.h"
#include "backend/model/Tensor.h"

#include <array>
#include <cstdint>
#include <span>

namespace dubito::model {

/// The two matrices of one projection's adapter, or their gradients.
template <typename T>
struct LoraPair {
    LoraTarget target = LoraTarget::Query;
    Matrix<T> a; ///< (r, K)
    Matrix<T> b; ///< (C, r)
    std::int64_t column = 0; ///< of the projection's outputs in the buffer that its group shares
    std::int64_t slot = 0; ///< of its r columns in the low-rank buffers
    /// The same as BF16, where products run in it.
    Matrix<const Bf16> narrowA {};
    Matrix<const Bf16> narrowB {};
};

/// The adapters of projections that share their input: at most q, k and v.
template <typename T>
struct LoraGroup {
    std::array<LoraPair<T>, 3> parts;
    std::size_t count = 0;
    /// All A of the group as one matrix, where they follow each other without a gap; else without data.
    Matrix<T> stackedA;
    Matrix<const Bf16> narrowStackedA {};

    std::span<const LoraPair<T>> pairs() const { return { parts.data(), count }; }
};

/// Which inputs of an adapter are left out: a function of the sequence's seed, the position, the layer, the target and the
/// column alone, so that it is the same however a batch is cut, and again on the way back.
struct LoraDropout {
    std::uint32_t threshold = 0; ///< of 65536; an input whose 16 bits are below it is left out
    double keptFactor = 1; ///< what is kept is multiplied by this

    bool isOn() const { return threshold > 0; }
    static LoraDropout of(double share);
};

/// Rows on their way through the adapters of one layer.
template <typename Scalar>
struct LoraRows {
    Scalar scale = 1;
    LoraDropout dropout;
    std::int64_t layer = 0;
    Matrix<Scalar> lowRank; ///< (N, R): scale · drop(x) · Aᵀ, kept from forward for the way back
    Matrix<Scalar> dLowRank; ///< (N, R): scale · dY · B
    Matrix<Scalar> dropped; ///< (N, at least K): scratch, with dropout alone
    const std::uint64_t* keys = nullptr; ///< (N): one for each sequence and position; nullptr: nothing is dropped
    /// Copies as BF16 where products run in it, which those of dropped inputs never do. Rows up to paddedRows(N), the
    /// padding 0.
    Matrix<Bf16> narrowLowRank {};
    Matrix<Bf16> narrowDLowRank {};

    LoraRows rowsBetween(std::int64_t begin, std::int64_t end) const;
};

/// out (N, all C) += scale · drop(in (N, K)) · Aᵀ · Bᵀ for every pair of the group.
template <typename Scalar>
void loraForward(Matrix<Scalar> out, const OperandOf<Scalar>& in, const LoraGroup<const Scalar>& group,
    const LoraRows<Scalar>& rows);

/// lowRank = scale · drop(in) · Aᵀ: the first half of loraForward(), for a way back that kept nothing of it.
template <typename Scalar>
void loraLowRank(
    const OperandOf<Scalar>& in, const LoraGroup<const Scalar>& group, const LoraRows<Scalar>& rows);

/// dLowRank = scale · dOut · B: what both other ways back begin with. Copies lowRank as BF16 again, because other layers
/// have used its room.
template <typename Scalar>
void loraBackwardLowRank(
    const OperandOf<Scalar>& dOut, const LoraGroup<const Scalar>& group, const LoraRows<Scalar>& rows);

/// dIn (N, K) += drop(dLowRank · A).
template <typename Scalar>
void loraBackwardInput(Matrix<Scalar> dIn, const LoraGroup<const Scalar>& group, const LoraRows<Scalar>& rows);

/// Adds share `part` of `parts` of dA = dLowRankᵀ · drop(in) and dB = dOutᵀ · lowRank into the gradients.
template <typename Scalar>
struct LoraGradient {
    const LoraGroup<Scalar>& group;
    Operand<Scalar> dOut; ///< narrow ones: as LinearGradient has them
    Operand<Scalar> in;
};

template <typename Scalar>
void loraBackwardWeight(const LoraGradient<Scalar>& gradient, const LoraRows<Scalar>& rows, int part, int parts);

/// The key of a position of a sequence with this seed.
std::uint64_t loraKey(std::uint64_t sequenceSeed, std::int64_t position);

} // namespace dubito::model
