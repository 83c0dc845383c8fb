// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/SmallModelRun.h"

#include "tests/support/Process.h"

#include <fstream>
#include <stdexcept>

namespace dubito::bench {

namespace {

int exitCodeOf(const SmallModelRun::Words& words)
{
    Process process(SmallModelRun::program(), words);
    if (!process.wait()) {
        throw std::runtime_error("a run did not end in time");
    }
    return process.exitCode();
}

} // namespace

SmallModelRun::SmallModelRun(std::filesystem::path model) : m_model(std::move(model))
{
    if (!m_model.empty()) {
        return;
    }
    m_model = m_folder.path() / "model";
    const auto shipped = resources() / "tiny";
    std::filesystem::create_directories(m_model);
    std::filesystem::copy_file(shipped / "tokenizer.json", m_model / "tokenizer.json");
    auto config = nlohmann::json::parse(std::ifstream(shipped / "config.json"));
    config.update({ { "hidden_size", 16 }, { "intermediate_size", 32 }, { "num_hidden_layers", 1 },
        { "num_attention_heads", 2 }, { "num_key_value_heads", 1 }, { "head_dim", 8 } });
    m_folder.write("model/config.json", config.dump());
}

SmallModelRun::Words SmallModelRun::trainWords(const Words& more) const
{
    Words words { "train", "--model", m_model, "--data", resources() / "sample/train.jsonl", "--output",
        m_folder.path() / "run", "--batch-size", "2", "--seq-len", "16", "--threads", "1", "--set",
        "memory.threshold_percentage=100", "--set", "memory.pause_available_gb=0", "--set",
        "memory.abort_available_gb=0" };
    words.insert(words.end(), more.begin(), more.end());
    return words;
}

int SmallModelRun::train(const Words& more) const { return exitCodeOf(trainWords(more)); }

int SmallModelRun::supervise(const Words& more) const
{
    Words words { "supervise", "--wait", "0.01", "--leak-mb-per-minute", "0", "--", program() };
    const Words training = trainWords(more);
    words.insert(words.end(), training.begin(), training.end());
    return exitCodeOf(words);
}

std::filesystem::path SmallModelRun::program()
{
    const auto beside = std::filesystem::read_symlink("/proc/self/exe").parent_path() / "dubito";
    if (!std::filesystem::exists(beside)) {
        throw std::runtime_error("there is no program " + beside.string() + "; build the target dubito first");
    }
    return beside;
}

std::filesystem::path SmallModelRun::resources() { return std::filesystem::path(DUBITO_SOURCE_DIR) / "resources"; }

std::vector<nlohmann::json> SmallModelRun::parsed(const std::string& name) const
{
    std::ifstream in(m_folder.path() / "run" / name, std::ios::binary);
    std::vector<nlohmann::json> found;
    for (std::string line; std::getline(in, line) && !in.eof();) {
        found.push_back(nlohmann::json::parse(line));
    }
    return found;
}

} // namespace dubito::bench
