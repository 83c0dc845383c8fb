// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/train/EffectiveBatch.h"

#include "tests/support/SmallTraining.h"

#include <gtest/gtest.h>

#include <numeric>

namespace dubito::train {
namespace {

using config::LossReduction;
using config::Normalise;

/// Three documents with 1, 2 and 4 targets and weights 1, 2 and 3, in the order of the corpus.
std::vector<SmallDocument> threeDocuments()
{
    return { { .ids = { 1, 2 }, .weight = 1 }, { .ids = { 3, 4, 5 }, .weight = 2 },
        { .ids = { 6, 7, 8, 9, 10 }, .weight = 3 } };
}

EffectiveBatch batchOf(const SmallTraining& small, LossReduction reduction)
{
    return EffectiveBatch(small.documents, { .shuffle = config::Switch::Off, .scale = small.scale }, small.distrust, reduction);
}

std::vector<double> weightsOf(const EffectiveBatch& batch)
{
    std::vector<double> weights;
    for (const auto& row : batch.rows()) {
        weights.push_back(row.weight);
    }
    return weights;
}

/// As if the model had found this sum for each document.
void fillLosses(EffectiveBatch& batch, const std::vector<double>& sums)
{
    std::size_t at = 0;
    for (std::int64_t micro = 0; micro < batch.microBatches(); ++micro) {
        for (auto& loss : batch.losses(micro)) {
            loss = { sums[at], batch.rows()[at].targets };
            ++at;
        }
    }
}

TEST(EffectiveBatch, TheTokenMeanDividesByTheTargetsOfTheWholeStep)
{
    const SmallTraining small(threeDocuments());
    auto batch = batchOf(small, LossReduction::Token);
    batch.cut({}, 1, 3);
    EXPECT_EQ(batch.microBatches(), 3);
    EXPECT_EQ(batch.targets(), 7);
    for (std::int64_t micro = 0; micro < 3; ++micro) {
        ASSERT_EQ(batch.coefficients(micro).size(), 1U);
        EXPECT_FLOAT_EQ(batch.coefficients(micro)[0], static_cast<float>(micro + 1) / 7.0F);
    }
}

TEST(EffectiveBatch, TheSampleMeanDividesByTheTargetsOfEachDocumentAndTheirNumber)
{
    const SmallTraining small(threeDocuments());
    auto batch = batchOf(small, LossReduction::Sample);
    batch.cut({}, 3, 1);
    const auto factors = batch.coefficients(0);
    ASSERT_EQ(factors.size(), 3U);
    EXPECT_FLOAT_EQ(factors[0], 1.0F / (1.0F * 3.0F));
    EXPECT_FLOAT_EQ(factors[1], 2.0F / (2.0F * 3.0F));
    EXPECT_FLOAT_EQ(factors[2], 3.0F / (4.0F * 3.0F));
}

TEST(EffectiveBatch, CrossEntropyIsOfTheTargetsAndWeightedOfTheWeights)
{
    const SmallTraining small(threeDocuments());
    auto batch = batchOf(small, LossReduction::Token);
    batch.cut({}, 3, 1);
    fillLosses(batch, { 2.0, 6.0, 20.0 });
    EXPECT_DOUBLE_EQ(batch.crossEntropy(), 28.0 / 7.0);
    EXPECT_DOUBLE_EQ(batch.weightedCrossEntropy(), (1 * 2.0 + 2 * 6.0 + 3 * 20.0) / 7.0);

    auto bySample = batchOf(small, LossReduction::Sample);
    bySample.cut({}, 3, 1);
    fillLosses(bySample, { 2.0, 6.0, 20.0 });
    EXPECT_DOUBLE_EQ(bySample.crossEntropy(), 28.0 / 7.0) << "the reported mean is always that of the tokens";
    EXPECT_DOUBLE_EQ(bySample.weightedCrossEntropy(), (1 * 2.0 + 2 * 3.0 + 3 * 5.0) / 3.0);
}

TEST(EffectiveBatch, NormalisingByBatchLooksAtTheWholeStepAndNotAtOneMicroBatch)
{
    SmallTraining small(threeDocuments());
    small.distrust.normalise = Normalise::Batch;
    for (const auto& [rows, accumulate] : { std::pair(3, 1), std::pair(1, 3) }) {
        auto batch = batchOf(small, LossReduction::Token);
        batch.cut({}, rows, accumulate);
        EXPECT_EQ(weightsOf(batch), (std::vector { 0.5, 1.0, 1.5 })) << rows << " × " << accumulate;
    }
}

TEST(EffectiveBatch, WeightsThatAreAllZeroBecomeOne)
{
    auto documents = threeDocuments();
    for (auto& document : documents) {
        document.weight = 0;
    }
    SmallTraining small(documents);
    small.distrust.normalise = Normalise::Batch;
    auto batch = batchOf(small, LossReduction::Token);
    batch.cut({}, 3, 1);
    EXPECT_EQ(weightsOf(batch), (std::vector { 1.0, 1.0, 1.0 }));

    small.distrust.normalise = Normalise::Dataset;
    small.scale = { .factor = 0, .offset = 1 };
    auto scaled = batchOf(small, LossReduction::Token);
    scaled.cut({}, 3, 1);
    EXPECT_EQ(weightsOf(scaled), (std::vector { 1.0, 1.0, 1.0 }));
}

TEST(EffectiveBatch, ADocumentThatNobodyJudgedHasWeightOneWhateverTheOthersWeigh)
{
    auto documents = threeDocuments();
    documents[1].labels = data::LabelSource::WeightOne;
    documents[1].weight = 1;
    SmallTraining small(documents);
    small.scale = { .factor = 0.5, .offset = 0 }; // the mean of 1 and 3
    auto batch = batchOf(small, LossReduction::Token);
    batch.cut({}, 3, 1);
    EXPECT_EQ(weightsOf(batch), (std::vector { 0.5, 1.0, 1.5 }));
}

TEST(EffectiveBatch, ThePublishedTermIsTheMeanOfTheLabelled)
{
    auto documents = threeDocuments();
    documents[0].authority = 0.05;
    documents[0].entropy = 7.5;
    documents[1].authority = 0.9;
    documents[1].entropy = 1.0;
    documents[2].labels = data::LabelSource::WeightOne;
    const SmallTraining small(documents);
    auto batch = batchOf(small, LossReduction::Token);
    batch.cut({}, 3, 1);
    const double c0 = std::log(0.95 + 1e-8) + 7.5;
    const double c1 = std::log(0.1 + 1e-8) + 1.0;
    EXPECT_NEAR(batch.meanDistrustTerm(), 2.7 * (c0 * c0 + c1 * c1) / 2, 1e-9);
}

TEST(EffectiveBatch, TheNextStepBeginsWhereThisOneEndsHoweverItIsCut)
{
    const SmallTraining small;
    for (const auto& [rows, accumulate] : { std::pair(4, 1), std::pair(2, 2), std::pair(1, 4) }) {
        EffectiveBatch batch(small.documents, { .seed = 3 }, small.distrust, LossReduction::Token);
        data::Cursor cursor;
        std::vector<std::int64_t> order;
        for (int step = 0; step < 10; ++step) {
            batch.cut(cursor, rows, accumulate);
            for (const auto& row : batch.rows()) {
                order.push_back(row.document);
            }
            cursor = batch.next();
        }
        EXPECT_EQ(cursor, (data::Cursor { 3, 1 })) << "40 documents are three epochs of 13 and one";
        std::vector<std::int64_t> first(order.begin(), order.begin() + 13);
        std::ranges::sort(first);
        for (std::int64_t i = 0; i < 13; ++i) {
            EXPECT_EQ(first[static_cast<std::size_t>(i)], i);
        }
    }
}

TEST(EffectiveBatch, TheModelSeesTheDocumentsPaddedToTheLongestOfTheirMicroBatch)
{
    const SmallTraining small(threeDocuments());
    auto batch = batchOf(small, LossReduction::Token);
    batch.cut({}, 2, 1);
    const auto tokens = batch.tokens(0);
    EXPECT_EQ(tokens.B, 2);
    EXPECT_EQ(tokens.T, 3);
    EXPECT_EQ(std::vector<std::int32_t>(tokens.ids.begin(), tokens.ids.end()), (std::vector { 1, 2, 0, 3, 4, 5 }));
    EXPECT_EQ(std::vector<std::int64_t>(tokens.lengths.begin(), tokens.lengths.end()), (std::vector<std::int64_t> { 2, 3 }));
    EXPECT_EQ(std::accumulate(tokens.targets.begin(), tokens.targets.end(), 0), 3);
}

} // namespace
} // namespace dubito::train
