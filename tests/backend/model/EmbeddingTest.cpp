// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/Embedding.h"

#include "tests/backend/model/GradientCheck.h"

#include <gtest/gtest.h>

namespace dubito::model {
namespace {

constexpr std::int64_t kVocabulary = 6;
constexpr std::int64_t kColumns = 4;
const std::vector<std::int32_t> kIds { 2, 5, 2, 0, 2 };

TEST(Embedding, RowsAreThoseOfTheirIds)
{
    Numbers table = randomNumbers(kVocabulary * kColumns, 1);
    Numbers out(kIds.size() * kColumns);
    embeddingForward<double>(matrixOf(out, 5), kIds.data(), matrixOf(table, kVocabulary));
    for (std::size_t i = 0; i < out.size(); ++i) {
        EXPECT_EQ(out[i], table[static_cast<std::size_t>(kIds[i / kColumns]) * kColumns + i % kColumns]);
    }
}

TEST(Embedding, TheGradientIsThatOfCentralDifferencesAlsoForRepeatedIds)
{
    Numbers table = randomNumbers(kVocabulary * kColumns, 1);
    Numbers seed = randomNumbers(static_cast<std::int64_t>(kIds.size()) * kColumns, 2);
    Numbers out(seed.size());
    Numbers gradient(table.size());
    embeddingBackward<double>(matrixOf(gradient, kVocabulary), kIds.data(), matrixOf(seed, 5));
    expectGradient("table", table, gradient, [&] {
        embeddingForward<double>(matrixOf(out, 5), kIds.data(), matrixOf(table, kVocabulary));
        return dot(out, seed);
    });
}

} // namespace
} // namespace dubito::model
