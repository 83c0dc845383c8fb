// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/model/DecoderLayer.h"

#include <cstdint>

namespace dubito::model {

/// Calls `body(sequence, kvHead, thread)` for every key head of every sequence; each thread gets consecutive ones of
/// about the same cost, which grows with the square of the length. The split depends on the lengths alone.
template <typename Scalar, typename Body>
void forKeyHeads(const LayerContext<Scalar>& context, const Body& body)
{
    std::int64_t total = 0;
    for (const auto& sequence : context.rows.sequences) {
        total += sequence.count * sequence.count * context.config.kvHeads;
    }
    context.parallel.forThreads([&](int thread) {
        std::int64_t passed = 0;
        for (const auto& sequence : context.rows.sequences) {
            const std::int64_t cost = sequence.count * sequence.count;
            for (std::int64_t kvHead = 0; kvHead < context.config.kvHeads; ++kvHead) {
                const std::int64_t middle = passed + cost / 2;
                if (cost > 0 && middle * context.parallel.threads() / total == thread) {
                    body(sequence, kvHead, thread);
                }
                passed += cost;
            }
        }
    });
}

} // namespace dubito::model
