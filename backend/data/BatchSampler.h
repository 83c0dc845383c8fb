// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/config/Config.h"
#include "backend/data/Batch.h"
#include "backend/data/DocumentStore.h"

#include <cstdint>

namespace dubito::data {

/// A reproducible order of [0, size) for each (seed, epoch), computed place by place: a Feistel network on the next
/// power of four, walked until it falls inside. It holds no table, so a corpus of any size costs nothing.
class Shuffle {
public:
    /// Requires: size > 0.
    Shuffle(std::uint64_t seed, std::int64_t epoch, std::int64_t size);

    /// The document at `position` of the epoch. Requires: 0 <= position < size.
    std::int64_t operator[](std::int64_t position) const;

private:
    static constexpr int kRounds = 6;

    std::uint64_t walk(std::uint64_t value) const;

    std::uint64_t m_key;
    std::uint64_t m_size;
    int m_halfBits;
};

/// weight * factor + offset: from the weights of the store to weights whose mean is 1. See distrust::WeightMean.
struct WeightScale {
    double factor = 1;
    double offset = 0;

    friend bool operator==(const WeightScale&, const WeightScale&) = default;
};

struct SamplerOptions {
    std::uint64_t seed = 42;
    config::Switch shuffle = config::Switch::On; ///< off: the order of the corpus, every epoch
    std::int32_t padId = 0;
    WeightScale scale {};
};

/// Deals the documents of a sealed store out in batches that are always full: the last one of an epoch goes on into the
/// next epoch.
///
/// The order depends on seed and epoch alone, not on the batch size: a smaller batch cuts the same order into smaller
/// pieces. It has no state: the caller keeps the Cursor. Sequences are not packed. One thread at a time.
class BatchSampler {
public:
    /// `store` is sealed, is not empty, and outlives the sampler.
    BatchSampler(const DocumentStore& store, const SamplerOptions& options);

    /// Replaces `batch` by the `rows` documents from `from` on; its vectors keep their capacity. Requires: rows > 0.
    void cut(const Cursor& from, std::int64_t rows, Batch& batch) const;

private:
    void addRow(std::int64_t row, Batch& batch) const;

    const DocumentStore& m_store;
    SamplerOptions m_options;
};

} // namespace dubito::data
