// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Parallel.h"
#include "backend/model/LayerParameters.h"
#include "backend/model/PackedRows.h"
#include "backend/model/WorkingMemory.h"

#include <algorithm>
#include <cstdint>

namespace dubito::model {

/// What every layer of a pass shares: the rows, the shapes, the threads and the room to work in.
template <typename Scalar>
struct LayerContext {
    const ModelConfig& config;
    const PackedRows& rows;
    const WorkingMemory<Scalar>& memory;
    Parallel& parallel;
    double loraScale = 1; ///< of the adapters, where there are some
    LoraDropout loraDropout {};

    HeadShape heads() const { return { config.heads, config.kvHeads, config.headDim }; }
};

/// The gradient of a norm's weight, summed over slices of rows: one row of the memory per thread, added up in the order of
/// the threads, so that the sum is always the same.
template <typename Scalar>
class NormPartials {
public:
    /// All zero.
    explicit NormPartials(const LayerContext<Scalar>& context)
        : m_partials(context.memory.normPartials)
    {
        std::fill_n(m_partials.data, m_partials.rows * m_partials.stride, Scalar { 0 });
    }

    /// (C), of one thread.
    Scalar* row(int thread) const { return m_partials.row(thread); }

    /// Nothing for the norm of a frozen layer, which has no gradient.
    void addTo(Scalar* gradient) const
    {
        if (gradient == nullptr) {
            return;
        }
        for (std::int64_t thread = 0; thread < m_partials.rows; ++thread) {
            for (std::int64_t i = 0; i < m_partials.columns; ++i) {
                gradient[i] += m_partials.row(thread)[i];
            }
        }
    }

private:
    Matrix<Scalar> m_partials;
};

/// x + attention(norm(x)), then + mlp(norm(…)): fills `activations`, whose `input` (N, C) is given, and out (N, C).
///
/// Everything that concerns one row (norms, products, rotation, activation) runs as one region on slices of rows, so a
/// thread finds its rows in its own cache; only attention crosses rows. Two regions and attention: three barriers.
template <typename Scalar>
void decoderLayerForward(const LayerContext<Scalar>& context, const LayerParameters<const Scalar>& parameters,
    const LayerActivations<Scalar>& activations, Matrix<Scalar> out);

/// The same without `out`: what the way back needs, computed again from `input` to the same bits.
template <typename Scalar>
void decoderLayerActivations(const LayerContext<Scalar>& context, const LayerParameters<const Scalar>& parameters,
    const LayerActivations<Scalar>& activations);

/// Adds the layer's gradients; the memory's `stream` (N, C) comes in as the gradient of the output and leaves as that of
/// the input. The gate and up activations are used up. Gradients without data are of frozen parameters: no product is
/// spent on them, and the way ends where `gradients.reach` says that nothing below is trained.
template <typename Scalar>
void decoderLayerBackward(const LayerContext<Scalar>& context, const LayerParameters<const Scalar>& parameters,
    const LayerParameters<Scalar>& gradients, const LayerActivations<Scalar>& activations);

} // namespace dubito::model
