// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/desktop/SleepInhibitor.h"

#include <gtest/gtest.h>

namespace dubito::ui {
namespace {

TEST(SleepInhibitor, HoldsNothingBeforeItIsGrantedAndAfterItIsGivenBack)
{
    SleepInhibitor inhibitor;
    EXPECT_FALSE(inhibitor.isHeld());
    inhibitor.setWish(SleepInhibitor::Wish::Awake);
    inhibitor.setWish(SleepInhibitor::Wish::Whatever);
    EXPECT_FALSE(inhibitor.isHeld());
}

} // namespace
} // namespace dubito::ui
