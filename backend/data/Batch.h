// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

namespace dubito::data {

/// A place in the endless order of documents: it alone decides which come next. Fits in a checkpoint.
struct Cursor {
    std::int64_t epoch = 0;
    std::int64_t position = 0; ///< documents of this epoch that were used

    friend bool operator==(const Cursor&, const Cursor&) = default;
};

/// A micro-batch: B documents, right-padded to the longest of them, T tokens.
///
/// Rows are documents: what belongs to token t of row b is at [b*T + t]. The mask decides what counts, never the id.
struct Batch {
    std::int64_t rows = 0; ///< B
    std::int64_t length = 0; ///< T

    std::vector<std::int32_t> ids; ///< [B*T] token ids
    std::vector<std::int32_t> lengths; ///< [B] tokens without padding, >= 2
    /// [B*T] 1 where the token at this very place is a target (predicted from the place before it), else 0: the first
    /// token, prompts and padding. To align with logits, the prediction made at t counts when targets[b*T + t + 1] is 1.
    std::vector<std::uint8_t> targets;
    std::vector<double> weights; ///< [B] after SamplerOptions::scale; 1 where nobody gave or scored labels
    std::vector<std::int64_t> documents; ///< [B] index in the DocumentStore
    std::int64_t targetCount = 0; ///< ones in `targets`, > 0

    /// Where to go on once this batch has been used. What was cut ahead of time is not used yet: a checkpoint holds the
    /// `next` of the last batch that moved the parameters, or the cursor it began with.
    Cursor next;
};

} // namespace dubito::data
