// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/config/ConfigLayers.h"

#include "backend/config/ConfigFlags.h"
#include "backend/config/ConfigFolders.h"
#include "tests/backend/config/ConfigSamples.h"
#include "tests/support/TemporaryFolder.h"

#include <gtest/gtest.h>

namespace dubito::config {
namespace {

ConfigSources file(std::string text) { return { .file = "my.yaml", .fileText = std::move(text) }; }

ConfigSources variable(std::string name, std::string text)
{
    return { .environment = { { std::move(name), std::move(text) } } };
}

ConfigSources flag(std::string key, std::string text, std::string spelled)
{
    return { .flags = { { std::move(key), std::move(text), std::move(spelled) } } };
}

TEST(ConfigLayers, WithoutSourcesEverythingIsADefault)
{
    const auto layered = layerConfig({});
    EXPECT_EQ(linesOf(layered.problems), "");
    ASSERT_EQ(layered.origins.size(), fields().size());
    for (const Origin& origin : layered.origins) {
        EXPECT_EQ(origin.layer, origin.key == "training.learning_rate" ? Layer::Embedded : Layer::Default) << origin.key;
    }
}

TEST(ConfigLayers, EveryKeyRoundTripsThroughTheEnvironment)
{
    for (const Field& field : fields()) {
        const std::string name = environmentName(field.key);
        const auto layered = layerConfig(variable(name, toText(otherValue(field))));
        EXPECT_EQ(field.get(layered.config), otherValue(field)) << name;
        EXPECT_EQ(originOf(layered, field.key), (Origin { std::string(field.key), Layer::Environment, name }));
        EXPECT_EQ(linesOf(layered.warnings), "");
    }
}

TEST(ConfigLayers, EveryKeyRoundTripsThroughAFlag)
{
    for (const Field& field : fields()) {
        const auto assignment = parseAssignment(std::string(field.key) + "=" + toText(otherValue(field)));
        ASSERT_TRUE(assignment);
        const auto layered = layerConfig({ .flags = { *assignment } });
        EXPECT_EQ(field.get(layered.config), otherValue(field)) << field.key;
        EXPECT_EQ(originOf(layered, field.key).layer, Layer::Flag);
        EXPECT_EQ(originOf(layered, field.key).place, "--set " + std::string(field.key));
    }
}

TEST(ConfigLayers, ALaterLayerWinsAndSaysSo)
{
    const TemporaryFolder folder;
    folder.write("hardware/big.yaml", "training: {steps: 100}\n");
    folder.write("presets/calm.yaml", "training: {steps: 200}\n");
    ConfigSources sources;
    sources.folders = { folder.path() };
    const auto steps = [&] {
        const auto layered = layerConfig(sources);
        EXPECT_EQ(linesOf(layered.problems), "");
        const auto origin = originOf(layered, "training.steps");
        return std::to_string(layered.config.training.steps) + " " + std::string(toWord(origin.layer));
    };
    EXPECT_EQ(steps(), "600 default");
    sources.profile = "big";
    EXPECT_EQ(steps(), "100 profile");
    sources.preset = "calm";
    EXPECT_EQ(steps(), "200 preset");
    sources.file = "my.yaml";
    sources.fileText = "training: {steps: 300}\n";
    EXPECT_EQ(steps(), "300 file");
    sources.environment = { { "DUBITO_TRAINING_STEPS", "400" } };
    EXPECT_EQ(steps(), "400 environment");
    sources.flags = { { "training.steps", "500", "--steps" } };
    EXPECT_EQ(steps(), "500 flag");
}

TEST(ConfigLayers, TheEmbeddedModelHasItsOwnLearningRateUnlessSomebodySetsOne)
{
    EXPECT_EQ(layerConfig({}).config.training.learningRate, 2e-3);
    EXPECT_EQ(layerConfig(flag("model.path", "models/mine", "--model")).config.training.learningRate, 5e-5);
    EXPECT_EQ(layerConfig(file("training: {learning_rate: 1e-4}")).config.training.learningRate, 1e-4);
    EXPECT_EQ(layerConfig(file("training: {learning_rate: 5e-5}")).config.training.learningRate, 5e-5);
}

TEST(ConfigLayers, AShortRunShortensTheDefaultWarmUpButNotAChosenOne)
{
    const auto shortRun = layerConfig(flag("training.steps", "5", "--steps"));
    EXPECT_EQ(linesOf(shortRun.problems), "");
    EXPECT_EQ(shortRun.config.training.warmupSteps, 5);
    EXPECT_EQ(originOf(shortRun, "training.warmup_steps").place, "shortened to training.steps");
    auto sources = flag("training.steps", "5", "--steps");
    sources.fileText = "training:\n  warmup_steps: 20\n";
    sources.file = "my.yaml";
    EXPECT_EQ(linesOf(layerConfig(sources).problems),
        "my.yaml:2:17: training.warmup_steps is 20 steps; it must not be above training.steps: the learning rate would "
        "never reach its peak\n");
}

TEST(ConfigLayers, AnUnknownVariableIsAWarningWithTheNearestName)
{
    const auto layered = layerConfig(variable("DUBITO_TRAINING_BATCHSIZE", "4"));
    EXPECT_EQ(linesOf(layered.problems), "");
    EXPECT_EQ(linesOf(layered.warnings),
        "DUBITO_TRAINING_BATCHSIZE: is no variable of Dubito and is ignored; did you mean DUBITO_TRAINING_BATCH_SIZE?\n");
}

TEST(ConfigLayers, VariablesThatAreNoKeysAndForeignOnesAreLeftAlone)
{
    for (const auto* name : { "DUBITO_SUPERVISED", "DUBITO_ORACLE_DIR", "DUBITO_MACHINE_ROOT", "PATH", "dubito_training_steps" }) {
        EXPECT_EQ(linesOf(layerConfig(variable(name, "1")).warnings), "") << name;
    }
}

TEST(ConfigLayers, AnInvalidVariableOrFlagIsAnErrorThatNamesIt)
{
    EXPECT_EQ(linesOf(layerConfig(variable("DUBITO_TRAINING_STEPS", "")).problems),
        "DUBITO_TRAINING_STEPS: training.steps must be a whole number from 1 to 1,000,000,000 steps, not \"\"\n");
    EXPECT_EQ(linesOf(layerConfig(flag("training.batch_size", "x", "--batch-size")).problems),
        "--batch-size: training.batch_size must be a whole number from 1 to 65,536 documents, not \"x\"\n");
    EXPECT_EQ(linesOf(layerConfig(flag("training.stepz", "1", "--set training.stepz")).problems),
        "--set training.stepz: there is no key \"training.stepz\"; did you mean training.steps?\n");
}

TEST(ConfigLayers, AliasesWorkInEveryLayer)
{
    EXPECT_EQ(layerConfig(file("memory_threshold_percentage: 75")).config.memory.thresholdPercentage, 75);
    EXPECT_EQ(layerConfig(variable("DUBITO_MEMORY_THRESHOLD_PERCENTAGE", "75")).config.memory.thresholdPercentage, 75);
    EXPECT_EQ(layerConfig(variable("DUBITO_TRAINING_MEMORY_THRESHOLD_PERCENTAGE", "75")).config.memory.thresholdPercentage, 75);
    EXPECT_EQ(layerConfig(flag("batch_size_reduction_factor", "0.25", "--set")).config.memory.batchSizeReductionFactor, 0.25);
}

TEST(ConfigLayers, ABrokenRuleNamesThePlaceThatBrokeIt)
{
    EXPECT_EQ(linesOf(layerConfig(file("memory:\n  alert_percentage: 95\n")).problems),
        "my.yaml:2:21: memory.alert_percentage is 95 % of the budget; it must be below memory.cleanup_percentage\n");
}

TEST(ConfigLayers, ProblemsOfAllLayersAreReportedTogether)
{
    auto sources = file("training:\n  steps: x\n");
    sources.environment = { { "DUBITO_LOG_LEVEL", "loud" } };
    sources.flags = { { "nonsense", "1", "--set nonsense" } };
    sources.profile = "../../etc/passwd";
    EXPECT_EQ(layerConfig(sources).problems.size(), 4U);
}

TEST(ConfigLayers, EnvironmentNamesAreUnique)
{
    std::vector<std::string> names;
    for (const Field& field : fields()) {
        names.push_back(environmentName(field.key));
    }
    std::ranges::sort(names);
    EXPECT_EQ(std::ranges::adjacent_find(names), names.end());
}

TEST(ConfigLayers, TheShippedFilesAreTakenWithoutAProblem)
{
    const std::filesystem::path configs = std::filesystem::path(DUBITO_SOURCE_DIR) / "configs";
    int found = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(configs)) {
        if (entry.path().extension() == ".yaml") {
            EXPECT_EQ(linesOf(layerConfig({ .file = entry.path() }).problems), "");
            ++found;
        }
    }
    EXPECT_GE(found, 12);
}

TEST(ConfigLayers, TheSeedsFileCarriesTheirValues)
{
    const auto config = layerConfig({ .file = std::filesystem::path(DUBITO_SOURCE_DIR) / "configs/training.yaml" }).config;
    EXPECT_EQ(config.training.reloadIntervalSteps, 100);
    EXPECT_EQ(config.training.reloadMemoryThresholdGb, 65.0);
    EXPECT_EQ(config.training.memoryLeakThresholdMb, 1.0);
    EXPECT_EQ(config.training.periodicCacheClearInterval, 10);
    EXPECT_EQ(config.memory.thresholdPercentage, 80);
    EXPECT_EQ(config.memory.batchSizeReductionFactor, 0.5);
}

TEST(ConfigLayers, EachHardwareProfileReloadsAt85PercentOfItsBudget)
{
    const std::vector<std::filesystem::path> folders { std::filesystem::path(DUBITO_SOURCE_DIR) / "configs" };
    for (const auto* name : { "base_16gb", "pro_32gb", "max_64gb", "ultra_96gb", "ultra_192gb" }) {
        const auto layered = layerConfig({ .profile = name, .folders = folders });
        EXPECT_EQ(linesOf(layered.problems), "") << name;
        EXPECT_NEAR(layered.config.training.reloadMemoryThresholdGb, 0.85 * layered.config.memory.budgetGb, 1e-9);
        EXPECT_EQ(layered.config.training.batchSize * layered.config.training.accumulate, 16) << name;
        EXPECT_EQ(layered.config.training.learningRate, 2e-4) << name;
    }
}

} // namespace
} // namespace dubito::config
