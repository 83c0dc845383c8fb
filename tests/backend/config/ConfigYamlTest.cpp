// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/config/ConfigYaml.h"

#include "backend/base/AtomicFile.h"
#include "backend/config/ConfigDifference.h"
#include "tests/backend/config/ConfigSamples.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <sstream>

namespace dubito::config {
namespace {

LayeredConfig allChanged()
{
    ConfigSources sources;
    for (const Field& field : fields()) {
        sources.flags.push_back({ std::string(field.key), toText(otherValue(field)), "--set\n" + std::string(field.key) });
    }
    auto layered = layerConfig(sources);
    layered.problems.clear(); // other values need not fit together
    return layered;
}

TEST(ConfigYaml, TheShippedDefaultFileIsWhatTheTableSays)
{
    const auto shipped = readText(std::filesystem::path(DUBITO_SOURCE_DIR) / "configs/default.yaml");
    ASSERT_TRUE(shipped);
    EXPECT_TRUE(*shipped == defaultYaml()) << "regenerate it: dubito config default > configs/default.yaml";
}

TEST(ConfigYaml, TheDefaultFileGivesTheDefaults)
{
    const auto layered = layerConfig({ .file = "default.yaml", .fileText = defaultYaml() });
    EXPECT_EQ(linesOf(layered.problems), "");
    EXPECT_TRUE(differences(Config {}, layered.config).empty());
}

TEST(ConfigYaml, NoLineOfTheDefaultFileIsWiderThanAScreen)
{
    std::istringstream lines(defaultYaml());
    for (std::string line; std::getline(lines, line);) {
        EXPECT_LE(line.size(), 120U) << line;
    }
}

TEST(ConfigYaml, TheEffectiveFileReadsBackToTheSameConfiguration)
{
    for (const LayeredConfig& layered : { layerConfig({}), allChanged() }) {
        const std::string text = effectiveYaml(layered.config, layered.origins);
        const auto again = layerConfig({ .file = "run.yaml", .fileText = text });
        EXPECT_EQ(toText(differences(layered.config, again.config)), "") << text;
        EXPECT_EQ(text.find("is no valid"), std::string::npos);
    }
}

TEST(ConfigYaml, EveryValueOfTheEffectiveFileSaysWhereItCameFrom)
{
    const auto layered = layerConfig({ .flags = { { "training.steps", "7", "--steps" } } });
    const auto text = effectiveYaml(layered.config, layered.origins);
    EXPECT_NE(text.find("\n  steps: 7 # flag: --steps\n"), std::string::npos) << text;
    EXPECT_NE(text.find("\n  learning_rate: 0.002 # embedded model\n"), std::string::npos);
    EXPECT_NE(text.find("\n  batch_size: 4 # default\n"), std::string::npos);
}

TEST(ConfigYaml, ScalarsAreQuotedOnlyWhenTheyMustBe)
{
    EXPECT_EQ(yamlScalar(std::string("runs/a-b_1.jsonl")), "runs/a-b_1.jsonl");
    EXPECT_EQ(yamlScalar(std::string("on")), "on");
    for (const auto* text : { "", "null", "yes", "12", "1e5", "-x", "a b", "a:b", "#x", "...", "ü", "a\\b", "a\"b" }) {
        EXPECT_TRUE(yamlScalar(std::string(text)).starts_with('"')) << text;
    }
    EXPECT_EQ(yamlScalar(5e-5), "5e-05");
}

TEST(ConfigYaml, TheReportHasOneLineForEachKey)
{
    const auto layered = layerConfig({ .environment = { { "DUBITO_MEMORY_BUDGET_GB", "12" } } });
    const auto text = reportText(layered.config, layered.origins);
    EXPECT_EQ(static_cast<std::size_t>(std::ranges::count(text, '\n')), fields().size());
    EXPECT_NE(text.find("memory.budget_gb"), std::string::npos);
    EXPECT_NE(text.find("12 GiB"), std::string::npos);
    EXPECT_NE(text.find("environment: DUBITO_MEMORY_BUDGET_GB"), std::string::npos);
}

TEST(ConfigYaml, TheJsonReportIsJsonWithValuesOfTheirType)
{
    const auto layered = allChanged();
    const auto rows = nlohmann::json::parse(reportJson(layered.config, layered.origins));
    ASSERT_EQ(rows.size(), fields().size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
        EXPECT_EQ(rows[i]["key"], std::string(fields()[i].key));
        std::visit([&](const auto& value) { EXPECT_EQ(rows[i]["value"], value) << rows[i]; }, fields()[i].get(layered.config));
        EXPECT_EQ(rows[i]["layer"], "flag");
    }
}

} // namespace
} // namespace dubito::config
