// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/Bf16Gemm.h"
#include "backend/model/FrozenWeights.h"
#include "tests/support/SmallTraining.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <new>
#include <optional>

// A program of its own, because it counts every call of operator new there is in it, whoever makes it.
namespace {

std::atomic<std::int64_t> newCalls = 0;

void* counted(std::size_t bytes, std::size_t alignment)
{
    newCalls.fetch_add(1, std::memory_order_relaxed);
    void* const place = std::aligned_alloc(alignment, (bytes + alignment) / alignment * alignment);
    if (place == nullptr) {
        throw std::bad_alloc();
    }
    return place;
}

} // namespace

void* operator new(std::size_t bytes) { return counted(bytes, __STDCPP_DEFAULT_NEW_ALIGNMENT__); }
void* operator new(std::size_t bytes, std::align_val_t alignment)
{
    return counted(bytes, static_cast<std::size_t>(alignment));
}
void operator delete(void* place) noexcept { std::free(place); }
void operator delete(void* place, std::size_t) noexcept { std::free(place); }
void operator delete(void* place, std::align_val_t) noexcept { std::free(place); }
void operator delete(void* place, std::size_t, std::align_val_t) noexcept { std::free(place); }

namespace dubito::train {
namespace {

/// What a step may not change: calls of operator new, blocks that were asked for, address space of the process.
struct Taken {
    std::int64_t news = newCalls;
    std::int64_t blocks = 0;
    std::int64_t pages = 0;

    explicit Taken(const FakeTensorMemory& memory) : blocks(memory.allocations())
    {
        if (std::FILE* statm = std::fopen("/proc/self/statm", "r")) {
            long long size = 0;
            pages = std::fscanf(statm, "%lld", &size) == 1 ? size : 0;
            std::fclose(statm);
        }
    }
};

/// A training whose batches have every length that there is in its corpus.
struct StepMemory : testing::Test {
    void begin()
    {
        small.training.batchSize = 4;
        small.training.steps = 400;
        if (lora.isOn()) {
            base.emplace(*model::FrozenWeights<float>::create(small.model, storage, small.memory));
            base->initialise(small.model, 3);
        }
        auto made = Trainer::create({ .model = small.model,
            .documents = small.documents,
            .training = small.training,
            .distrust = small.distrust,
            .shuffle = small.shuffle,
            .scale = small.scale,
            .weightMean = 1,
            .fingerprint = "small",
            .memory = small.memory,
            .parallel = parallel,
            .lora = lora,
            .base = base ? &*base : nullptr });
        ASSERT_TRUE(made) << toText(made.error());
        trainer.emplace(std::move(*made));
        trainer->initialise(7);
    }

    void steps(int count)
    {
        for (int i = 0; i < count; ++i) {
            oneStep(*trainer);
            trainer->prefetch();
        }
    }

    void expectStepsTakeNothing()
    {
        begin();
        steps(30);
        Taken before(small.memory);
        steps(30);
        Taken after(small.memory);
        // The heap of a thread is made with its first piece of work, and on a busy machine that may come late.
        constexpr int kTries = 10;
        for (int attempt = 1; attempt < kTries && after.pages != before.pages; ++attempt) {
            before = Taken(small.memory);
            steps(30);
            after = Taken(small.memory);
        }
        EXPECT_EQ(after.news, before.news) << "operator new was called";
        EXPECT_EQ(after.blocks, before.blocks) << "tensor memory was asked";
        EXPECT_EQ(after.pages, before.pages) << "the process has grown";
    }

    SmallTraining small;
    Parallel parallel { 2 };
    model::LoraConfig lora;
    model::FrozenStorage storage = model::FrozenStorage::Full;
    std::optional<model::FrozenWeights<float>> base;
    std::optional<Trainer> trainer;
};

TEST_F(StepMemory, AStepOfAFullTrainingTakesNoneAfterTheFirstOnes) { expectStepsTakeNothing(); }

TEST_F(StepMemory, NorDoesOneThatIsCutIntoMicroBatches)
{
    small.training.accumulate = 3;
    expectStepsTakeNothing();
}

TEST_F(StepMemory, NorDoesOneOfAnAdapter)
{
    lora = { .rank = 3, .alpha = 6, .targets = *model::parseLoraTargets("all-linear") };
    expectStepsTakeNothing();
}

TEST_F(StepMemory, NorDoesOneOfAnAdapterWithDropoutOverBf16Weights)
{
    lora = { .rank = 3, .alpha = 6, .dropout = 0.2, .targets = *model::parseLoraTargets("q_proj v_proj") };
    storage = model::FrozenStorage::Bf16;
    expectStepsTakeNothing();
}

TEST_F(StepMemory, NorDoesOneThatComputesItsLayersAgain)
{
    small.training.gradientCheckpointing = config::GradientCheckpointing::On;
    expectStepsTakeNothing();
}

class StepMemoryOfBf16 : public StepMemory {
protected:
    void SetUp() override
    {
        if (!model::checkBf16Products()) {
            GTEST_SKIP() << "this processor has no BF16 products";
        }
        small.training.precision = config::Precision::Bf16;
    }
};

TEST_F(StepMemoryOfBf16, NorDoesOneWithBf16Products)
{
    expectStepsTakeNothing();
}

TEST_F(StepMemoryOfBf16, NorDoesOneOfAnAdapterWithBf16ProductsThatComputesItsLayersAgain)
{
    lora = { .rank = 3, .alpha = 6, .targets = *model::parseLoraTargets("all-linear") };
    storage = model::FrozenStorage::Bf16;
    small.training.gradientCheckpointing = config::GradientCheckpointing::On;
    expectStepsTakeNothing();
}

TEST_F(StepMemory, WhatIsTakenWouldBeSeen)
{
    begin();
    steps(2);
    const Taken before(small.memory);
    const auto kept = std::make_unique<std::vector<int>>(5);
    EXPECT_GE(Taken(small.memory).news, before.news + 2) << kept->size();
}

} // namespace
} // namespace dubito::train
