// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace dubito {

/// The module words: each is a folder, a namespace, a log channel, a row of the health table and a test folder.
enum class Module : std::uint8_t {
    Log,
    Config,
    Data,
    Tokenizer,
    Provenance,
    Distrust,
    Model,
    Train,
    Memory,
    Reload,
    Metrics,
    Health,
    Session,
};

inline constexpr std::size_t kModuleCount = 13;

inline constexpr std::array<std::string_view, kModuleCount> kModuleWords {
    "log", "config", "data", "tokenizer", "provenance", "distrust", "model", "train", "memory", "reload", "metrics",
    "health", "session"
};

constexpr std::size_t toIndex(Module module) { return static_cast<std::size_t>(module); }

constexpr std::string_view toWord(Module module) { return kModuleWords[toIndex(module)]; }

constexpr std::optional<Module> toModule(std::string_view word)
{
    for (std::size_t i = 0; i < kModuleCount; ++i) {
        if (kModuleWords[i] == word) {
            return static_cast<Module>(i);
        }
    }
    return std::nullopt;
}

} // namespace dubito
