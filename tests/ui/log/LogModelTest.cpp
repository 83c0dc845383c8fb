// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/log/LogModel.h"

#include <gtest/gtest.h>

#include <QAbstractItemModelTester>
#include <QSignalSpy>

namespace dubito::ui {
namespace {

std::vector<log::LogLine> lines(std::uint64_t first, std::uint64_t last)
{
    std::vector<log::LogLine> made;
    for (std::uint64_t id = first; id <= last; ++id) {
        const auto level = id % 10 == 0 ? log::LogLevel::Warning : log::LogLevel::Info;
        made.push_back({ id, {}, level, id % 2 == 0 ? Module::Data : Module::Train, "line " + std::to_string(id) });
    }
    return made;
}

TEST(LogModel, AddsOnlyWhatIsNew)
{
    LogModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Warning);
    model.display(lines(1, 256));
    QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
    model.display(lines(11, 266));
    model.display(lines(11, 266));
    EXPECT_EQ(inserted.count(), 1);
    EXPECT_EQ(model.rowCount(), 266);
    EXPECT_EQ(model.index(265, LogModel::Text).data().toString(), QStringLiteral("line 266"));
}

TEST(LogModel, NeverHoldsMoreThanItsBound)
{
    LogModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Warning);
    for (std::uint64_t first = 1; first < 6000; first += 200) {
        model.display(lines(first, first + 199));
    }
    EXPECT_EQ(model.rowCount(), static_cast<int>(LogModel::kMostLines));
}

TEST(LogModel, TheFilterTakesLevelModuleAndWords)
{
    LogModel model;
    LogFilter filter;
    filter.setSourceModel(&model);
    model.display(lines(1, 100));
    EXPECT_EQ(filter.rowCount(), 100);
    filter.setLeastLevel(log::LogLevel::Warning);
    EXPECT_EQ(filter.rowCount(), 10);
    filter.setLeastLevel(log::LogLevel::Debug);
    filter.setModule(Module::Train);
    EXPECT_EQ(filter.rowCount(), 50);
    filter.setWords(QStringLiteral("LINE 99"));
    EXPECT_EQ(filter.rowCount(), 1);
}

} // namespace
} // namespace dubito::ui
