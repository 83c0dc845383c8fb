// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/TensorMemory.h"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace dubito::memory {

/// What a run will hold at its worst moment, part by part, before it begins. It adds up and never learns what a layer is.
struct MemoryPlan {
    struct Row {
        Category category = Category::Weights;
        std::int64_t bytes = 0;
        std::string what; ///< in words
    };

    std::vector<Row> rows;
    /// The program beside its tensors: code, heap, histories, threads.
    std::int64_t programBytes = 0;

    void add(Category category, std::int64_t bytes, std::string what)
    {
        rows.push_back({ category, bytes, std::move(what) });
    }

    std::array<std::int64_t, kCategoryCount> byCategory() const;

    /// Of all categories.
    std::int64_t tensorBytes() const;

    /// With the program: what RSS will reach, mapped weights apart.
    std::int64_t peakBytes() const { return tensorBytes() + programBytes; }
};

} // namespace dubito::memory
