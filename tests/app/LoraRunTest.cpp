// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/app/SmallRun.h"

#include <gtest/gtest.h>

namespace dubito::app {
namespace {

namespace fs = std::filesystem;

const SmallRun::Words kLora { "--lora-rank", "2", "--set", "training.lora_targets=all-linear", "--set",
    "training.lora_dropout=0.2", "--learning-rate", "0.01" };

TEST(LoraRun, ReloadsDoNotChangeTheLoss)
{
    const SmallRun run;
    run.trainExpecting(0, with(kLora, { "--reload-interval", "7" }));
    EXPECT_EQ(run.crossEntropies(), undisturbed(kLora));
    EXPECT_GE(run.events("reload").size(), 7U);
    EXPECT_TRUE(run.events("retained").empty());
}

TEST(LoraRun, KilledAndResumedTheLossIsThatOfAnUndisturbedRun)
{
    const auto arguments = with(kLora, { "--steps", "300", "--checkpoint-interval", "20" });
    const SmallRun run;
    Process process(DUBITO_PROGRAM, run.train(arguments));
    process.waitUntil([&] { return run.metricsLines() >= 50; });
    process.kill();
    run.trainExpecting(0, with(arguments, { "--resume" }));
    EXPECT_EQ(run.crossEntropies(), undisturbed(arguments));
}

TEST(LoraRun, ACheckpointIsAnAdapterFolderAndNoModel)
{
    const SmallRun run;
    run.trainExpecting(0, kLora);
    const auto folder = run.output() / "final";
    EXPECT_TRUE(fs::exists(folder / "adapter_config.json"));
    EXPECT_TRUE(fs::exists(folder / "adapter_model.safetensors"));
    EXPECT_TRUE(fs::exists(folder / "tokenizer.json"));
    EXPECT_FALSE(fs::exists(folder / "config.json"));
    EXPECT_FALSE(fs::exists(folder / "model.safetensors"));
}

TEST(LoraRun, AnAdapterOverATrainedModelIsOpenedByItsBaseAndGoneOnWith)
{
    const SmallRun run;
    run.trainExpecting(0, {});
    const std::string base = run.output() / "final";
    const std::string first = run.folder().path() / "first";
    const std::string second = run.folder().path() / "second";
    run.trainExpecting(0, with(kLora, { "--model", base, "--output", first }));
    run.trainExpecting(0, { "--model", first + "/final", "--output", second });
    EXPECT_TRUE(fs::exists(fs::path(second) / "final" / "adapter_model.safetensors"));
    run.trainExpecting(3, { "--model", first + "/final", "--lora-rank", "3", "--output", second + "-other" });
}

TEST(LoraRun, WhatCannotBeAnAdapterIsRefusedBeforeTraining)
{
    const SmallRun run;
    run.trainExpecting(2, { "--lora-rank", "2", "--set", "training.lora_targets=wq" });
    run.trainExpecting(2, { "--lora-rank", "4096" });
}

} // namespace
} // namespace dubito::app
