// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/common/Tell.h"

#include "app/common/ConfigOptions.h"

#include <CLI/CLI.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dubito::app {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

struct Said {
    std::optional<int> exitCode;
    std::string err;
};

/// What a program with the commands train and plan says to these words.
Said sayTo(std::vector<const char*> words)
{
    CLI::App program { "a program", "dubito" };
    program.require_subcommand(1);
    ConfigOptions options;
    addConfigOptions(*program.add_subcommand("train", "trains"), options);
    program.add_subcommand("plan", "plans");
    words.insert(words.begin(), "dubito");
    testing::internal::CaptureStderr();
    const auto ended = parseWords(program, static_cast<int>(words.size()), words.data());
    return { ended, testing::internal::GetCapturedStderr() };
}

TEST(Tell, GoodWordsSayNothingAndGoOn)
{
    const auto said = sayTo({ "train", "--steps", "5" });
    EXPECT_FALSE(said.exitCode);
    EXPECT_EQ(said.err, "");
}

TEST(Tell, AMisspeltCommandIsNamedWithTheOneThatWasMeant)
{
    const auto said = sayTo({ "tran" });
    EXPECT_EQ(said.exitCode, 2);
    EXPECT_EQ(said.err, "dubito: dubito has no command \"tran\"; did you mean train?\ndubito --help says more\n");
}

TEST(Tell, AMisspeltOptionIsNamedWithTheOneThatWasMeant)
{
    EXPECT_EQ(sayTo({ "train", "--step", "5" }).err,
        "dubito: dubito train has no option --step; did you mean --steps?\ndubito train --help says more\n");
    EXPECT_THAT(sayTo({ "train", "--step=5" }).err, HasSubstr("no option --step; did you mean --steps?"));
    EXPECT_THAT(sayTo({ "train", "--zzzzzz" }).err, AllOf(HasSubstr("--zzzzzz"), Not(HasSubstr("did you mean"))));
}

TEST(Tell, AWordTooManyIsNamed)
{
    const auto said = sayTo({ "train", "extra" });
    EXPECT_EQ(said.exitCode, 2);
    EXPECT_THAT(said.err, HasSubstr("\"extra\""));
}

TEST(Tell, WithoutACommandThereIsTheListOfThem)
{
    const auto said = sayTo({});
    EXPECT_EQ(said.exitCode, 2);
    EXPECT_THAT(said.err, HasSubstr("which command? There are train, plan\n"));
}

TEST(Tell, AnOptionWithoutItsValueIsNamed)
{
    const auto said = sayTo({ "train", "--steps" });
    EXPECT_EQ(said.exitCode, 2);
    EXPECT_THAT(said.err, AllOf(HasSubstr("dubito: --steps"), HasSubstr("dubito train --help")));
}

TEST(Tell, AnErrorIsToldWithItsPlaceAndHasTheExitCodeOfItsKind)
{
    testing::internal::CaptureStderr();
    EXPECT_EQ(tell({ ErrorCode::Data, "holds no document", "train.jsonl" }), 3);
    EXPECT_EQ(testing::internal::GetCapturedStderr(), "dubito: train.jsonl: holds no document\n");
}

TEST(Tell, EverythingThatIsWrongOrOddInAConfigurationIsToldBeforeItIsRefused)
{
    config::ConfigSources sources;
    sources.environment = { { "DUBITO_TRAINING_STEP", "1" } };
    sources.flags = { { "training.steps", "x", "--steps" }, { "training.seq_len", "0", "--seq-len" } };
    testing::internal::CaptureStderr();
    const auto layered = layersOf(sources);
    const std::string err = testing::internal::GetCapturedStderr();
    ASSERT_FALSE(layered);
    EXPECT_EQ(layered.error().code, ErrorCode::Usage);
    EXPECT_THAT(layered.error().message, HasSubstr("2 problems"));
    EXPECT_THAT(err, AllOf(HasSubstr("warning: DUBITO_TRAINING_STEP: "), HasSubstr("--steps: "), HasSubstr("--seq-len: ")));
}

} // namespace
} // namespace dubito::app
