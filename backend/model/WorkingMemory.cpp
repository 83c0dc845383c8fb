// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/WorkingMemory.h"

#include "backend/model/Gemm.h"
#include "backend/model/TiledAttention.h"

#include <algorithm>
#include <cstddef>

namespace dubito::model {

namespace {

/// However large the vocabulary is.
constexpr std::int64_t kFewestLogitRows = 4;

/// Cuts a block into arrays at cache lines; without a block it only adds up.
class Carver {
public:
    explicit Carver(std::byte* base) : m_base(base) { }

    template <typename T>
    T* take(std::int64_t count)
    {
        constexpr std::int64_t kLine = 64;
        std::byte* const place = m_base == nullptr ? nullptr : m_base + m_bytes;
        m_bytes += (count * static_cast<std::int64_t>(sizeof(T)) + kLine - 1) / kLine * kLine;
        return reinterpret_cast<T*>(place);
    }

    /// Rows whose length is a multiple of 2 KiB would all meet in a few sets of the cache, which costs a transposed
    /// product a tenth of its speed: they are kept a line apart from that.
    template <typename T>
    Matrix<T> matrix(std::int64_t rows, std::int64_t columns)
    {
        constexpr std::int64_t kResonance = 2048 / sizeof(T);
        constexpr std::int64_t kLine = 64 / sizeof(T);
        const std::int64_t stride = columns % kResonance == 0 ? columns + kLine : columns;
        return { take<T>(rows * stride), rows, columns, stride };
    }

