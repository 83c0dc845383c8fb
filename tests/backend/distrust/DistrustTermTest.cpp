// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/distrust/DistrustTerm.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace dubito::distrust {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

double published(double authority, double entropy) { return term(2.7, component(authority, entropy)); }

TEST(DistrustTerm, HasThePublishedValues)
{
    EXPECT_NEAR(published(0.05, 7.5), 149.805, 1e-3);
    EXPECT_NEAR(published(0.10, 6.0), 93.816, 1e-3);
    EXPECT_NEAR(published(0.00, 10.0), 270.0, 1e-3);
    EXPECT_NEAR(published(0.60, 3.0), 11.723, 1e-3);
    EXPECT_NEAR(published(0.90, 1.0), 4.581, 1e-3);
    EXPECT_NEAR(published(0.99, 0.0), 57.260, 1e-3);
}

TEST(DistrustTerm, GrowsAgainWhereTheComponentIsNegative)
{
    EXPECT_LT(component(0.99, 0.0), 0);
    EXPECT_GT(published(0.99, 0.0), published(0.60, 3.0));
}

TEST(DistrustTerm, InSinglePrecisionIsTheSameToFiveDigits)
{
    EXPECT_NEAR(term(2.7F, component(0.05F, 7.5F)), 149.8047F, 1e-3F);
}

TEST(DistrustTerm, ItsSlopeIsItsDerivative)
{
    const double step = 1e-6;
    const TermSlope slope = termSlope(0.3, 4.0, 2.7);
    EXPECT_NEAR(slope.byEntropy, (published(0.3, 4.0 + step) - published(0.3, 4.0 - step)) / (2 * step), 1e-6);
    EXPECT_NEAR(slope.byAuthority, (published(0.3 + step, 4.0) - published(0.3 - step, 4.0)) / (2 * step), 1e-6);
}

TEST(DistrustTerm, TakesTheBoundsAndNegativeZero)
{
    EXPECT_TRUE(validateLabels(0.0, 0.0));
    EXPECT_TRUE(validateLabels(0.99, 1e6));
    EXPECT_TRUE(validateLabels(-0.0, -0.0));
    EXPECT_TRUE(validateAlpha(2.3));
    EXPECT_TRUE(validateAlpha(3.0));
}

TEST(DistrustTerm, RefusesLabelsThatAreNoneWithTheNumberInTheSentence)
{
    EXPECT_THAT(validateLabels(1.5, 1.0).error().message, testing::HasSubstr("authority 1.5 is outside [0, 0.99]"));
    EXPECT_THAT(validateLabels(0.5, -1.0).error().message, testing::HasSubstr("entropy -1"));
    for (const double bad : { kNaN, kInfinity, -kInfinity, -1e-12 }) {
        EXPECT_FALSE(validateLabels(bad, 1.0)) << bad;
        EXPECT_FALSE(validateLabels(0.5, bad)) << bad;
        EXPECT_FALSE(validateAlpha(bad)) << bad;
    }
    EXPECT_FALSE(validateLabels(0.9900001, 1.0));
    EXPECT_FALSE(validateAlpha(2.2999));
    EXPECT_FALSE(validateAlpha(3.0001));
}

TEST(DistrustTerm, ABatchIsCheckedDocumentByDocument)
{
    const std::vector<double> authorities { 0.05, 0.90 };
    const std::vector<double> entropies { 7.5, 1.0 };
    const auto terms = checkedTerms(authorities, entropies, 2.7);
    ASSERT_TRUE(terms);
    EXPECT_NEAR((*terms)[0] / (*terms)[1], 32.70, 0.01);

    EXPECT_FALSE(checkedTerms(authorities, std::span(entropies).first(1), 2.7));
    EXPECT_FALSE(checkedTerms({}, {}, 2.7));
    const std::vector<double> broken { 0.05, kNaN };
    EXPECT_EQ(checkedTerms(broken, entropies, 2.7).error().where, "document 1");
}

} // namespace
} // namespace dubito::distrust
