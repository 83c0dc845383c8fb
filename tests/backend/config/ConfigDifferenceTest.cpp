// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/config/ConfigDifference.h"

#include "tests/backend/config/ConfigSamples.h"

#include <gtest/gtest.h>

namespace dubito::config {
namespace {

TEST(ConfigDifference, EqualConfigurationsDifferInNothing) { EXPECT_TRUE(differences(Config {}, Config {}).empty()); }

TEST(ConfigDifference, EachChangedKeyIsNamedWithOldNewAndWhenItActs)
{
    for (const Field& field : fields()) {
        Config after;
        field.set(after, otherValue(field));
        if (field.words.size() == 1) {
            continue;
        }
        const auto changes = differences(Config {}, after);
        ASSERT_EQ(changes.size(), 1U) << field.key;
        EXPECT_EQ(changes[0],
            (Difference { field.key, toText(field.get(Config {})), toText(otherValue(field)), field.when }));
    }
}

TEST(ConfigDifference, OnlyLiveFieldsComeIntoARunningConfiguration)
{
    Config wanted;
    for (const Field& field : fields()) {
        field.set(wanted, otherValue(field));
    }
    const Config merged = withLiveFields(Config {}, wanted);
    for (const Field& field : fields()) {
        EXPECT_EQ(field.get(merged), field.when == When::NextStep ? otherValue(field) : field.get(Config {})) << field.key;
    }
}

TEST(ConfigDifference, TheLiveFieldsAreThoseThatARunMayChange)
{
    for (const auto* key : { "memory.pause_available_gb", "memory.leak_warn_mb", "training.memory_leak_threshold_mb",
             "training.reload_interval_steps", "training.reload_memory_threshold_gb",
             "training.periodic_cache_clear_interval", "training.checkpoint_interval", "training.save_total_limit",
             "training.evaluation_interval", "health.stale_after_s", "log.level", "reload.per_hour" }) {
        EXPECT_EQ(fieldOf(key).when, When::NextStep) << key;
    }
    for (const auto* key : { "training.steps", "training.batch_size", "training.seed", "data.path", "model.path",
             "distrust.weighting", "training.output" }) {
        EXPECT_EQ(fieldOf(key).when, When::NextStart) << key;
    }
}

TEST(ConfigDifference, ChangesReadAsASentence)
{
    Config after;
    after.memory.pauseAvailableGb = 12;
    after.data.path = "a\tb";
    EXPECT_EQ(toText(differences(Config {}, after)),
        "data.path (empty) → a\\tb (at the next start); memory.pause_available_gb 15 → 12");
}

} // namespace
} // namespace dubito::config
