// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/provenance/MarkerMatcher.h"

#include "backend/provenance/FoldedText.h"

#include <gtest/gtest.h>

namespace dubito::provenance {
namespace {

constexpr auto kTable = std::to_array<Marker>({
    { "letter", MarkerKind::Primary, Standing::Word },
    { "he", MarkerKind::Consensus, Standing::Anywhere },
    { "she", MarkerKind::Consensus, Standing::Anywhere },
    { "us", MarkerKind::Class, Standing::BeforeNumber },
    { "aa", MarkerKind::Consensus, Standing::Anywhere },
});

/// "marker@begin" for each finding.
std::vector<std::string> findings(std::string_view text)
{
    static const MarkerMatcher matcher { kTable };
    std::vector<std::string> result;
    matcher.forEach(FoldedText(text).lowered(), [&](const MarkerMatcher::Finding& finding) {
        result.push_back(std::string(kTable[finding.marker].text) + "@" + std::to_string(finding.begin));
    });
    return result;
}

using Found = std::vector<std::string>;

TEST(MarkerMatcher, FindsAMarkerInsideAnother) { EXPECT_EQ(findings("She"), (Found { "she@0", "he@1" })); }

TEST(MarkerMatcher, AWordStandsBetweenBoundaries)
{
    EXPECT_EQ(findings("Letter, letters, xletter, életter letter"), (Found { "letter@0", "letter@34" }));
    EXPECT_EQ(findings("letter_ letter1 letter٣ letter\u0301"), (Found { "letter@24" }));
}

TEST(MarkerMatcher, ACountryStandsBeforeItsNumber)
{
    EXPECT_EQ(findings("us 20; us\n٣; us12; us x; bus 5; us"), (Found { "us@0", "us@7", "us@13" }));
}

TEST(MarkerMatcher, FindingsOfOneMarkerDoNotOverlap) { EXPECT_EQ(findings("aaaaa"), (Found { "aa@0", "aa@2" })); }

TEST(MarkerMatcher, FindsNothingInNothing) { EXPECT_TRUE(findings("").empty()); }

TEST(MarkerMatcher, EveryPublishedMarkerIsFoundWhereItStandsAlone)
{
    const MarkerMatcher matcher { markers() };
    for (std::size_t i = 0; i < markers().size(); ++i) {
        const std::string text = std::string(markers()[i].text) + " 5";
        bool isFound = false;
        matcher.forEach(text, [&](const MarkerMatcher::Finding& finding) { isFound = isFound || finding.marker == i; });
        EXPECT_TRUE(isFound) << text;
    }
}

} // namespace
} // namespace dubito::provenance
