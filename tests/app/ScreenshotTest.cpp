// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/app/SmallRun.h"

#include <gtest/gtest.h>
#include <algorithm>

namespace dubito::app {
namespace {

constexpr std::string_view kSignature = "\x89PNG\r\n\x1a\n";

/// Big-endian, as the head of the picture has it.
std::uint32_t numberAt(const std::string& picture, std::size_t offset)
{
    std::uint32_t number = 0;
    for (std::size_t i = 0; i < 4; ++i) {
        number = number << 8 | static_cast<unsigned char>(picture.at(offset + i));
    }
    return number;
}

/// The arguments for a picture of a small run; a later one of the same name wins.
SmallRun::Words pictureOf(const SmallRun& run, const std::filesystem::path& file, const SmallRun::Words& more)
{
    SmallRun::Words words { "--model", run.model(), "--data", SmallRun::source() / "resources/sample/train.jsonl",
        "--batch-size", "2", "--seq-len", "16", "--threads", "1", "--steps", "2000", "--size", "1200", "800",
        "--after-steps", "5", "--screenshot", file };
    words.insert(words.end(), more.begin(), more.end());
    return words;
}

Process::Setup unseen(const SmallRun& run)
{
    const std::string folder = run.folder().path();
    return { .environment
        = { { "QT_QPA_PLATFORM", "offscreen" }, { "TMPDIR", folder }, { "XDG_CONFIG_HOME", folder } } };
}

void expectRefusal(
    int exitCode, const std::string& told, const SmallRun::Words& more, const std::string& name = "window.png")
{
    const SmallRun run;
    Process process(DUBITO_DASHBOARD, pictureOf(run, run.folder().path() / name, more), unseen(run));
    ASSERT_TRUE(process.wait()) << process.err();
    EXPECT_EQ(process.exitCode(), exitCode) << process.err();
    EXPECT_NE(process.err().find(told), std::string::npos) << process.err();
}

TEST(Screenshot, WhatCannotBeDoneIsToldByTheSameExitCodesAsInTheTerminal)
{
    expectRefusal(2, "--bogus", { "--bogus" });
    expectRefusal(2, "did you mean distrust.lambda?", { "--set", "distrust.lamda=2" });
    expectRefusal(3, "nowhere", { "--model", "nowhere" });
    expectRefusal(6, "Choose another place", {}, "nowhere/window.png");
}

TEST(Screenshot, WithoutADisplayOneIsToldWhatToDo)
{
    const SmallRun run;
    for (const std::string display : { "", ":987" }) {
        Process process(DUBITO_DASHBOARD, {},
            { .environment = { { "DISPLAY", display }, { "WAYLAND_DISPLAY", "" }, { "QT_QPA_PLATFORM", "xcb" },
                  { "XDG_CONFIG_HOME", run.folder().path() } } });
        ASSERT_TRUE(process.wait()) << process.err();
        EXPECT_EQ(process.exitCode(), 2) << process.err();
        for (const char* told : { "no window can be opened", "dubito train", "./run --headless", "QT_QPA_PLATFORM=offscreen" }) {
            EXPECT_NE(process.err().find(told), std::string::npos) << told << " is missing in: " << process.err();
        }
    }
}

TEST(Screenshot, APictureOfARunIsWrittenAndTheProgramEndsWell)
{
    const SmallRun run;
    const auto file = run.folder().path() / "window.png";
    Process process(DUBITO_DASHBOARD, pictureOf(run, file, {}), unseen(run));
    ASSERT_TRUE(process.wait()) << process.err();
    ASSERT_EQ(process.exitCode(), 0) << process.err();

    std::ifstream in(file, std::ios::binary);
    const std::string picture((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    ASSERT_TRUE(picture.starts_with(kSignature));
    EXPECT_EQ(numberAt(picture, 16), 1200U);
    EXPECT_EQ(numberAt(picture, 20), 800U);
    // Pixels of one colour are squeezed to a thousandth; text and curves are not.
    EXPECT_GT(picture.size(), 50'000U);
    EXPECT_TRUE(std::ranges::none_of(run.folder().names(), [](const std::string& name) {
        return name.starts_with("dubito-picture-");
    })) << "the run of the picture leaves nothing behind";
}

} // namespace
} // namespace dubito::app
