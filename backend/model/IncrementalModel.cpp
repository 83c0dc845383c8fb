// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/IncrementalModel.h"

#include "backend/base/Check.h"
#include "backend/base/SignalShield.h"
#include "backend/model/Embedding.h"
#include "backend/model/RmsNorm.h"
#include "backend/model/Softmax.h"
#include "backend/model/SwiGlu.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace dubito::model {

namespace {

/// Hands out matrices of one block, each at a cache line; without a block it only counts.
class Carver {
public:
    explicit Carver(float* base) : m_base(base) { }

    Matrix<float> matrix(std::int64_t rows, std::int64_t columns)
    {
        const std::int64_t stride = (columns + kGrain - 1) / kGrain * kGrain;
        float* const place = m_base == nullptr ? nullptr : m_base + m_count;
        m_count += rows * stride;
        return { place, rows, columns, stride };
    }

    std::int64_t count() const { return m_count; }

private:
    float* m_base;
    std::int64_t m_count = 0;
};

} // namespace

IncrementalModel::IncrementalModel(const ModelConfig& config, KeyValueCache cache, Parallel& parallel)
    : m_config(config)
    , m_cache(std::move(cache))
    , m_parallel(parallel)
{
}

Result<IncrementalModel> IncrementalModel::create(const ModelConfig& config, const ReadingWeights& weights,
    std::int64_t context, TensorMemory& memory, Parallel& parallel)
{
    if (auto checked = checkModelConfig(config, "model"); !checked) {
        return checked.error();
    }
    if (auto length = checkLength(config, context); !length) {
        return length.error();
    }
    auto cache = KeyValueCache::create(config, context, memory);
    if (!cache) {
        return cache.error();
    }
    IncrementalModel model(config, std::move(*cache), parallel);
    if (auto taken = model.takeRoom(weights, memory); !taken) {
        return taken.error();
    }
    model.bind(weights);
    return model;
}

Result<void> IncrementalModel::takeRoom(const ReadingWeights& weights, TensorMemory& memory)
{
    const std::int64_t lowRank = weights.lora == nullptr ? 0 : weights.lora->width();
    const auto cut = [&](float* base) {
        Carver carver(base);
        m_stream = carver.matrix(kRows, m_config.hidden);
        m_normed = carver.matrix(kRows, m_config.hidden);
        m_qkv = carver.matrix(kRows, m_config.queryWidth() + 2 * m_config.keyWidth());
        m_attended = carver.matrix(kRows, m_config.queryWidth());
        m_gateUp = carver.matrix(kRows, 2 * m_config.intermediate);
        m_activated = carver.matrix(kRows, m_config.intermediate);
        m_inverse = carver.matrix(1, kRows).data;
        m_rope.cosine = carver.matrix(m_cache.capacity(), m_config.headDim / 2);
        m_rope.sine = carver.matrix(m_cache.capacity(), m_config.headDim / 2);
        m_lora.lowRank = carver.matrix(kRows, lowRank);
        m_scores.clear();
        for (int thread = 0; thread < m_parallel.threads(); ++thread) {
            m_scores.push_back(carver.matrix(kRows, m_cache.capacity()));
        }
        return carver.count();
    };
    auto room = Tensor<float>::create(memory, cut(nullptr), Category::Activations);
    if (!room) {
        return room.error();
    }
    m_room = std::move(*room);
    cut(m_room.data());
    fillRopeTable(m_rope, ropeFrequencies(m_config.rope, m_config.headDim));
    m_positions.resize(kRows);
    return {};
}

void IncrementalModel::bind(const ReadingWeights& weights)
{
    const auto layout = ParameterLayout::of(m_config);
    m_ends = endParametersOf(layout, weights.place);
    for (std::int64_t layer = 0; layer < m_config.layers; ++layer) {
        m_layers.push_back(layerParametersOf(layout, weights.place, layer));
    }
    if (weights.lora == nullptr) {
        return;
    }
    m_lora.scale = static_cast<float>(weights.lora->scale());
    const auto adapterLayout = ParameterLayout::ofAdapter(m_config, *weights.lora);
    for (std::int64_t layer = 0; layer < m_config.layers; ++layer) {
        m_layers[static_cast<std::size_t>(layer)].adapters
            = layerAdaptersOf(adapterLayout, m_config, weights.adapter, layer);
    }
}

void IncrementalModel::read(std::span<const std::int32_t> ids, std::span<float> logits)
{
    CHECK(!ids.empty() && static_cast<std::int64_t>(ids.size()) <= room(), "tokens for which there is room");
    CHECK(static_cast<std::int64_t>(logits.size()) == m_config.vocabulary, "room for all logits");
    const SignalShield shield;
    std::int64_t rows = 0;
    for (std::size_t begin = 0; begin < ids.size(); begin += kRows) {
        const auto piece = ids.subspan(begin, std::min<std::size_t>(kRows, ids.size() - begin));
        rows = static_cast<std::int64_t>(piece.size());
        readRows(piece);
    }
    predict(rows - 1, logits);
}

