// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/DocumentSearch.h"

#include "backend/session/Preparation.h"
#include "tests/support/SmallRun.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

namespace dubito::session {
namespace {

DocumentPage pageOf(const SmallRun& small, const std::string& filter, std::int64_t first = 0, data::WeightScale scale = {})
{
    auto page = findDocuments(small.config(), { .filter = filter, .first = first }, scale, {});
    EXPECT_TRUE(page) << (page ? "" : toText(page.error()));
    return *page;
}

TEST(DocumentSearch, AnEmptyFilterShowsAllAndTheFilterLooksAtIdTitleAndClassWhateverTheCase)
{
    const SmallRun small;
    EXPECT_EQ(pageOf(small, "").matching, 24);
    EXPECT_EQ(pageOf(small, "PATENT").matching, 6);
    EXPECT_EQ(pageOf(small, "Doc-2").matching, 5) << "doc-2 and doc-20 to doc-23";
    EXPECT_EQ(pageOf(small, "nothing like it").matching, 0);
}

TEST(DocumentSearch, APageBeginsWhereItIsAskedTo)
{
    SmallRun small;
    small.folder.write("train.jsonl", SmallRun::corpus(150));
    const auto first = pageOf(small, "");
    EXPECT_EQ(first.matching, 150);
    EXPECT_EQ(first.documents.size(), static_cast<std::size_t>(kDocumentsPerPage));
    const auto last = pageOf(small, "", 128);
    ASSERT_EQ(last.documents.size(), 22U);
    EXPECT_EQ(last.documents.front().id, "doc-128");
    EXPECT_EQ(last.documents.front().index, 128);
    EXPECT_TRUE(pageOf(small, "", 1000).documents.empty());
}

TEST(DocumentSearch, APageCanBeAskedForByADocumentThatItHolds)
{
    SmallRun small;
    small.folder.write("train.jsonl", SmallRun::corpus(150));
    const auto page = findDocuments(small.config(), { .holding = "doc-130" }, {}, {});
    ASSERT_TRUE(page);
    EXPECT_EQ(page->first, 128);
    EXPECT_EQ(page->matching, 150);
    const auto none = findDocuments(small.config(), { .holding = "nobody" }, {}, {});
    ASSERT_TRUE(none);
    EXPECT_EQ(none->first, 0) << "a document that is not there changes nothing";
}

TEST(DocumentSearch, EveryOrderHoldsEachDocumentOnceAndItsDirectionTurnsIt)
{
    SmallRun small;
    small.folder.write("train.jsonl", SmallRun::corpus(150));
    for (const auto order : { DocumentOrder::Id, DocumentOrder::Title, DocumentOrder::Source, DocumentOrder::Year, DocumentOrder::Authority,
             DocumentOrder::Entropy, DocumentOrder::Weight }) {
        std::vector<bool> seen(150);
        for (const std::int64_t first : { 0, 64, 128 }) {
            const auto page = findDocuments(small.config(), { .first = first, .order = order }, {}, {});
            ASSERT_TRUE(page);
            EXPECT_EQ(page->matching, 150);
            for (const auto& document : page->documents) {
                EXPECT_EQ(document.id, "doc-" + std::to_string(document.index));
                EXPECT_FALSE(seen[static_cast<std::size_t>(document.index)]);
                seen[static_cast<std::size_t>(document.index)] = true;
            }
        }
        EXPECT_EQ(std::ranges::count(seen, true), 150);
    }
}

TEST(DocumentSearch, TheHeaviestComesFirstWhenThatIsAsked)
{
    const SmallRun small;
    const auto page = findDocuments(small.config(), { .order = DocumentOrder::Weight, .direction = Direction::Descending }, {}, {});
    ASSERT_TRUE(page);
    ASSERT_EQ(page->documents.size(), 24U);
    EXPECT_TRUE(std::ranges::is_sorted(page->documents, std::ranges::greater {}, &ScoredDocument::weight));
    EXPECT_GT(page->documents.front().weight, page->documents.back().weight) << "a corpus of one weight would prove nothing";
    EXPECT_EQ(page->order, DocumentOrder::Weight);
}

TEST(DocumentSearch, ADocumentIsFoundInASortedListToo)
{
    SmallRun small;
    small.folder.write("train.jsonl", SmallRun::corpus(150));
    const auto page = findDocuments(small.config(), { .holding = "doc-7", .order = DocumentOrder::Id, .direction = Direction::Descending }, {}, {});
    ASSERT_TRUE(page);
    EXPECT_EQ(std::ranges::count(page->documents, "doc-7", &ScoredDocument::id), 1);
    EXPECT_EQ(page->documents.front().id, "doc-99") << "letters, not numbers";
}

TEST(DocumentSearch, ASortedListEndsAtItsReach)
{
    const SmallRun small;
    const auto page = findDocuments(small.config(), { .first = std::numeric_limits<std::int64_t>::max(), .order = DocumentOrder::Id }, {}, {});
    ASSERT_TRUE(page);
    EXPECT_EQ(page->first, kSortedReach - kDocumentsPerPage);
    EXPECT_TRUE(page->documents.empty());
    EXPECT_EQ(page->matching, 24);
}

TEST(DocumentSearch, ClassAndWeightNarrowIt)
{
    const SmallRun small;
    const auto all = pageOf(small, "");
    const auto patents = findDocuments(small.config(), { .sourceClass = "patent" }, {}, {});
    ASSERT_TRUE(patents);
    EXPECT_EQ(patents->matching, 6);
    double middle = 0;
    for (const auto& document : all.documents) {
        middle += document.weight / static_cast<double>(all.documents.size());
    }
    const auto heavy = findDocuments(small.config(), { .weightFrom = middle }, {}, {});
    const auto light = findDocuments(small.config(), { .weightBelow = middle }, {}, {});
    ASSERT_TRUE(heavy && light);
    EXPECT_GT(heavy->matching, 0);
    EXPECT_EQ(heavy->matching + light->matching, all.matching);
    for (const auto& document : heavy->documents) {
        EXPECT_GE(document.weight, middle);
    }
}

TEST(DocumentSearch, TheExplanationNamesThePlacesOfItsWordsAndAddsUp)
{
    SmallRun small;
    small.folder.write("train.jsonl", R"({"id":"a","title":"T","year":1999,"text":"In 1999 the CDC said that experts agree and studies show a gain in every school."})" "\n");
    const auto page = pageOf(small, "said that experts");
    ASSERT_EQ(page.documents.size(), 1U) << "the filter looks into the text";
    const auto& document = page.documents[0];
    EXPECT_EQ(document.year, "1999");
    EXPECT_TRUE(document.place.ends_with("train.jsonl:1")) << document.place;
    double authority = 0;
    int inText = 0;
    for (const auto& reason : document.reasons) {
        authority += reason.authority;
        if (reason.begin >= 0) {
            ++inText;
            ASSERT_LE(reason.end, static_cast<std::int64_t>(document.text.size()));
        }
    }
    EXPECT_GT(inText, 1);
    EXPECT_NEAR(authority, document.authority, 1e-9);
}

TEST(DocumentSearch, ShownWeightsAreThoseOfTheRun)
{
    SmallRun small;
    Tally tally;
    const auto config = small.config();
    const auto prepared = prepare({ config, small.folder.path(), tally, {}, [](const std::string&, double) {} });
    ASSERT_TRUE(prepared);
    const auto page = pageOf(small, "", 0, prepared->scale);
    double sum = 0;
    for (const auto& document : page.documents) {
        sum += document.weight;
        const auto info = prepared->documents.info(document.index);
        EXPECT_EQ(info.id, document.id);
        EXPECT_EQ(document.labelled, info.labels == data::LabelSource::Given);
        EXPECT_DOUBLE_EQ(document.weight, info.weight * prepared->scale.factor + prepared->scale.offset);
    }
    EXPECT_NEAR(sum / 24, 1.0, 1e-12);
}

TEST(DocumentSearch, ALongTextIsCutBetweenTwoCharacters)
{
    SmallRun small;
    std::string text = "a";
    for (int i = 0; i < 1500; ++i) {
        text += "é";
    }
    small.folder.write("train.jsonl", R"({"id":"long","text":")" + text + "\"}\n");
    const auto page = pageOf(small, "");
    ASSERT_EQ(page.documents.size(), 1U);
    EXPECT_EQ(page.documents[0].text, text.substr(0, 1999));
}

TEST(DocumentSearch, AStopEndsIt)
{
    const SmallRun small;
    std::stop_source stop;
    stop.request_stop();
    const auto page = findDocuments(small.config(), {}, {}, stop.get_token());
    ASSERT_FALSE(page);
    EXPECT_EQ(page.error().code, ErrorCode::Refused);
}

} // namespace
} // namespace dubito::session
