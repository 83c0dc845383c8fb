// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/data/BatchSampler.h"

#include "backend/base/Check.h"

#include <algorithm>
#include <bit>

namespace dubito::data {

namespace {

/// The finaliser of SplitMix64: every bit of the input moves every bit of the output.
std::uint64_t mixed(std::uint64_t value)
{
    value += 0x9e3779b97f4a7c15ULL;
    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9ULL;
    value = (value ^ (value >> 27)) * 0x94d049bb133111ebULL;
    return value ^ (value >> 31);
}

} // namespace

Shuffle::Shuffle(std::uint64_t seed, std::int64_t epoch, std::int64_t size)
    : m_key(mixed(mixed(seed) ^ static_cast<std::uint64_t>(epoch)))
    , m_size(static_cast<std::uint64_t>(size))
    , m_halfBits(std::max(1, (static_cast<int>(std::bit_width(m_size - 1)) + 1) / 2))
{
    CHECK(size > 0, "nothing cannot be shuffled");
}

/// One application of the network: a bijection on [0, 4^halfBits).
std::uint64_t Shuffle::walk(std::uint64_t value) const
{
    const std::uint64_t mask = (std::uint64_t { 1 } << m_halfBits) - 1;
    std::uint64_t left = value >> m_halfBits;
    std::uint64_t right = value & mask;
    for (std::uint64_t round = 0; round < kRounds; ++round) {
        const std::uint64_t next = left ^ (mixed(m_key ^ (round << 56) ^ right) & mask);
        left = right;
        right = next;
    }
    return (left << m_halfBits) | right;
}

std::int64_t Shuffle::operator[](std::int64_t position) const
{
    CHECK(position >= 0 && static_cast<std::uint64_t>(position) < m_size, "a place outside the epoch was asked for");
    // The network covers at most four times the size: on average fewer than four steps lead back inside.
    std::uint64_t value = walk(static_cast<std::uint64_t>(position));
    while (value >= m_size) {
        value = walk(value);
    }
    return static_cast<std::int64_t>(value);
}

BatchSampler::BatchSampler(const DocumentStore& store, const SamplerOptions& options)
    : m_store(store)
    , m_options(options)
{
    CHECK(store.size() > 0, "batches cannot be cut from an empty store");
}

void BatchSampler::cut(const Cursor& from, std::int64_t rows, Batch& batch) const
{
    CHECK(rows > 0, "a batch without a document was asked for");
    CHECK(from.epoch >= 0 && from.position >= 0 && from.position <= m_store.size(), "the cursor is no place here");
    Cursor at = from;
    batch.rows = rows;
    batch.documents.clear();
    for (std::int64_t row = 0; row < rows; ++row) {
        if (at.position == m_store.size()) {
            at = { at.epoch + 1, 0 };
        }
        const bool shuffled = m_options.shuffle == config::Switch::On;
        batch.documents.push_back(
            shuffled ? Shuffle(m_options.seed, at.epoch, m_store.size())[at.position] : at.position);
        ++at.position;
    }
    batch.next = at;

    batch.lengths.clear();
    batch.weights.clear();
    batch.length = 0;
    for (const std::int64_t document : batch.documents) {
        const DocumentInfo info = m_store.info(document);
        batch.lengths.push_back(static_cast<std::int32_t>(info.tokens));
        // The scale makes the mean of the judged weights 1; what nobody judged has weight 1 already.
        batch.weights.push_back(info.labels == LabelSource::WeightOne
                ? 1.0
                : info.weight * m_options.scale.factor + m_options.scale.offset);
        batch.length = std::max(batch.length, info.tokens);
    }
    const auto cells = static_cast<std::size_t>(batch.rows * batch.length);
    batch.ids.assign(cells, m_options.padId);
    batch.targets.assign(cells, 0);
    batch.targetCount = 0;
    for (std::int64_t row = 0; row < rows; ++row) {
        addRow(row, batch);
    }
}

void BatchSampler::addRow(std::int64_t row, Batch& batch) const
{
    const std::int64_t document = batch.documents[static_cast<std::size_t>(row)];
    const DocumentInfo info = m_store.info(document);
    const std::int64_t start = row * batch.length;
    std::ranges::copy(m_store.ids(document), batch.ids.begin() + start);
    std::fill(batch.targets.begin() + start + info.firstTarget, batch.targets.begin() + start + info.tokens,
        std::uint8_t { 1 });
    batch.targetCount += info.targets();
}

} // namespace dubito::data
