// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/config/MergeDialog.h"

#include "tests/support/FindChild.h"

#include <gtest/gtest.h>

#include <QComboBox>
#include <QPushButton>

namespace dubito::ui {
namespace {

using tests::findChild;

struct MergeDialogTest : testing::Test {
    MergeDialogTest()
    {
        mine.training.seed = 7;
        mine.training.batchSize = 8;
        theirs.training.batchSize = 16;
        theirs.training.steps = 900;
        dialog = std::make_unique<MergeDialog>(mergeRows({}, mine, theirs));
        QObject::connect(dialog.get(), &MergeDialog::merged, dialog.get(), [this](const std::vector<MergeRow>& rows) { chosen = rows; });
        dialog->show();
    }

    QComboBox& choice(const char* key) { return *findChild<QComboBox>(*dialog, (std::string("merge.") + key).c_str()); }
    void take() { findChild<QPushButton>(*dialog, "mergeTake")->click(); }
    Side sideOf(std::string_view key) const
    {
        return std::ranges::find_if(chosen, [&](const MergeRow& row) { return row.field->key == key; })->side;
    }

    config::Config mine;
    config::Config theirs;
    std::unique_ptr<MergeDialog> dialog;
    std::vector<MergeRow> chosen;
};

TEST_F(MergeDialogTest, EachKeyHasAChoiceAndWhoAloneChangedItIsChosen)
{
    take();
    ASSERT_EQ(chosen.size(), 3U);
    EXPECT_EQ(chosen.front().field->key, "training.batch_size") << "conflicts stand first";
    EXPECT_EQ(sideOf("training.steps"), Side::Theirs);
    EXPECT_EQ(sideOf("training.seed"), Side::Mine);
}

TEST_F(MergeDialogTest, AConflictIsDecidedByHand)
{
    choice("training.batch_size").setCurrentIndex(1);
    take();
    EXPECT_EQ(sideOf("training.batch_size"), Side::Theirs);
}

TEST_F(MergeDialogTest, OneButtonTakesASideWhole)
{
    findChild<QPushButton>(*dialog, "mergeAllTheirs")->click();
    take();
    EXPECT_TRUE(std::ranges::all_of(chosen, [](const MergeRow& row) { return row.side == Side::Theirs; }));
}

} // namespace
} // namespace dubito::ui
