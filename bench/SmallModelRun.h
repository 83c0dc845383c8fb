// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/TemporaryFolder.h"

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace dubito::bench {

/// A run of the real program with a model that takes half a millisecond a step, in a folder that goes with the object.
class SmallModelRun {
public:
    using Words = std::vector<std::string>;

    /// `model` empty: one layer of 16 with the shipped tokenizer.
    explicit SmallModelRun(std::filesystem::path model = {});

    /// Trains; the exit code. `more` are further arguments of `dubito train`.
    int train(const Words& more) const;

    /// The same under `dubito supervise`, which begins it anew when it asks for that.
    int supervise(const Words& more) const;

    const std::filesystem::path& folder() const { return m_folder.path(); }

    std::vector<nlohmann::json> events() const { return parsed("events.jsonl"); }
    std::vector<nlohmann::json> metrics() const { return parsed("metrics.jsonl"); }

    /// Where the program and its resources are; thrown at when there is none.
    static std::filesystem::path program();
    static std::filesystem::path resources();

private:
    Words trainWords(const Words& more) const;
    std::vector<nlohmann::json> parsed(const std::string& name) const;

    TemporaryFolder m_folder;
    std::filesystem::path m_model;
};

} // namespace dubito::bench
