// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/data/LabelPolicy.h"

#include <gtest/gtest.h>

namespace dubito::data {
namespace {

TEST(LabelPolicy, GivenLabelsAreUsedWhateverThePolicy)
{
    Document document;
    document.authority = 0.1;
    document.entropy = 6.0;
    EXPECT_EQ(labelSource(document, config::Unlabelled::Score), LabelSource::Given);
    EXPECT_EQ(labelSource(document, config::Unlabelled::WeightOne), LabelSource::Given);
}

TEST(LabelPolicy, WithoutLabelsThePolicyDecides)
{
    EXPECT_EQ(labelSource(Document {}, config::Unlabelled::Score), LabelSource::Scored);
    EXPECT_EQ(labelSource(Document {}, config::Unlabelled::WeightOne), LabelSource::WeightOne);
}

} // namespace
} // namespace dubito::data
