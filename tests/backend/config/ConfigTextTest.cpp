// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/config/ConfigText.h"

#include "backend/config/ConfigFile.h"
#include "backend/config/ConfigYaml.h"
#include "tests/backend/config/ConfigSamples.h"

#include <gtest/gtest.h>

namespace dubito::config {
namespace {

std::string with(std::string_view text, std::string_view key, std::string_view value)
{
    const Field& field = fieldOf(key);
    const auto changed = withValue(text, field, parseValue(field, value).value());
    return changed ? *changed : "refused: " + toText(changed.error());
}

TEST(ConfigText, AValueIsChangedWhereItStandsAndCommentsStay)
{
    EXPECT_EQ(with("# mine\ntraining: # the run\n  steps: 100   # short\n\n  # wide\n  batch_size: 4\n",
                  "training.steps", "2500"),
        "# mine\ntraining: # the run\n  steps: 2500   # short\n\n  # wide\n  batch_size: 4\n");
}

TEST(ConfigText, QuotesFlowStyleAndLineEndsStay)
{
    EXPECT_EQ(with("training: {steps: 100, batch_size: 4}\r\n", "training.steps", "7"),
        "training: {steps: 7, batch_size: 4}\r\n");
    EXPECT_EQ(with("training: {batch_size: 4, steps: 100}", "training.steps", "7"), "training: {batch_size: 4, steps: 7}");
    EXPECT_EQ(with("data:\n  path: \"a \\\" # b\" # c\n", "data.path", "x y"), "data:\n  path: \"x y\" # c\n");
    EXPECT_EQ(with("data:\n  path: 'it''s' # c\n", "data.path", "plain"), "data:\n  path: plain # c\n");
    EXPECT_EQ(with("'training':\n  \"steps\" : 100\n", "training.steps", "7"), "'training':\n  \"steps\" : 7\n");
    EXPECT_EQ(with("\xEF\xBB\xBFtraining:\n  steps: 100\n", "training.steps", "7"), "\xEF\xBB\xBFtraining:\n  steps: 7\n");
}

TEST(ConfigText, TextIsQuotedWhenItMustBe)
{
    EXPECT_EQ(with("data:\n  path: a\n", "data.path", "corpus/train.jsonl"), "data:\n  path: corpus/train.jsonl\n");
    EXPECT_EQ(with("data:\n  path: a\n", "data.path", "a: b"), "data:\n  path: \"a: b\"\n");
    EXPECT_EQ(with("data:\n  path: a\n", "data.path", "yes"), "data:\n  path: \"yes\"\n");
    EXPECT_EQ(with("data:\n  path: a\n", "data.path", ""), "data:\n  path: \"\"\n");
    EXPECT_EQ(with("data:\n  path:   # none yet\n", "data.path", "x"), "data:\n  path: x   # none yet\n");
}

TEST(ConfigText, AMissingKeyGoesToTheEndOfItsSection)
{
    EXPECT_EQ(with("training:\n    steps: 100 # short\n\n# memory is tight\nmemory:\n    budget_gb: 4\n",
                  "training.batch_size", "8"),
        "training:\n    steps: 100 # short\n    batch_size: 8\n\n# memory is tight\nmemory:\n    budget_gb: 4\n");
    EXPECT_EQ(with("training:\n  steps: 100", "training.batch_size", "8"), "training:\n  steps: 100\n  batch_size: 8\n");
    EXPECT_EQ(with("training:\n\nlog:\n  level: info\n", "training.batch_size", "8"),
        "training:\n  batch_size: 8\n\nlog:\n  level: info\n");
    EXPECT_EQ(with("training: {}\n", "training.batch_size", "8"), "training: {batch_size: 8}\n");
    EXPECT_EQ(with("training: {steps: 9}\n", "training.batch_size", "8"), "training: {batch_size: 8, steps: 9}\n");
    EXPECT_EQ(with("data:\n  fields:\n    text: body\n  path: x\n", "data.validation", "v"),
        "data:\n  fields:\n    text: body\n  path: x\n  validation: v\n");
}

TEST(ConfigText, AMissingSectionGoesToTheEndOfTheFile)
{
    EXPECT_EQ(with("", "training.steps", "5"), "training:\n  steps: 5\n");
    EXPECT_EQ(with("# only this\n", "training.steps", "5"), "# only this\ntraining:\n  steps: 5\n");
    EXPECT_EQ(with("log:\r\n  level: warn", "data.fields.text", "body"),
        "log:\r\n  level: warn\r\ndata:\r\n  fields:\r\n    text: body\r\n");
    EXPECT_EQ(with("{log: {level: warn}}", "data.fields.text", "body"),
        "{data: {fields: {text: body}}, log: {level: warn}}");
}

TEST(ConfigText, AnAliasInTheFileIsTheOneThatIsChanged)
{
    EXPECT_EQ(with("memory_threshold_percentage: 75 # theirs\n", "memory.threshold_percentage", "60"),
        "memory_threshold_percentage: 60 # theirs\n");
    EXPECT_EQ(with("training:\n  memory_threshold_percentage: 75\n", "memory.threshold_percentage", "60"),
        "training:\n  memory_threshold_percentage: 60\n");
}

TEST(ConfigText, AnAliasNodeIsReplacedButAnAnchorIsNotTouched)
{
    EXPECT_EQ(with("training:\n  steps: &n 50\n  warmup_steps: *n\n", "training.warmup_steps", "10"),
        "training:\n  steps: &n 50\n  warmup_steps: 10\n");
    EXPECT_EQ(with("training:\n  steps: &n 50\n  warmup_steps: *n\n", "training.steps", "10"),
        "refused: the file:2:10: training.steps cannot be changed here without touching other values; edit this line by "
        "hand");
}

TEST(ConfigText, WhatCannotBeChangedInPlaceIsRefusedNotSpoiled)
{
    for (const auto* text : { "data:\n  path: |-\n    x\n", "data:\n  path: >-\n    x\n    y\n", "data:\n  path: a\n    b\n",
             "data:\n  path:\n    a\n", "data:\n  ? path\n  : x\n" }) {
        EXPECT_NE(with(text, "data.path", "new").find("cannot be changed here"), std::string::npos) << with(text, "data.path", "new");
    }
}

TEST(ConfigText, AFileWithProblemsIsNotEdited)
{
    EXPECT_EQ(with("training:\n  stepz: 4\n", "training.steps", "5"),
        "refused: the file:2:3: there is no key \"training.stepz\"; did you mean training.steps?");
}

TEST(ConfigText, TheSameValueChangesNothing)
{
    EXPECT_EQ(with("training:\n  learning_rate: 2.0e-03\n", "training.learning_rate", "0.002"),
        "training:\n  learning_rate: 2.0e-03\n");
}

TEST(ConfigText, EveryKeyCanBeChangedAndAddedInEveryShapeOfFile)
{
    const std::string full = defaultYaml();
    for (const Field& field : fields()) {
        for (const std::string& text : { full, std::string(), std::string("{}"), std::string("log:\n    level: warn\n") }) {
            const auto changed = withValue(text, field, otherValue(field));
            ASSERT_TRUE(changed) << field.key << ": " << toText(changed.error()) << "\n" << text.substr(0, 40);
            auto expected = readConfigText(text, "").values;
            std::erase_if(expected, [&](const FileValue& value) { return value.field == &field; });
            auto found = readConfigText(*changed, "").values;
            const auto own = std::ranges::find(found, &field, &FileValue::field);
            ASSERT_NE(own, found.end()) << *changed;
            EXPECT_EQ(own->value, otherValue(field)) << *changed;
            EXPECT_EQ(found.size(), expected.size() + 1) << *changed;
        }
    }
}

TEST(ConfigText, AChangeOfTheFullFileTouchesOneLine)
{
    const std::string full = defaultYaml();
    const auto changed = with(full, "memory.budget_gb", "12");
    EXPECT_EQ(changed.size(), full.size() + 1);
    EXPECT_NE(changed.find("\n  budget_gb: 12\n"), std::string::npos);
    EXPECT_EQ(with(changed, "memory.budget_gb", "0"), full);
}

TEST(ConfigText, SeveralChangesAreMadeTogether)
{
    Config after;
    after.training.steps = 5;
    after.training.warmupSteps = 1;
    after.data.path = "x";
    const auto changed = withChanges("training:\n  steps: 600\n", differences(Config {}, after));
    ASSERT_TRUE(changed);
    EXPECT_EQ(*changed, "training:\n  steps: 5\n  warmup_steps: 1\ndata:\n  path: x\n");
}

} // namespace
} // namespace dubito::config
