// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/config/ConfigFields.h"

#include "backend/config/ConfigWords.h"
#include "tests/backend/config/ConfigSamples.h"

#include <gtest/gtest.h>
#include <cctype>
#include <set>

namespace dubito::config {
namespace {

std::string refusal(std::string_view key, std::string_view text)
{
    const auto value = parseValue(fieldOf(key), text);
    return value ? "taken as " + toText(*value) : value.error().message;
}

TEST(ConfigFields, EveryKeyIsUniqueAndSpelledInSnakeCaseInAKnownSection)
{
    const std::set<std::string_view> sections { "log", "data", "provenance", "distrust", "model", "training", "memory",
        "reload", "metrics", "health" };
    std::set<std::string_view> names;
    for (const auto name : fieldNames()) {
        EXPECT_TRUE(names.insert(name).second) << name;
    }
    for (const Field& field : fields()) {
        EXPECT_TRUE(sections.contains(field.key.substr(0, field.key.find('.')))) << field.key;
        EXPECT_TRUE(std::ranges::all_of(field.key,
            [](unsigned char c) { return std::islower(c) || std::isdigit(c) || c == '_' || c == '.'; }))
            << field.key;
    }
}

TEST(ConfigFields, SectionsStandTogether)
{
    std::set<std::string_view> seen;
    std::string_view current;
    for (const Field& field : fields()) {
        const auto section = field.key.substr(0, field.key.find('.'));
        if (section != current) {
            EXPECT_TRUE(seen.insert(section).second) << section << " stands twice";
            current = section;
        }
    }
}

TEST(ConfigFields, EveryKeyExplainsItselfInSentences)
{
    for (const Field& field : fields()) {
        EXPECT_GT(field.help.size(), 20U) << field.key;
        EXPECT_TRUE(field.help.ends_with('.')) << field.key;
        EXPECT_EQ(field.help.find("  "), std::string_view::npos) << field.key;
    }
}

TEST(ConfigFields, EveryDefaultIsInsideItsOwnRange)
{
    for (const Field& field : fields()) {
        const Value usual = field.get(Config {});
        const auto value = parseValue(field, toText(usual));
        ASSERT_TRUE(value) << value.error().message;
        EXPECT_EQ(*value, usual) << field.key;
    }
}

TEST(ConfigFields, SettingOneKeyChangesThatOneAlone)
{
    for (const Field& changed : fields()) {
        Config config;
        changed.set(config, otherValue(changed));
        for (const Field& field : fields()) {
            const Value expected = &field == &changed ? otherValue(field) : field.get(Config {});
            EXPECT_EQ(field.get(config), expected) << changed.key << " changed " << field.key;
        }
    }
}

TEST(ConfigFields, EveryKeyButTheOneWithASingleWordHasAnotherValue)
{
    for (const Field& field : fields()) {
        if (field.words.size() != 1) {
            EXPECT_NE(otherValue(field), field.get(Config {})) << field.key;
        }
    }
}

TEST(ConfigFields, ARefusalNamesKeyRangeUnitAndWhatWasGiven)
{
    EXPECT_EQ(refusal("training.batch_size", "many"),
        "training.batch_size must be a whole number from 1 to 65,536 documents, not \"many\"");
    EXPECT_EQ(refusal("training.batch_size", "0"),
        "training.batch_size must be a whole number from 1 to 65,536 documents, not \"0\"");
    EXPECT_EQ(refusal("memory.budget_gb", "-1"), "memory.budget_gb must be a number from 0 to 16,384 GiB, not \"-1\"");
    EXPECT_EQ(refusal("distrust.weighting", "hing"),
        "distrust.weighting must be one of monotone, published, affine, hinge, additive, not \"hing\"; did you mean hinge?");
    EXPECT_EQ(refusal("data.shuffle", "maybe"), "data.shuffle must be on or off, not \"maybe\"");
}

TEST(ConfigFields, NumbersThatAreNoneAreRefusedEverywhere)
{
    for (const Field& field : fields()) {
        if (field.type == Type::Text || field.type == Type::Path) {
            continue;
        }
        for (const auto* text : { "", " ", "nan", "inf", "-inf", "1e999", "12abc", "0x10", "1,5", "99999999999999999999",
                 "\xff", "\x1b[2J" }) {
            EXPECT_FALSE(parseValue(field, text)) << field.key << " took " << text;
        }
    }
}

TEST(ConfigFields, AWholeNumberIsNotReadFromAFraction)
{
    EXPECT_FALSE(parseValue(fieldOf("training.steps"), "1.5"));
    EXPECT_FALSE(parseValue(fieldOf("training.steps"), "1e3"));
    EXPECT_TRUE(parseValue(fieldOf("memory.budget_gb"), "12"));
}

TEST(ConfigFields, SwitchesAreReadInAllUsualSpellings)
{
    for (const auto* yes : { "true", "yes", "on", "1", "On", "TRUE" }) {
        EXPECT_EQ(parseValue(fieldOf("data.shuffle"), yes).value(), Value("on")) << yes;
    }
    for (const auto* no : { "false", "no", "off", "0", "Off", "FALSE" }) {
        EXPECT_EQ(parseValue(fieldOf("data.shuffle"), no).value(), Value("off")) << no;
    }
}

TEST(ConfigFields, TextWithControlCharactersOrWithoutEndIsRefused)
{
    EXPECT_FALSE(parseValue(fieldOf("data.path"), "a\nb"));
    EXPECT_FALSE(parseValue(fieldOf("data.path"), std::string("a\0b", 3)));
    EXPECT_FALSE(parseValue(fieldOf("data.path"), std::string(5000, 'x')));
    EXPECT_TRUE(parseValue(fieldOf("data.path"), "Äpfel und Birnen/korpus.jsonl"));
}

TEST(ConfigFields, TheSeedsNamesAreAliases)
{
    EXPECT_EQ(findField("memory_threshold_percentage"), findField("memory.threshold_percentage"));
    EXPECT_EQ(findField("training.memory_threshold_percentage"), findField("memory.threshold_percentage"));
    EXPECT_EQ(findField("batch_size_reduction_factor"), findField("memory.batch_size_reduction_factor"));
    EXPECT_EQ(findField("training.batch_size_reduction_factor"), findField("memory.batch_size_reduction_factor"));
}

TEST(ConfigFields, AnUnknownKeyNamesTheNearestKnownOne)
{
    EXPECT_EQ(unknownKeyMessage("training.batchsize"),
        "there is no key \"training.batchsize\"; did you mean training.batch_size?");
    EXPECT_EQ(unknownKeyMessage("provenance_and_more.leak_warn_mb"),
        "there is no key \"provenance_and_more.leak_warn_mb\"; did you mean memory.leak_warn_mb?");
    EXPECT_EQ(unknownKeyMessage("zzzz"), "there is no key \"zzzz\"; \"dubito config default\" lists all keys");
}

TEST(ConfigFields, WordsOfChoicesAreInTheOrderOfTheirEnums)
{
    EXPECT_EQ(wordOf(WeightingMode::Additive), "additive");
    EXPECT_EQ(wordOf(Normalise::Batch), "batch");
    EXPECT_EQ(wordOf(LossReduction::Sample), "sample");
    EXPECT_EQ(wordOf(Unlabelled::WeightOne), "weight_one");
    EXPECT_EQ(wordOf(WhenRetained::Restart), "restart");
    EXPECT_EQ(choiceOf<Switch>("on"), Switch::On);
    EXPECT_EQ(choiceOf<WeightingMode>("none"), std::nullopt);
}

} // namespace
} // namespace dubito::config
