// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Error.h"
#include "backend/model/LanguageModel.h"

#include <cstdint>
#include <vector>

namespace dubito::model {

/// Which positions of a micro-batch become rows.
enum class RowsOf : std::uint8_t {
    Targets, ///< up to the last one that predicts a target: all that a loss depends on
    Everything, ///< every real position
};

/// The real positions of a micro-batch, one row each and one sequence behind the other: padding costs nothing.
///
/// Kept from step to step; its vectors keep their room, so that a step of a known shape allocates nothing.
struct PackedRows {
    struct Sequence {
        std::int64_t begin = 0; ///< first row
        std::int64_t count = 0;
    };

    std::vector<Sequence> sequences; ///< (B)
    std::vector<std::int32_t> ids; ///< (N)
    std::vector<std::int32_t> positions; ///< (N)

    /// (N) of the dropout of adapters, or empty.
    std::vector<std::uint64_t> dropoutKeys;

    /// Rows that predict a target, rising; its id; its sequence.
    std::vector<std::int64_t> targetRows;
    std::vector<std::int32_t> targetIds;
    std::vector<std::int32_t> targetSequences;
    /// (N) index into the three above, or -1.
    std::vector<std::int64_t> targetOfRow;

    std::int64_t count() const { return static_cast<std::int64_t>(ids.size()); }
    std::int64_t targetCount() const { return static_cast<std::int64_t>(targetRows.size()); }

    void reserve(std::int64_t B, std::int64_t T);

    /// ErrorCode::Model when an id is outside the vocabulary. Requires: arrays of the sizes that B and T say.
    Result<void> pack(const TokenBatch& batch, std::int64_t vocabulary, RowsOf which);
};

} // namespace dubito::model
