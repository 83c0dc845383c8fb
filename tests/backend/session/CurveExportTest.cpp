// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/CurveExport.h"

#include "backend/base/AtomicFile.h"
#include "tests/support/TemporaryFolder.h"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

namespace dubito::session {
namespace {

std::size_t linesOf(const std::string& text) { return static_cast<std::size_t>(std::ranges::count(text, '\n')); }

TEST(CurveExport, EveryStepIsARowAndWhatIsNotKnownIsEmpty)
{
    const TemporaryFolder folder;
    const auto from = folder.write("metrics.jsonl",
        "{\"step\":1,\"time\":0.5,\"ce\":0.1}\n{\"step\":2,\"time\":1,\"ce\":null}\nnonsense\n{\"step\":3,\"time\":1.5,\"weighted_ce\":3}\n");
    const auto to = folder.path() / "curves.csv";
    const auto steps = exportCurves(from, to);
    ASSERT_TRUE(steps) << toText(steps.error());
    EXPECT_EQ(*steps, 3);
    const auto text = readText(to);
    ASSERT_TRUE(text);
    EXPECT_TRUE(text->starts_with("step,seconds,ce,weighted_ce,")) << text->substr(0, 60);
    EXPECT_NE(text->find("\n1,0.5,0.1,,"), std::string::npos) << *text;
    EXPECT_NE(text->find("\n3,1.5,,3,"), std::string::npos) << *text;
    EXPECT_EQ(linesOf(*text), 4U);
}

TEST(CurveExport, ItIsNotThinnedAndLeavesNoHalfAFile)
{
    const TemporaryFolder folder;
    std::string lines;
    for (int step = 1; step <= 20'000; ++step) {
        lines += "{\"step\":" + std::to_string(step) + ",\"time\":1,\"ce\":4}\n";
    }
    const auto from = folder.write("metrics.jsonl", lines);
    const auto to = folder.path() / "curves.csv";
    std::stop_source source;
    source.request_stop();
    EXPECT_EQ(exportCurves(from, to, { .stop = source.get_token() }).error().code, ErrorCode::Refused);
    EXPECT_FALSE(std::filesystem::exists(to));
    ASSERT_TRUE(exportCurves(from, to));
    EXPECT_EQ(linesOf(*readText(to)), 20'001U);
    EXPECT_FALSE(exportCurves(folder.path() / "absent.jsonl", folder.path() / "no.csv"));
    EXPECT_FALSE(std::filesystem::exists(folder.path() / "no.csv"));
}

TEST(CurveExport, TheWindowAsksAThread)
{
    const TemporaryFolder folder;
    const auto from = folder.write("metrics.jsonl", "{\"step\":1,\"time\":1,\"ce\":4}\n");
    const CurveExport curves(from, folder.path() / "curves.csv");
    const auto giveUp = std::chrono::steady_clock::now() + std::chrono::seconds(40);
    while (!curves.outcome() && std::chrono::steady_clock::now() < giveUp) {
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    ASSERT_TRUE(curves.outcome());
    EXPECT_EQ(curves.outcome()->value(), 1);
}

} // namespace
} // namespace dubito::session
