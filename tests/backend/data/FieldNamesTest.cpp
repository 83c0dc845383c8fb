// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/data/FieldNames.h"

#include <gtest/gtest.h>

namespace dubito::data {
namespace {

TEST(FieldNames, KnowAllSpellingsOfTheDocumentation)
{
    const FieldNames names { config::DataFields {} };
    for (const auto* key : { "auth_weight", "authority_weight", "authority" }) {
        EXPECT_EQ(names.find(key), Field::Authority) << key;
    }
    for (const auto* key : { "prov_entropy", "provenance_entropy", "entropy" }) {
        EXPECT_EQ(names.find(key), Field::Entropy) << key;
    }
    EXPECT_EQ(names.find("Text"), std::nullopt);
    EXPECT_EQ(names.find(""), std::nullopt);
}

TEST(FieldNames, ASpellingOfTheUserIsTheOnlyOne)
{
    config::DataFields fields;
    fields.text = "content";
    fields.authority = "w";
    const FieldNames names(fields);
    EXPECT_EQ(names.find("content"), Field::Text);
    EXPECT_EQ(names.find("text"), std::nullopt);
    EXPECT_EQ(names.find("w"), Field::Authority);
    EXPECT_EQ(names.find("auth_weight"), std::nullopt);
    EXPECT_EQ(names.textName(), "content");
}

TEST(FieldNames, EveryFieldButTheTwoOlderDatesCanBeNamed)
{
    config::DataFields fields;
    fields.prompt = "question";
    fields.completion = "answer";
    fields.date = "day";
    fields.source = "outlet";
    fields.evidence = "roots";
    const FieldNames names(fields);
    EXPECT_EQ(names.find("question"), Field::Prompt);
    EXPECT_EQ(names.find("answer"), Field::Completion);
    EXPECT_EQ(names.find("day"), Field::Date);
    EXPECT_EQ(names.find("outlet"), Field::Source);
    EXPECT_EQ(names.find("roots"), Field::Evidence);
    EXPECT_EQ(names.find("prompt"), std::nullopt);
}

TEST(FieldNames, WhatTheUserNamesGoesBeforeWhatTheDocumentationNames)
{
    config::DataFields fields;
    fields.text = "source";
    EXPECT_EQ(FieldNames(fields).find("source"), Field::Text);
}

} // namespace
} // namespace dubito::data
