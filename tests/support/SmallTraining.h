// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Parallel.h"
#include "backend/data/DocumentStore.h"
#include "backend/distrust/DistrustTerm.h"
#include "backend/distrust/Weighting.h"
#include "backend/train/Trainer.h"
#include "tests/support/FakeTensorMemory.h"
#include "tests/support/TemporaryFolder.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace dubito::train {

/// A document made by hand; its weight is raw, as a corpus gives it.
struct SmallDocument {
    std::vector<std::int32_t> ids;
    std::string sourceClass = "blog";
    double weight = 1;
    double authority = 0.5;
    double entropy = 1;
    data::LabelSource labels = data::LabelSource::Given;
};

/// One of the two published reference documents: their weights are to stand 30 to 1.
inline SmallDocument judgedDocument(
    std::vector<std::int32_t> ids, double authority, double entropy, const config::Distrust& rules)
{
    const double weight = distrust::weightOf(distrust::component(authority, entropy), rules);
    return { std::move(ids), "blog", weight, authority, entropy, data::LabelSource::Given };
}

/// Everything a Trainer needs, so small that a step takes a millisecond. Change the public fields, then ask for trainers.
class SmallTraining {
public:
    explicit SmallTraining(const std::vector<SmallDocument>& corpus = defaultCorpus()) : documents(storeOf(corpus))
    {
        training.steps = 20;
        training.batchSize = 4;
        training.learningRate = 1e-3;
        training.warmupSteps = 2;
    }

    /// 13 documents of 3 to 9 tokens, of three classes, with weights from 0.25 to 3.25.
    static std::vector<SmallDocument> defaultCorpus()
    {
        std::vector<SmallDocument> corpus;
        for (std::int32_t i = 0; i < 13; ++i) {
            SmallDocument document;
            for (std::int32_t t = 0; t < 3 + i % 7; ++t) {
                document.ids.push_back((5 * i + 3 * t * t + 1) % kVocabulary);
            }
            document.sourceClass = i % 3 == 0 ? "patent" : i % 3 == 1 ? "wiki" : "blog";
            document.weight = 0.25 * (i + 1);
            corpus.push_back(std::move(document));
        }
        return corpus;
    }

    static model::ModelConfig smallModel()
    {
        model::ModelConfig config;
        config.hidden = 16;
        config.layers = 2;
        config.heads = 2;
        config.kvHeads = 1;
        config.headDim = 8;
        config.intermediate = 24;
        config.vocabulary = kVocabulary;
        config.maxPositions = 64;
        config.tiedHead = true;
        return config;
    }

    /// With blocks of zeros.
    Trainer emptyTrainer()
    {
        auto made = Trainer::create({ .model = model,
            .documents = documents,
            .training = training,
            .distrust = distrust,
            .shuffle = shuffle,
            .scale = scale,
            .weightMean = 1,
            .fingerprint = "small",
            .memory = memory,
            .parallel = parallel,
            .roomBytes = roomBytes });
        EXPECT_TRUE(made) << (made ? "" : toText(made.error()));
        return std::move(*made);
    }

    Trainer trainer()
    {
        Trainer made = emptyTrainer();
        made.initialise(7);
        return made;
    }

    static constexpr std::int32_t kVocabulary = 40;

    TemporaryFolder folder;
    FakeTensorMemory memory;
    Parallel parallel { 1 };
    model::ModelConfig model = smallModel();
    data::DocumentStore documents;
    config::Training training;
    config::Distrust distrust;
    config::Switch shuffle = config::Switch::On;
    data::WeightScale scale;
    std::int64_t roomBytes = 0;

private:
    data::DocumentStore storeOf(const std::vector<SmallDocument>& corpus) const
    {
        auto store = data::DocumentStore::create({ .folder = folder.path(), .maxTokens = 64 });
        EXPECT_TRUE(store);
        for (std::size_t i = 0; i < corpus.size(); ++i) {
            const std::string id = "doc-" + std::to_string(i);
            const auto& d = corpus[i];
            EXPECT_TRUE(store->add({ .ids = d.ids,
                .id = id,
                .sourceClass = d.sourceClass,
                .weight = d.weight,
                .authority = d.authority,
                .entropy = d.entropy,
                .labels = d.labels }));
        }
        EXPECT_TRUE(store->seal());
        return std::move(*store);
    }
};

/// Advances until the optimizer has moved.
inline void oneStep(Trainer& trainer)
{
    for (;;) {
        const auto done = trainer.advance();
        ASSERT_TRUE(done) << toText(done.error());
        if (*done == Trainer::Progress::Step) {
            return;
        }
    }
}

} // namespace dubito::train
