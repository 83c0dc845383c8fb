// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/DocumentSearch.h"

#include "backend/session/Preparation.h"
#include "tests/support/SmallRun.h"

#include <gtest/gtest.h>

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
