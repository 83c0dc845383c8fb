// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/config/ConfigSaving.h"

#include <gtest/gtest.h>

#include <QTemporaryDir>

namespace dubito::ui {
namespace {

config::ConfigStatus statusOf(const config::Config& config)
{
    config::ConfigStatus status;
    status.inForce = std::make_shared<const config::Config>(config);
    return status;
}

TEST(ConfigSaving, CommentsAndOrderStay)
{
    const std::string file = "# mine\ntraining:\n  seed: 3   # lucky\n  batch_size: 4\n";
    config::Config config;
    config.training.seed = 3;
    config::Config draft = config;
    draft.training.batchSize = 8;
    const auto text = textToSave(file, statusOf(config), draft);
    ASSERT_TRUE(text) << toText(text.error());
    EXPECT_EQ(*text, "# mine\ntraining:\n  seed: 3   # lucky\n  batch_size: 8\n");
}

TEST(ConfigSaving, WhatTheWindowAppliedBeforeIsSavedToo)
{
    config::Config config;
    config.training.seed = 9;
    auto status = statusOf(config);
    status.origins = { { "training.seed", config::Layer::Window, "" }, { "training.steps", config::Layer::Flag, "--steps" } };
    const auto changes = toBeSaved("", status, config);
    ASSERT_EQ(changes.size(), 1U);
    EXPECT_EQ(changes.front().key, "training.seed");
}

TEST(ConfigSaving, AChangeOutsideThatWasNotTakenOverIsWrittenBack)
{
    config::Config config;
    config.training.seed = 9;
    config.training.steps = 50;
    auto status = statusOf(config);
    status.origins = { { "training.seed", config::Layer::File, "my.yaml:2" }, { "training.steps", config::Layer::Flag, "--steps" } };
    const auto changes = toBeSaved("training:\n  seed: 10\n  steps: 100\n", status, config);
    ASSERT_EQ(changes.size(), 1U) << "a flag wins over the file, and is not written into it";
    EXPECT_EQ(changes.front().key, "training.seed");
    EXPECT_EQ(changes.front().after, "9");
}

TEST(ConfigSaving, ATextOfTheirsIsLaidOnWhatIsInForce)
{
    config::Config config;
    config.training.steps = 77;
    const auto merged = withFileValues(config, "training:\n  seed: 5\n", "theirs.yaml");
    ASSERT_TRUE(merged);
    EXPECT_EQ(merged->training.seed, 5);
    EXPECT_EQ(merged->training.steps, 77);
    EXPECT_FALSE(withFileValues(config, "training:\n  sed: 5\n", "theirs.yaml"));
}

TEST(ConfigSaving, AFileComesBackAsItWasWrittenAndAnAbsentOneIsEmpty)
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("a.yaml"));
    EXPECT_EQ(*readText(path), "");
    ASSERT_TRUE(writeText(path, "log:\n  level: warn\n"));
    EXPECT_EQ(*readText(path), "log:\n  level: warn\n");
    EXPECT_FALSE(writeText(folder.filePath(QStringLiteral("no/such/folder/a.yaml")), "x"));
}

} // namespace
} // namespace dubito::ui
