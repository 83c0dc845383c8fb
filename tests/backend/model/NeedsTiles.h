// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/model/TileProduct.h"

#include <gtest/gtest.h>

namespace dubito::model {

/// Tests of what runs by the processor's tiles: skipped where it has none.
class NeedsTiles : public testing::Test {
protected:
    void SetUp() override
    {
        if (!amxIsUsable()) {
            GTEST_SKIP() << "this processor has no tiles";
        }
    }
};

} // namespace dubito::model