    std::int64_t bytes() const { return m_bytes; }

private:
    std::byte* m_base;
    std::int64_t m_bytes = 0;
};

/// Rows of a chunk, so that all chunks are about equal.
std::int64_t logitRows(const ModelConfig& config, const WorkingShape& shape)
{
    const std::int64_t rows = shape.rows;
    const std::int64_t most = std::max(kFewestLogitRows, shape.logitsAtOnce / config.vocabulary);
    const std::int64_t chunks = (rows + most - 1) / most;
    return chunks == 0 ? 0 : (rows + chunks - 1) / chunks;
}

template <typename Scalar>
LayerActivations<Scalar> cutLayer(Carver& carver, const ModelConfig& config, const WorkingShape& shape)
{
    const std::int64_t rows = shape.rows;
    LayerActivations<Scalar> layer;
    layer.qkv = carver.matrix<Scalar>(rows, config.queryWidth() + 2 * config.keyWidth());
    layer.attended = carver.matrix<Scalar>(rows, config.queryWidth());
    layer.middle = carver.matrix<Scalar>(rows, config.hidden);
    layer.gateUp = carver.matrix<Scalar>(rows, 2 * config.intermediate);
    layer.inputInverse = carver.take<Scalar>(rows);
    layer.middleInverse = carver.take<Scalar>(rows);
    if (shape.lowRank > 0) {
        layer.lowRank = carver.matrix<Scalar>(rows, shape.lowRank);
    }
    return layer;
}

/// Backward: each layer its own, or its own input alone. Forward: all share one, and the stream goes back and forth between two buffers.
template <typename Scalar>
void cutLayers(WorkingMemory<Scalar>& memory, Carver& carver, const ModelConfig& config)
{
    const std::int64_t rows = memory.shape.rows;
    memory.layers.clear();
    for (std::int64_t l = 0; l < config.layers; ++l) {
        const bool ownInput = memory.shape.pass == Pass::Backward;
        const bool own = ownInput && memory.shape.options.recompute == Recompute::Off;
        memory.layers.push_back(own || l == 0 ? cutLayer<Scalar>(carver, config, memory.shape) : memory.layers[0]);
        memory.layers.back().input = ownInput || l < 2 ? carver.matrix<Scalar>(rows, config.hidden)
                                                  : memory.layers[static_cast<std::size_t>(l - 2)].input;
    }
    memory.output = carver.matrix<Scalar>(rows, config.hidden);
}

template <typename Scalar>
void cutGradients(WorkingMemory<Scalar>& memory, Carver& carver, const ModelConfig& config)
{
    const std::int64_t rows = memory.shape.rows;
    memory.stream = carver.matrix<Scalar>(rows, config.hidden);
    memory.dMiddle = carver.matrix<Scalar>(rows, config.hidden);
    memory.dNormed = carver.matrix<Scalar>(rows, config.hidden);
    memory.dQkv = carver.matrix<Scalar>(rows, config.queryWidth() + 2 * config.keyWidth());
    memory.dAttended = carver.matrix<Scalar>(rows, config.queryWidth());
    // A chunk's padding reaches over the rows of the next.
    const bool narrows = memory.shape.options.products == Products::Bf16;
    const std::int64_t padding = narrows ? paddedRows(logitRows(config, memory.shape)) : 0;
    memory.dHeadInput = carver.matrix<Scalar>(rows + padding, config.hidden);
    if (memory.shape.lowRank > 0) {
        memory.dLowRank = carver.matrix<Scalar>(rows, memory.shape.lowRank);
    }
    if (memory.shape.dropped > 0) {
        memory.dropped = carver.matrix<Scalar>(rows, memory.shape.dropped);
    }
    memory.normPartials = carver.matrix<Scalar>(memory.shape.threads, config.hidden);
}

void cutNarrow(NarrowOperands& narrow, Carver& carver, const ModelConfig& config, const WorkingShape& shape)
{
    const std::int64_t rows = paddedRows(shape.rows);
    narrow.normed = carver.matrix<Bf16>(rows, config.hidden);
    narrow.attended = carver.matrix<Bf16>(rows, config.queryWidth());
    narrow.activated = carver.matrix<Bf16>(rows, config.intermediate);
    // A chunk's padding reaches over the rows of the next.
    narrow.headInput = carver.matrix<Bf16>(rows + paddedRows(logitRows(config, shape)), config.hidden);
    if (shape.lowRank > 0) {
        narrow.lowRank = carver.matrix<Bf16>(rows, shape.lowRank);
        narrow.dLowRank = carver.matrix<Bf16>(rows, shape.lowRank);
    }
    if (shape.pass == Pass::Backward) {
        narrow.stream = carver.matrix<Bf16>(rows, config.hidden);
        narrow.dGateUp = carver.matrix<Bf16>(rows, 2 * config.intermediate);
        narrow.dMiddle = carver.matrix<Bf16>(rows, config.hidden);
        narrow.dQkv = carver.matrix<Bf16>(rows, config.queryWidth() + 2 * config.keyWidth());
    }
}

template <typename Scalar>
void cut(WorkingMemory<Scalar>& memory, Carver& carver, const ModelConfig& config)
{
    const std::int64_t rows = memory.shape.rows;
    cutLayers(memory, carver, config);
    memory.normed = carver.matrix<Scalar>(rows, config.hidden);
    memory.activated = carver.matrix<Scalar>(rows, config.intermediate);
    if (memory.shape.pass == Pass::Backward) {
        cutGradients(memory, carver, config);
    }
    memory.headInput = carver.matrix<Scalar>(rows, config.hidden);
    memory.headInverse = carver.take<Scalar>(rows);
    memory.coefficients = carver.take<Scalar>(rows);
    memory.losses = carver.take<double>(rows);
    memory.sums = carver.take<double>(rows);
    const bool narrows = memory.shape.options.products == Products::Bf16;
    const std::int64_t chunk = logitRows(config, memory.shape);
    memory.logits = carver.matrix<Scalar>(narrows ? paddedRows(chunk) : chunk, config.vocabulary);
    memory.chunkRows = chunk;
    if (narrows) {
        cutNarrow(memory.narrow, carver, config, memory.shape);
    }
    memory.rope.cosine = carver.matrix<Scalar>(memory.shape.T, config.headDim / 2);
    memory.rope.sine = carver.matrix<Scalar>(memory.shape.T, config.headDim / 2);
    const std::int64_t columns = AttentionScratch<Scalar>::columnsFor(memory.shape.T);
    memory.attention.clear();
    for (int thread = 0; thread < memory.shape.threads; ++thread) {
        const auto scores = carver.matrix<Scalar>(AttentionScratch<Scalar>::kBlockRows, columns);
        const bool needsGradients = memory.shape.pass == Pass::Backward;
        memory.attention.push_back({ scores,
            needsGradients ? carver.matrix<Scalar>(AttentionScratch<Scalar>::kBlockRows, columns)
                           : Matrix<Scalar> {} });
        if (narrows && bf16Support() == Bf16Support::Amx) {
            const auto room = TiledAttentionRoom::of(memory.shape.T, config.headDim);
            memory.attention.back().tiles = carver.take<Tile>(room.tiles);
            memory.attention.back().numbers = carver.take<Bf16>(room.numbers);
        }
    }
}

void clearRows(Matrix<Bf16> matrix, std::int64_t begin, std::int64_t end)
{
    for (std::int64_t row = begin; row < end; ++row) {
        std::fill_n(matrix.row(row), matrix.columns, Bf16 { 0 });
    }
}

} // namespace

WorkingShape WorkingShape::with(const LoraConfig& lora, const ModelConfig& config) const
{
    WorkingShape shape = *this;
    if (lora.isOn()) {
        shape.lowRank = lora.width();
        shape.dropped = lora.dropout > 0 ? lora.widestInput(config) : 0;
    }
    return shape;
}

void NarrowOperands::clearPadding(std::int64_t rows, std::int64_t targets) const
{
    for (const auto& matrix : { normed, attended, activated, stream, dGateUp, dMiddle, dQkv, lowRank, dLowRank }) {
        clearRows(matrix, rows, matrix.data == nullptr ? rows : paddedRows(rows));
    }
    clearRows(headInput, targets, headInput.rows);
}

template <typename Scalar>
Result<WorkingMemory<Scalar>> WorkingMemory<Scalar>::create(
    const ModelConfig& config, const WorkingShape& shape, TensorMemory& memory)
{
    auto block = memory.allocate(static_cast<std::size_t>(bytesFor(config, shape)), Category::Activations);
    if (!block) {
        return block.error();
    }
    WorkingMemory working;
    working.shape = shape;
    working.block = std::move(*block);
    Carver carver(working.block.data());
    cut(working, carver, config);
    fillRopeTable(working.rope, ropeFrequencies(config.rope, config.headDim));
    return working;
}

template <typename Scalar>
std::int64_t WorkingMemory<Scalar>::bytesFor(const ModelConfig& config, const WorkingShape& shape)
{
    WorkingMemory measured;
    measured.shape = shape;
    Carver carver(nullptr);
    cut(measured, carver, config);
    return carver.bytes();
}

template struct WorkingMemory<float>;
template struct WorkingMemory<double>;

} // namespace dubito::model
