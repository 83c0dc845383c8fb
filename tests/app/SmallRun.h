// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/Process.h"
#include "tests/support/TemporaryFolder.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace dubito::app {

/// A run that takes a millisecond a step: a model of one layer of 16 with the shipped tokenizer, on the shipped sample.
/// The folder and everything in it goes with the object.
class SmallRun {
public:
    using Words = std::vector<std::string>;

    SmallRun()
    {
        const auto shipped = source() / "resources/tiny";
        std::filesystem::create_directories(model());
        std::filesystem::copy_file(shipped / "tokenizer.json", model() / "tokenizer.json");
        auto config = nlohmann::json::parse(std::ifstream(shipped / "config.json"));
        config.update({ { "hidden_size", 16 }, { "intermediate_size", 32 }, { "num_hidden_layers", 1 },
            { "num_attention_heads", 2 }, { "num_key_value_heads", 1 }, { "head_dim", 8 } });
        m_folder.write("model/config.json", config.dump());
    }

    const TemporaryFolder& folder() const { return m_folder; }
    std::filesystem::path model() const { return m_folder.path() / "model"; }
    std::filesystem::path output() const { return m_folder.path() / "run"; }

    /// The arguments of "dubito train"; a later one of the same name wins.
    Words train(const Words& more) const
    {
        Words words { "train", "--model", model(), "--data", source() / "resources/sample/train.jsonl", "--output",
            output(), "--steps", "60", "--batch-size", "2", "--seq-len", "16", "--threads", "1", "--set",
            "memory.threshold_percentage=100", "--set", "memory.pause_available_gb=0", "--set",
            "memory.abort_available_gb=0" };
        words.insert(words.end(), more.begin(), more.end());
        return words;
    }

    /// Trains to the end, and says so when the end was another one.
    void trainExpecting(int exitCode, const Words& more) const
    {
        Process process(DUBITO_PROGRAM, train(more));
        ASSERT_TRUE(process.wait()) << process.err();
        ASSERT_EQ(process.exitCode(), exitCode) << process.err();
    }

    std::size_t metricsLines() const { return lines("metrics.jsonl").size(); }

    /// The cross-entropy of every step as it stands in the file, digit for digit. The steps must be 1, 2, 3 ….
    Words crossEntropies() const
    {
        Words values;
        for (const std::string& line : lines("metrics.jsonl")) {
            EXPECT_EQ(nlohmann::json::parse(line).at("step"), values.size() + 1) << line;
            const std::size_t from = line.find("\"ce\":");
            values.push_back(line.substr(from, line.find(',', from) - from));
        }
        return values;
    }

    std::vector<nlohmann::json> metrics() const { return parsed("metrics.jsonl"); }

    std::vector<nlohmann::json> events(const std::string& kind) const
    {
        std::vector<nlohmann::json> found;
        for (auto& event : parsed("events.jsonl")) {
            if (event.at("kind") == kind) {
                found.push_back(std::move(event));
            }
        }
        return found;
    }

    static std::filesystem::path source() { return DUBITO_SOURCE_DIR; }

private:
    /// Whole lines; what a write has begun is not one yet.
    Words lines(const std::string& name) const
    {
        std::ifstream in(output() / name, std::ios::binary);
        Words found;
        for (std::string line; std::getline(in, line) && !in.eof();) {
            found.push_back(line);
        }
        return found;
    }

    std::vector<nlohmann::json> parsed(const std::string& name) const
    {
        std::vector<nlohmann::json> found;
        for (const std::string& line : lines(name)) {
            found.push_back(nlohmann::json::parse(line));
        }
        return found;
    }

    TemporaryFolder m_folder;
};

inline SmallRun::Words with(SmallRun::Words words, const SmallRun::Words& more)
{
    words.insert(words.end(), more.begin(), more.end());
    return words;
}

/// What a run that nobody disturbs writes.
inline SmallRun::Words undisturbed(const SmallRun::Words& arguments)
{
    const SmallRun run;
    run.trainExpecting(0, arguments);
    return run.crossEntropies();
}

struct Answer {
    int exitCode = -1;
    std::string out;
    std::string err;
};

/// What `dubito` says to these words.
inline Answer ask(const SmallRun::Words& words, const Process::Setup& setup = {})
{
    Process process(DUBITO_PROGRAM, words, setup);
    EXPECT_TRUE(process.wait()) << process.err();
    return { process.exitCode(), process.out(), process.err() };
}

} // namespace dubito::app
