// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/config/ConfigModel.h"

#include <gtest/gtest.h>

#include <QAbstractItemModelTester>

namespace dubito::ui {
namespace {

struct ConfigModelTest : testing::Test {
    QVariant at(const char* key, int role) { return model.indexOf(QLatin1String(key)).data(role); }
    void edit(const char* key, const char* text) { model.edit(QLatin1String(key), QLatin1String(text)); }

    ConfigModel model;
};

TEST_F(ConfigModelTest, HasARowForEveryFieldOfTheTable)
{
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Warning);
    EXPECT_EQ(model.keys(), static_cast<int>(config::fields().size()));
    for (const config::Field& field : config::fields()) {
        const QModelIndex index = model.indexOf(QString::fromUtf8(field.key.data(), static_cast<qsizetype>(field.key.size())));
        ASSERT_TRUE(index.isValid()) << field.key;
        EXPECT_FALSE(index.data(ConfigModel::HelpRole).toString().isEmpty()) << field.key;
        EXPECT_FALSE(index.data(Qt::ToolTipRole).toString().isEmpty()) << field.key;
    }
    edit("training.batch_size", "8");
    model.undoStack().undo();
}

TEST_F(ConfigModelTest, AnEditIsMarkedCountedAndUndone)
{
    edit("training.batch_size", "8");
    EXPECT_TRUE(at("training.batch_size", ConfigModel::EditedRole).toBool());
    EXPECT_TRUE(at("training.batch_size", ConfigModel::DiffersRole).toBool());
    EXPECT_EQ(at("training.batch_size", ConfigModel::NoteRole).toString(), QStringLiteral("was 4 documents"));
    EXPECT_EQ(model.edits(), 1);
    EXPECT_EQ(model.draft()->training.batchSize, 8);
    model.undoStack().undo();
    EXPECT_EQ(model.edits(), 0);
    model.undoStack().redo();
    EXPECT_EQ(model.edits(), 1);
}

TEST_F(ConfigModelTest, WhatCannotBeReadIsKeptAndExplained)
{
    edit("training.batch_size", "many");
    EXPECT_EQ(at("training.batch_size", ConfigModel::TextRole).toString(), QStringLiteral("many"));
    EXPECT_TRUE(at("training.batch_size", ConfigModel::ProblemRole).toString().contains(QStringLiteral("training.batch_size")));
    EXPECT_EQ(model.problems(), 1);
    edit("training.batch_size", "2");
    EXPECT_EQ(model.problems(), 0);
}

TEST_F(ConfigModelTest, ARuleBetweenTwoFieldsIsAProblemOfOne)
{
    edit("memory.pause_available_gb", "4");
    edit("memory.abort_available_gb", "4.5");
    EXPECT_EQ(model.problems(), 1);
    edit("memory.abort_available_gb", "2");
    EXPECT_EQ(model.problems(), 0);
}

TEST_F(ConfigModelTest, EveryFieldSaysWhenItActs)
{
    EXPECT_EQ(at("training.memory_leak_threshold_mb", ConfigModel::WhenRole).toInt(), static_cast<int>(config::When::NextStep));
    EXPECT_EQ(at("training.batch_size", ConfigModel::WhenRole).toInt(), static_cast<int>(config::When::NextStart));
}

TEST_F(ConfigModelTest, ANewConfigurationInForceKeepsWhatWasEditedHere)
{
    edit("training.batch_size", "8");
    config::Config other;
    other.training.batchSize = 2;
    other.training.seed = 7;
    config::ConfigStatus status;
    status.inForce = std::make_shared<const config::Config>(other);
    status.revision = 1;
    model.display(status);
    EXPECT_EQ(at("training.batch_size", ConfigModel::TextRole).toString(), QStringLiteral("8"));
    EXPECT_EQ(at("training.seed", ConfigModel::TextRole).toString(), QStringLiteral("7"));
    EXPECT_EQ(model.edits(), 1);
}

TEST_F(ConfigModelTest, RevertIsOneStepThatCanBeUndone)
{
    edit("training.batch_size", "8");
    edit("training.seed", "1");
    model.revert();
    EXPECT_EQ(model.edits(), 0);
    model.undoStack().undo();
    EXPECT_EQ(model.edits(), 2);
}

TEST_F(ConfigModelTest, TheFilterFindsByHelpAndLeavesOnlyProblems)
{
    ConfigFilter filter;
    QAbstractItemModelTester tester(&filter, QAbstractItemModelTester::FailureReportingMode::Warning);
    filter.setSourceModel(&model);
    filter.setWords(QStringLiteral("batch_size_reduction"));
    EXPECT_EQ(filter.rowCount(), 1);
    filter.setWords({});
    edit("training.batch_size", "many");
    filter.setRows(ConfigFilter::Rows::Problems);
    ASSERT_EQ(filter.rowCount(), 1);
    EXPECT_EQ(filter.rowCount(filter.index(0, 0)), 1);
}

} // namespace
} // namespace dubito::ui
