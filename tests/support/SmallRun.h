// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/config/ConfigLayers.h"
#include "backend/log/Log.h"
#include "backend/metrics/MetricsFile.h"
#include "backend/metrics/MetricsReading.h"
#include "backend/session/EventLog.h"
#include "tests/support/TemporaryFolder.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dubito::session {

/// A whole run in a folder of its own: a model of 39,000 parameters with the shipped tokenizer, 24 documents, 6 held out.
/// A step takes some milliseconds. Set keys, then give it to a RunStage, or layered() to a Session.
class SmallRun {
public:
    SmallRun()
    {
        const std::filesystem::path tiny = std::filesystem::path(DUBITO_SOURCE_DIR) / "resources/tiny";
        std::filesystem::create_directories(folder.path() / "small");
        std::filesystem::copy_file(tiny / "tokenizer.json", folder.path() / "small/tokenizer.json");
        folder.write("small/config.json", modelConfig(2361, 64));
        folder.write("train.jsonl", corpus(24));
        folder.write("val.jsonl", corpus(6));
        set("model.path", (folder.path() / "small").string());
        set("data.path", (folder.path() / "train.jsonl").string());
        set("data.validation", (folder.path() / "val.jsonl").string());
        set("training.output", output().string());
        set("training.steps", "12");
        set("training.batch_size", "2");
        set("training.seq_len", "24");
        set("training.learning_rate", "0.01");
        set("training.warmup_steps", "2");
        set("training.threads", "1");
        set("training.evaluation_interval", "5");
        set("training.checkpoint_interval", "0");
    }

    static std::string modelConfig(int vocabulary, int positions)
    {
        return fmt::format(R"({{"architectures":["LlamaForCausalLM"],"model_type":"llama","vocab_size":{},"hidden_size":16,)"
                           R"("intermediate_size":24,"num_hidden_layers":1,"num_attention_heads":2,"num_key_value_heads":1,)"
                           R"("head_dim":8,"hidden_act":"silu","max_position_embeddings":{},"rms_norm_eps":1e-5,)"
                           R"("rope_theta":10000.0,"tie_word_embeddings":true}})",
            vocabulary, positions);
    }

    /// Documents that differ in text, class and labels; every fourth has none.
    static std::string corpus(int documents)
    {
        static constexpr const char* kSources[] { "patent", "wiki", "news", "blog" };
        std::string text;
        for (int i = 0; i < documents; ++i) {
            const std::string labels = i % 4 == 3
                ? ""
                : fmt::format(R"(,"auth_weight":{},"prov_entropy":{})", 0.05 + 0.2 * (i % 4), 4.5 - (i % 4));
            text += fmt::format(R"({{"id":"doc-{}","text":"The river of number {} went its way to the {} of {}.",)"
                                R"("source_type":"{}"{}}})",
                        i, i * 37 % 101, i % 2 == 0 ? "sea" : "old mill", i * i, kSources[i % 4], labels)
                + "\n";
        }
        return text;
    }

    SmallRun& set(const std::string& key, const std::string& value)
    {
        std::erase_if(m_flags, [&](const config::Assignment& flag) { return flag.key == key; });
        m_flags.push_back({ key, value, "--set" });
        return *this;
    }

    config::ConfigSources sources() const
    {
        config::ConfigSources sources;
        sources.flags = m_flags;
        return sources;
    }

    config::LayeredConfig layered() const
    {
        auto layered = config::layerConfig(sources());
        for (const Error& problem : layered.problems) {
            ADD_FAILURE() << toText(problem);
        }
        return layered;
    }

    config::Config config() const { return layered().config; }

    std::filesystem::path output() const { return folder.path() / "run"; }

    std::vector<metrics::MetricsLine> metricsLines() const
    {
        std::vector<metrics::MetricsLine> lines;
        const auto read = metrics::readMetrics(
            output() / "metrics.jsonl", [&](const metrics::MetricsLine& line) { lines.push_back(line); });
        EXPECT_TRUE(read) << (read ? "" : toText(read.error()));
        return lines;
    }

    /// The curve of the run: what must be equal bit for bit.
    std::vector<std::pair<std::int64_t, double>> curve(metrics::Metric metric = metrics::Metric::CrossEntropy) const
    {
        std::vector<std::pair<std::int64_t, double>> points;
        for (const auto& line : metricsLines()) {
            for (const auto& [which, value] : line.values) {
                if (which == metric) {
                    points.emplace_back(line.step, value);
                }
            }
        }
        return points;
    }

    std::vector<Event> events() const
    {
        std::vector<Event> found;
        static_cast<void>(readEvents(output() / "events.jsonl", [&](Event event) { found.push_back(std::move(event)); }));
        return found;
    }

    /// "start checkpoint finish": the kinds of events.jsonl in their order.
    std::string story() const
    {
        std::string text;
        for (const Event& event : events()) {
            text += (text.empty() ? "" : " ") + std::string(toWord(event.kind));
        }
        return text;
    }

    TemporaryFolder folder;
    log::Log quiet { { .level = log::LogLevel::Info, .console = log::Console::Off, .tailLines = 100 } };

private:
    std::vector<config::Assignment> m_flags;
};

} // namespace dubito::session
