// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/app/SmallRun.h"

#include <gmock/gmock.h>

#include <sstream>

namespace dubito::app {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class ExitCode : public testing::Test {
protected:
    Answer train(const SmallRun::Words& more, const Process::Setup& setup = {}) const
    {
        return ask(run.train(more), setup);
    }
    std::string write(const std::string& name, const std::string& text) const { return run.folder().write(name, text); }

    SmallRun run;
};

TEST_F(ExitCode, IsZeroWhenAllStepsAreDone)
{
    const auto answer = train({});
    EXPECT_EQ(answer.exitCode, 0);
    EXPECT_THAT(answer.err, HasSubstr("step 60 of 60"));
    EXPECT_TRUE(std::filesystem::exists(run.output() / "final/model.safetensors"));
    EXPECT_EQ(ask({ "--version" }).exitCode, 0);
    EXPECT_EQ(ask({ "train", "--help" }).exitCode, 0);
}

TEST_F(ExitCode, IsTwoForAFlagThatDoesNotExist)
{
    const auto answer = train({ "--bogus" });
    EXPECT_EQ(answer.exitCode, 2);
    EXPECT_THAT(answer.err, AllOf(HasSubstr("--bogus"), HasSubstr("--help")));
    EXPECT_EQ(ask({}).exitCode, 2);
    EXPECT_EQ(train({ "--drill", "activations" }).exitCode, 2);
}

TEST_F(ExitCode, IsTwoForABadConfigurationAndAllItsProblemsAreToldAtOnce)
{
    const auto file = write("my.yaml", "training:\n  stepz: 3\n");
    const auto answer
        = train({ "--config", file, "--set", "distrust.lamda=2", "--steps", "-5", "--learning-rate", "99" });
    EXPECT_EQ(answer.exitCode, 2);
    EXPECT_THAT(answer.err,
        AllOf(HasSubstr("my.yaml:2"), HasSubstr("did you mean training.steps?"),
            HasSubstr("did you mean distrust.lambda?"), HasSubstr("from 1 to 1,000,000,000 steps, not \"-5\""),
            HasSubstr("from 0 to 10, not \"99\""), HasSubstr("nothing was started")));
    EXPECT_FALSE(std::filesystem::exists(run.output()));
}

TEST_F(ExitCode, IsTwoForAUsedFolderThatIsNotToBeResumed)
{
    const auto kept = write("run/metrics.jsonl", "{\"step\":1}\n");
    const auto answer = train({});
    EXPECT_EQ(answer.exitCode, 2);
    EXPECT_THAT(answer.err, AllOf(HasSubstr(run.output()), HasSubstr("--resume"), HasSubstr("--output")));
    EXPECT_EQ(std::filesystem::file_size(kept), 11U) << "the run that was there is untouched";
}

TEST_F(ExitCode, IsTwoForAResumeThatDoesNotSayOfWhat)
{
    const auto answer = ask({ "train", "--resume" });
    EXPECT_EQ(answer.exitCode, 2);
    EXPECT_THAT(answer.err, AllOf(HasSubstr("--resume"), HasSubstr("which run"), HasSubstr("--output")));
}

TEST_F(ExitCode, IsTwoForAFolderInWhichAnotherProcessTrains)
{
    Process other(DUBITO_PROGRAM, run.train({ "--steps", "1000000" }));
    ASSERT_TRUE(other.waitUntil([&] { return run.metricsLines() > 0; })) << other.err();
    const auto answer = train({ "--resume" });
    EXPECT_EQ(answer.exitCode, 2);
    EXPECT_THAT(answer.err, AllOf(HasSubstr(run.output()), HasSubstr("another process"), HasSubstr("--output")));
}

TEST_F(ExitCode, IsThreeForAModelThatIsNotThere)
{
    const auto answer = train({ "--model", run.folder().path() / "nowhere" });
    EXPECT_EQ(answer.exitCode, 3);
    EXPECT_THAT(answer.err, AllOf(HasSubstr("nowhere"), HasSubstr("--model")));
}

TEST_F(ExitCode, IsThreeForWeightsThatWereCutShort)
{
    run.trainExpecting(0, { "--steps", "1" });
    const auto weights = run.model() / "model.safetensors";
    std::filesystem::copy_file(run.output() / "final/model.safetensors", weights);
    std::filesystem::resize_file(weights, 20'000);
    const auto answer = train({ "--output", run.folder().path() / "second" });
    EXPECT_EQ(answer.exitCode, 3);
    EXPECT_THAT(answer.err, AllOf(HasSubstr(weights), HasSubstr("cut short"), HasSubstr("fetch it again")));
}

TEST_F(ExitCode, IsThreeForATokenizerThatDoesNotBelongToTheModel)
{
    auto config = nlohmann::json::parse(std::ifstream(run.model() / "config.json"));
    config["vocab_size"] = 1000;
    write("model/config.json", config.dump());
    const auto answer = train({});
    EXPECT_EQ(answer.exitCode, 3);
    EXPECT_THAT(
        answer.err, AllOf(HasSubstr(run.model()), HasSubstr("2,361"), HasSubstr("1,000"), HasSubstr("take both")));
}

TEST_F(ExitCode, IsThreeForACorpusWithoutDocuments)
{
    const auto nothing = train({ "--data", write("empty.jsonl", "") });
    EXPECT_EQ(nothing.exitCode, 3);
    EXPECT_THAT(
        nothing.err, AllOf(HasSubstr("empty.jsonl"), HasSubstr("is empty"), HasSubstr("one JSON object a line")));
    const auto absent
        = train({ "--data", run.folder().path() / "absent.jsonl", "--output", run.folder().path() / "second" });
    EXPECT_EQ(absent.exitCode, 3);
    EXPECT_THAT(absent.err, AllOf(HasSubstr("absent.jsonl"), HasSubstr("--data")));
    EXPECT_FALSE(std::filesystem::exists(run.folder().path() / "second")) << "a slip of the pen leaves no run behind";
}

TEST_F(ExitCode, IsThreeForACorpusWhoseLabelsAreNoNumbers)
{
    const std::string line = R"({"text": "Salt went by the upper road.", "auth_weight": NaN, "prov_entropy": 3.5})";
    const auto answer = train({ "--data", write("nan.jsonl", line + "\n" + line + "\n") });
    EXPECT_EQ(answer.exitCode, 3);
    EXPECT_THAT(answer.err,
        AllOf(HasSubstr("nan.jsonl"), HasSubstr("2 lines were refused"), HasSubstr("line 1"), HasSubstr("NaN")));
}

TEST_F(ExitCode, IsThreeForATraceThatIsNotThere)
{
    const auto answer = ask({ "leak", run.folder().path() / "nowhere.csv" });
    EXPECT_EQ(answer.exitCode, 3);
    EXPECT_THAT(answer.err, AllOf(HasSubstr("nowhere.csv"), HasSubstr("no such file")));
}

TEST_F(ExitCode, IsFourWhereverTheSystemRefusesMemory)
{
#ifdef DUBITO_SANITIZED
    GTEST_SKIP() << "a sanitizer needs addresses without a limit";
#endif
    int refused = 0;
    for (const rlim_t mb : { 100U, 130U, 160U, 190U, 220U, 250U, 280U, 310U, 340U, 370U, 400U }) {
        const auto folder = run.folder().path() / std::to_string(mb);
        const auto answer = train({ "--output", folder, "--steps", "2", "--threads", "2" }, { .addressLimit = mb << 20 });
        if (answer.err.find("error while loading shared libraries") != std::string::npos) {
            continue; // before the first line of the program
        }
        EXPECT_THAT(answer.exitCode, testing::AnyOf(0, 4)) << mb << " MiB: " << answer.err;
        if (answer.exitCode == 4) {
            ++refused;
            EXPECT_THAT(answer.err, testing::AnyOf(HasSubstr("memory"), HasSubstr("threads"))) << mb << " MiB";
        }
    }
    EXPECT_GT(refused, 0) << "the smallest limits are none";
}

TEST_F(ExitCode, IsFiveWhenTheRunDiverges)
{
    const auto answer = train({ "--learning-rate", "10", "--warmup-steps", "0", "--set", "training.clip=0", "--set",
        "training.weight_decay=10", "--checkpoint-interval", "2" });
    EXPECT_EQ(answer.exitCode, 5);
    EXPECT_THAT(answer.err,
        AllOf(HasSubstr("step 4"), HasSubstr("not finite"), HasSubstr("the documents of this step are"),
            HasSubstr("the last good checkpoint is"), HasSubstr("checkpoint-2"), HasSubstr("training.learning_rate")));
    EXPECT_EQ(run.events("fail").size(), 1U);
}

TEST_F(ExitCode, IsSixWhenTheOutputCannotBeAFolder)
{
    const auto answer = train({ "--output", write("file", "") + "/run" });
    EXPECT_EQ(answer.exitCode, 6);
    EXPECT_THAT(answer.err, AllOf(HasSubstr("file/run"), HasSubstr("Not a directory"), HasSubstr("--output")));
}

TEST_F(ExitCode, IsSixWhenTheDiskIsFullAndWhatWasSavedStays)
{
    run.trainExpecting(0, { "--checkpoint-interval", "20", "--steps", "40" });
    // Enough for the metrics and the weights, not for the optimizer's moments.
    const auto answer = train({ "--resume", "--checkpoint-interval", "20" }, { .fileSizeLimit = 200'000 });
    EXPECT_EQ(answer.exitCode, 6);
    EXPECT_THAT(answer.err, AllOf(HasSubstr("optimizer.safetensors"), HasSubstr("File too large")));
    for (const auto& entry : std::filesystem::directory_iterator(run.output())) {
        const auto name = entry.path().filename().string();
        EXPECT_TRUE(!name.starts_with("checkpoint-") || name == "checkpoint-20" || name == "checkpoint-40") << name;
    }
    // Once there is room again, nothing is missing.
    run.trainExpecting(0, { "--resume" });
    EXPECT_EQ(run.crossEntropies().size(), 60U);
    EXPECT_EQ(run.events("resume").size(), 2U);
}

TEST_F(ExitCode, IsSixWhenTheMetricsCannotBeWritten)
{
    const auto answer = train({}, { .fileSizeLimit = 20'000 });
    EXPECT_EQ(answer.exitCode, 6);
    EXPECT_THAT(answer.err, AllOf(HasSubstr("metrics.jsonl"), HasSubstr("File too large")));
}

TEST_F(ExitCode, IsTenWhenTheLeakThatWasAskedForIsFound)
{
    std::ostringstream trace;
    trace << "step,rss_mb\n";
    for (int step = 0; step < 1500; ++step) {
        trace << step << ',' << 700 + 2 * step << '\n';
    }
    const auto file = write("trace.csv", trace.str());
    EXPECT_EQ(ask({ "leak", file, "--fail-on", "act" }).exitCode, 10);
    EXPECT_EQ(ask({ "leak", file }).exitCode, 0);
}

TEST_F(ExitCode, IsSeventyFiveWhenStoppedOnRequestAndTheRunCanGoOn)
{
    for (const int number : { SIGTERM, SIGINT }) {
        const std::size_t before = run.metricsLines();
        Process process(DUBITO_PROGRAM, run.train({ "--resume", "--steps", "1000000" }));
        ASSERT_TRUE(process.waitUntil([&] { return run.metricsLines() > before; })) << process.err();
        process.signal(number);
        ASSERT_TRUE(process.wait());
        EXPECT_EQ(process.exitCode(), 75) << process.err();
        const std::string folder = run.output().string();
        EXPECT_THAT(process.err(), HasSubstr("go on with dubito train --config " + folder + "/run.yaml --resume --output " + folder));
        const auto stop = run.events("stop").back();
        EXPECT_EQ(stop.at("cause"), "signal");
        EXPECT_TRUE(std::filesystem::exists(run.output() / ("checkpoint-" + stop.at("step").dump()) / "manifest.json"));
        EXPECT_EQ(run.crossEntropies().size(), stop.at("step"));
    }
    EXPECT_EQ(run.events("resume").size(), 1U);
}

} // namespace
} // namespace dubito::app
