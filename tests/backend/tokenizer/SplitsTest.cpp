// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/tokenizer/Splits.h"

#include <gtest/gtest.h>

#include <string>

namespace dubito::tokenizer {
namespace {

enum class Sense { Plain, Inverted };

/// Splits `text` at every dash and shows the pieces between bars.
std::string split(SplitBehaviour behaviour, std::string_view text, Sense sense = Sense::Plain)
{
    Splits splits;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '-') {
            splits.addMatch({ i, i + 1 });
        }
    }
    if (sense == Sense::Inverted) {
        splits.invert(text.size());
    }
    std::vector<TextRange> pieces;
    splits.settle(behaviour, text.size(), pieces);
    std::string shown = "|";
    for (const auto& piece : pieces) {
        shown.append(text.substr(piece.begin, piece.end - piece.begin)).append("|");
    }
    return shown;
}

// The example of the reference's documentation.
TEST(Splits, EveryBehaviourOnTheFinalCountdown)
{
    constexpr std::string_view kText = "the-final--countdown";
    EXPECT_EQ(split(SplitBehaviour::Removed, kText), "|the|final|countdown|");
    EXPECT_EQ(split(SplitBehaviour::Isolated, kText), "|the|-|final|-|-|countdown|");
    EXPECT_EQ(split(SplitBehaviour::MergedWithPrevious, kText), "|the-|final-|-|countdown|");
    EXPECT_EQ(split(SplitBehaviour::MergedWithNext, kText), "|the|-final|-|-countdown|");
    EXPECT_EQ(split(SplitBehaviour::Contiguous, kText), "|the|-|final|--|countdown|");
}

TEST(Splits, MatchesAtTheEndsHaveNobodyToJoin)
{
    EXPECT_EQ(split(SplitBehaviour::MergedWithPrevious, "-a-"), "|-|a-|");
    EXPECT_EQ(split(SplitBehaviour::MergedWithNext, "-a-"), "|-a|-|");
    EXPECT_EQ(split(SplitBehaviour::Removed, "--"), "|");
}

TEST(Splits, InvertedWhatDoesNotMatchIsTheMatch)
{
    EXPECT_EQ(split(SplitBehaviour::Removed, "the-final--countdown", Sense::Inverted), "|-|-|-|");
    EXPECT_EQ(split(SplitBehaviour::MergedWithPrevious, "a-b", Sense::Inverted), "|a|-b|");
}

TEST(Splits, EmptyMatchesSplitAndVanish)
{
    Splits splits;
    splits.addMatch({ 0, 0 });
    splits.addMatch({ 1, 1 });
    splits.addMatch({ 2, 2 });
    std::vector<TextRange> pieces { { 9, 10 } };
    splits.settle(SplitBehaviour::Isolated, 2, pieces);
    EXPECT_EQ(pieces, (std::vector<TextRange> { { 9, 10 }, { 0, 1 }, { 1, 2 } }));
}

} // namespace
} // namespace dubito::tokenizer
