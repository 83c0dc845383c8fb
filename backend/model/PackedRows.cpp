// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/PackedRows.h"

#include "backend/base/Check.h"
#include "backend/model/Lora.h"

#include <fmt/format.h>

namespace dubito::model {

namespace {

bool isTarget(const TokenBatch& batch, std::int64_t b, std::int64_t t)
{
    return t > 0 && (batch.targets.empty() || batch.targets[static_cast<std::size_t>(b * batch.T + t)] != 0);
}

/// Rows of sequence b: a position after the last one that predicts a target influences no loss.
std::int64_t rowsOf(const TokenBatch& batch, std::int64_t b, RowsOf which)
{
    const std::int64_t length = batch.lengths[static_cast<std::size_t>(b)];
    if (which == RowsOf::Everything) {
        return length;
    }
    std::int64_t last = length - 1;
    while (last > 0 && !isTarget(batch, b, last)) {
        --last;
    }
    return last > 0 ? last : 0;
}

Error outsideVocabulary(std::int32_t id, std::int64_t vocabulary)
{
    return { ErrorCode::Model,
        fmt::format("token id {} is outside the vocabulary of the model (0 to {}); use the tokenizer that belongs to it",
            id, vocabulary - 1),
        "" };
}

} // namespace

void PackedRows::reserve(std::int64_t B, std::int64_t T)
{
    const auto rows = static_cast<std::size_t>(B * T);
    sequences.reserve(static_cast<std::size_t>(B));
    ids.reserve(rows);
    positions.reserve(rows);
    dropoutKeys.reserve(rows);
    targetRows.reserve(rows);
    targetIds.reserve(rows);
    targetSequences.reserve(rows);
    targetOfRow.reserve(rows);
}

Result<void> PackedRows::pack(const TokenBatch& batch, std::int64_t vocabulary, RowsOf which)
{
    const auto cells = static_cast<std::size_t>(batch.B * batch.T);
    CHECK(batch.ids.size() == cells && batch.lengths.size() == static_cast<std::size_t>(batch.B), "a batch without its ids");
    CHECK(batch.targets.empty() || batch.targets.size() == cells, "a target mask of another shape than its batch");
    sequences.clear();
    ids.clear();
    positions.clear();
    dropoutKeys.clear();
    targetRows.clear();
    targetIds.clear();
    targetSequences.clear();
    targetOfRow.clear();
    for (std::int64_t b = 0; b < batch.B; ++b) {
        const std::int64_t length = batch.lengths[static_cast<std::size_t>(b)];
        CHECK(length >= 0 && length <= batch.T, "a sequence longer than its batch");
        const auto real = batch.ids.subspan(static_cast<std::size_t>(b * batch.T), static_cast<std::size_t>(length));
        for (const std::int32_t id : real) {
            if (id < 0 || id >= vocabulary) {
                return outsideVocabulary(id, vocabulary);
            }
        }
        sequences.push_back({ count(), rowsOf(batch, b, which) });
        for (std::int64_t t = 0; t < sequences.back().count; ++t) {
            const bool predicts = t + 1 < length && isTarget(batch, b, t + 1);
            targetOfRow.push_back(predicts ? targetCount() : -1);
            if (predicts) {
                targetRows.push_back(count());
                targetIds.push_back(real[static_cast<std::size_t>(t + 1)]);
                targetSequences.push_back(static_cast<std::int32_t>(b));
            }
            ids.push_back(real[static_cast<std::size_t>(t)]);
            positions.push_back(static_cast<std::int32_t>(t));
            if (!batch.dropoutSeeds.empty()) {
                dropoutKeys.push_back(loraKey(batch.dropoutSeeds[static_cast<std::size_t>(b)], t));
            }
        }
    }
    return {};
}

} // namespace dubito::model