void IncrementalModel::readRows(std::span<const std::int32_t> ids)
{
    const auto rows = static_cast<std::int64_t>(ids.size());
    for (const std::int32_t id : ids) {
        CHECK(id >= 0 && id < m_config.vocabulary, "a token that the model knows");
    }
    if (m_ends.narrowEmbedding != nullptr) {
        embeddingForward<float>(m_stream.rowsBetween(0, rows), ids.data(), m_ends.narrowEmbedding);
    } else {
        embeddingForward<float>(m_stream.rowsBetween(0, rows), ids.data(), m_ends.embedding);
    }
    for (std::int64_t r = 0; r < rows; ++r) {
        m_positions[static_cast<std::size_t>(r)] = static_cast<std::int32_t>(m_cache.length() + r);
    }
    for (std::int64_t layer = 0; layer < m_config.layers; ++layer) {
        readLayer(layer, rows);
    }
    m_cache.advance(rows);
}

/// The columns of the result are cut between the threads: one row has no other side to cut.
void IncrementalModel::project(
    Matrix<float> out, Matrix<const float> in, std::span<const Projection<const float>> projections, Into into)
{
    std::int64_t column = 0;
    for (const auto& projection : projections) {
        const std::int64_t width = projection.weight.rows;
        m_parallel.forSlices(width, kGrain, [&](std::int64_t begin, std::int64_t end, int) {
            linearForward<float>(
                out.columnsBetween(column + begin, column + end), in, projection.rowsBetween(begin, end), into);
        });
        column += width;
    }
}

/// On this thread alone: a low rank is little work.
void IncrementalModel::adapt(Matrix<float> out, Matrix<const float> in, const LoraGroup<const float>& group)
{
    if (group.count > 0) {
        loraForward<float>(out, in, group, m_lora);
    }
}

void IncrementalModel::readLayer(std::int64_t layer, std::int64_t rows)
{
    const auto& parameters = m_layers[static_cast<std::size_t>(layer)];
    const auto stream = m_stream.rowsBetween(0, rows);
    const auto normed = m_normed.rowsBetween(0, rows);
    const auto qkv = m_qkv.rowsBetween(0, rows);
    rmsNormForward<float>(normed, m_inverse, stream, { parameters.inputNorm, m_config.rmsEps });
    project(qkv, normed, parameters.qkv.projections(), Into::Overwrite);
    adapt(qkv, normed, parameters.adapters.qkv);
    ropeForward<float>(
        qkv.columnsBetween(0, m_config.queryWidth() + m_config.keyWidth()), m_positions.data(), m_rope);
    attend(layer, rows);
    project(stream, m_attended.rowsBetween(0, rows), std::span(&parameters.output, 1), Into::Add);
    adapt(stream, m_attended.rowsBetween(0, rows), parameters.adapters.output);

    const auto gateUp = m_gateUp.rowsBetween(0, rows);
    const auto activated = m_activated.rowsBetween(0, rows);
    rmsNormForward<float>(normed, m_inverse, stream, { parameters.attentionNorm, m_config.rmsEps });
    project(gateUp, normed, parameters.gateUp.projections(), Into::Overwrite);
    adapt(gateUp, normed, parameters.adapters.gateUp);
    swiGluForward<float>(activated, gateUp);
    project(stream, activated, std::span(&parameters.down, 1), Into::Add);
    adapt(stream, activated, parameters.adapters.down);
}

/// Puts the new keys and values beside the old ones, and lets every new row look at all of them that are not later.
void IncrementalModel::attend(std::int64_t layer, std::int64_t rows)
{
    const std::int64_t D = m_config.headDim;
    const std::int64_t before = m_cache.length();
    const std::int64_t seen = before + rows;
    const auto qkv = m_qkv.rowsBetween(0, rows);
    const auto keys = m_cache.keys(layer).rowsBetween(0, seen);
    const auto values = m_cache.values(layer).rowsBetween(0, seen);
    const std::int64_t keyWidth = m_config.keyWidth();
    for (std::int64_t r = 0; r < rows; ++r) {
        const float* key = qkv.row(r) + m_config.queryWidth();
        std::copy_n(key, keyWidth, keys.row(before + r));
        std::copy_n(key + keyWidth, keyWidth, values.row(before + r));
    }
    const auto scale = static_cast<float>(1 / std::sqrt(static_cast<double>(D)));
    const std::int64_t group = m_config.heads / m_config.kvHeads;
    m_parallel.forSlices(m_config.heads, [&](std::int64_t begin, std::int64_t end, int thread) {
        const auto room = m_scores[static_cast<std::size_t>(thread)];
        const Matrix<float> scores(room.data, rows, seen, room.stride);
        for (std::int64_t head = begin; head < end; ++head) {
            const std::int64_t kv = head / group * D;
            multiplyTransposed<float>(
                scores, qkv.columnsBetween(head * D, (head + 1) * D), keys.columnsBetween(kv, kv + D), Into::Overwrite);
            softmaxForward<float>(scores, before + 1, scale);
            multiply<float>(m_attended.rowsBetween(0, rows).columnsBetween(head * D, (head + 1) * D), scores,
                values.columnsBetween(kv, kv + D), Into::Overwrite);
        }
    });
}

void IncrementalModel::predict(std::int64_t row, std::span<float> logits)
{
    const auto normed = m_normed.rowsBetween(0, 1);
    rmsNormForward<float>(normed, m_inverse, m_stream.rowsBetween(row, row + 1), { m_ends.norm, m_config.rmsEps });
    const Matrix<float> out(logits.data(), 1, m_config.vocabulary);
    const auto head = m_ends.headProjection();
    project(out, normed, std::span(&head, 1), Into::Overwrite);
}

} // namespace dubito::model
