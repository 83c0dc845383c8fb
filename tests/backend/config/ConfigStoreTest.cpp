// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/config/ConfigStore.h"

#include "backend/base/Worker.h"
#include "tests/backend/config/ConfigSamples.h"

#include <gtest/gtest.h>
#include <atomic>

namespace dubito::config {
namespace {

std::shared_ptr<const Config> with(std::string_view key, std::string_view text, Config config = layerConfig({}).config)
{
    EXPECT_TRUE(setFromText(config, key, text));
    return std::make_shared<const Config>(config);
}

TEST(ConfigStore, StartsWithOneConfigurationInForceAndForTheNextStart)
{
    const ConfigStore store(layerConfig({}), "my.yaml");
    const auto status = store.status();
    EXPECT_EQ(status.inForce, status.nextStart);
    EXPECT_EQ(status.revision, 1U);
    EXPECT_EQ(status.file, "my.yaml");
    EXPECT_EQ(status.origins.size(), fields().size());
}

TEST(ConfigStore, ALiveFieldIsInForceAtOnceAndItsOriginIsTheWindow)
{
    ConfigStore store(layerConfig({}));
    const auto before = store.inForce();
    const auto applied = store.apply(with("memory.pause_available_gb", "12"), Force::LiveFields);
    ASSERT_TRUE(applied);
    EXPECT_EQ(applied->changes.size(), 1U);
    EXPECT_EQ(applied->revision, 2U);
    EXPECT_EQ(store.inForce()->memory.pauseAvailableGb, 12);
    EXPECT_EQ(before->memory.pauseAvailableGb, 15) << "a reader's configuration never changes under it";
    const auto status = store.status();
    EXPECT_EQ(status.inForce, status.nextStart);
    EXPECT_EQ(std::ranges::find(status.origins, "memory.pause_available_gb", &Origin::key)->layer, Layer::Window);
}

TEST(ConfigStore, OtherFieldsWaitForTheNextStart)
{
    ConfigStore store(layerConfig({}));
    ASSERT_TRUE(store.apply(with("training.batch_size", "8"), Force::LiveFields));
    EXPECT_EQ(store.inForce()->training.batchSize, 4);
    EXPECT_EQ(store.status().nextStart->training.batchSize, 8);
    EXPECT_EQ(store.takeNextStart()->training.batchSize, 8);
    EXPECT_EQ(store.inForce()->training.batchSize, 8);
}

TEST(ConfigStore, WithoutARunEverythingActsAtOnce)
{
    ConfigStore store(layerConfig({}));
    ASSERT_TRUE(store.apply(with("training.batch_size", "8"), Force::Everything));
    EXPECT_EQ(store.inForce()->training.batchSize, 8);
}

TEST(ConfigStore, ABrokenRuleKeepsTheOldConfigurationAndSaysWhy)
{
    ConfigStore store(layerConfig({}));
    const auto applied = store.apply(with("memory.alert_percentage", "95"), Force::LiveFields);
    ASSERT_FALSE(applied);
    EXPECT_NE(applied.error().message.find("memory.cleanup_percentage"), std::string::npos);
    EXPECT_EQ(store.inForce()->memory.alertPercentage, 70);
    EXPECT_EQ(store.status().refused.size(), 1U);
    ASSERT_TRUE(store.apply(with("memory.alert_percentage", "60"), Force::LiveFields));
    EXPECT_TRUE(store.status().refused.empty());
}

TEST(ConfigStore, AFileWithProblemsIsRefusedWithAllOfThem)
{
    ConfigStore store(layerConfig({}));
    const auto applied = store.apply(
        layerConfig({ .file = "my.yaml", .fileText = "training: {steps: x, batch_size: y}" }), Force::LiveFields);
    ASSERT_FALSE(applied);
    EXPECT_EQ(store.status().refused.size(), 2U);
    EXPECT_NE(applied.error().message.find('\n'), std::string::npos);
    EXPECT_EQ(store.inForce()->training.steps, 600);
}

TEST(ConfigStore, AGoodFileBringsItsOriginsAndSettlesTheChangeOutside)
{
    ConfigStore store(layerConfig({}));
    store.noteChangedOutside();
    EXPECT_TRUE(store.status().changedOutside);
    ASSERT_TRUE(store.apply(layerConfig({ .file = "my.yaml", .fileText = "health: {stale_after_s: 30}" }), Force::LiveFields));
    const auto status = store.status();
    EXPECT_FALSE(status.changedOutside);
    EXPECT_EQ(status.inForce->health.staleAfterS, 30);
    EXPECT_EQ(std::ranges::find(status.origins, "health.stale_after_s", &Origin::key)->place, "my.yaml:1:25");
}

TEST(ConfigStore, EveryChangeRaisesTheRevision)
{
    ConfigStore store(layerConfig({}));
    store.noteChangedOutside();
    store.refuse({ { ErrorCode::Usage, "no", "my.yaml" } });
    EXPECT_EQ(store.revision(), 3U);
}

TEST(BorderConfigStore, ReadersSeeWholeConfigurationsWhileAWriterInstallsNewOnes)
{
    ConfigStore store(layerConfig({}));
    std::atomic<int> torn = 0;
    Worker reader("reader", [&](std::stop_token stop) {
        while (!stop.stop_requested()) {
            const auto config = store.inForce();
            torn += config->memory.alertPercentage + 10 != config->memory.cleanupPercentage ? 1 : 0;
            torn += store.status().inForce == nullptr ? 1 : 0;
        } }, [](Error) {});
    for (int i = 0; i < 500; ++i) {
        Config next = *store.inForce();
        next.memory.alertPercentage = 40 + i % 30;
        next.memory.cleanupPercentage = next.memory.alertPercentage + 10;
        EXPECT_TRUE(store.apply(std::make_shared<const Config>(next), Force::LiveFields));
    }
    reader.requestStop();
    reader.join();
    EXPECT_EQ(torn, 0);
}

} // namespace
} // namespace dubito::config
