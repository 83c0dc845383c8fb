// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/ProbeCommand.h"

#include "app/cli/ProbeOperations.h"
#include "tests/app/SmallRun.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sstream>

namespace dubito::app {
namespace {

struct Probed {
    int exitCode = -1;
    std::string out;
    std::string problems;
};

Probed probed(const SmallRun& run, const std::string& operation, const std::vector<config::Assignment>& more = {})
{
    constexpr std::int64_t times = 42;
    ProbeQuestion question;
    question.operation = operation;
    question.wishes.times = times;
    question.form = ProbeForm::Json;
    question.sources.flags = { { "model.path", run.model(), "" },
        { "data.path", SmallRun::source() / "resources/sample/val.jsonl", "" }, { "training.batch_size", "2", "" },
        { "training.seq_len", "16", "" }, { "training.threads", "1", "" } };
    question.sources.flags.insert(question.sources.flags.end(), more.begin(), more.end());
    std::ostringstream out;
    std::ostringstream problems;
    Probed answer;
    answer.exitCode = probe(question, out, problems);
    answer.out = out.str();
    answer.problems = problems.str();
    return answer;
}

TEST(ProbeCommand, NoOperationOfOursLeaks)
{
    const SmallRun run;
    for (const ProbeOperation& operation : probeOperations()) {
        const auto answer = probed(run, std::string(operation.name));
        ASSERT_EQ(answer.exitCode, 0) << answer.out << answer.problems;
        const auto json = nlohmann::json::parse(answer.out);
        EXPECT_EQ(json.at("verdict"), "no leak");
        EXPECT_EQ(json.at("times"), 42);
        EXPECT_EQ(json.at("streams").at("tensors").at("grown_mb"), 0) << operation.name;
    }
}

TEST(ProbeCommand, AnAdapterIsProbedOverItsBase)
{
    const SmallRun run;
    for (const char* operation : { "step", "load", "checkpoint" }) {
        const auto answer = probed(run, operation, { { "training.lora_rank", "2", "" } });
        EXPECT_EQ(answer.exitCode, 0) << operation << answer.out << answer.problems;
    }
}

TEST(ProbeCommand, AnUnknownOperationIsAUsageError)
{
    const auto answer = probed(SmallRun(), "dance");
    EXPECT_EQ(answer.exitCode, 2);
    EXPECT_NE(answer.problems.find("dance"), std::string::npos);
}

TEST(ProbeCommand, AModelThatIsNotThereIsRefused)
{
    const SmallRun run;
    std::filesystem::remove_all(run.model());
    const auto answer = probed(run, "load");
    EXPECT_EQ(answer.exitCode, 3) << answer.problems;
}

} // namespace
} // namespace dubito::app
