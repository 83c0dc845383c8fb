// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Error.h"
#include "backend/config/Config.h"

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace dubito::config {

/// The layers, weakest first.
enum class Layer : std::uint8_t { Default, Embedded, Profile, Preset, File, Environment, Flag, Window };

inline constexpr std::array<std::string_view, 8> kLayerWords { "default", "embedded model", "profile", "preset", "file",
    "environment", "flag", "window" };
constexpr std::string_view toWord(Layer layer) { return kLayerWords[static_cast<std::size_t>(layer)]; }

/// Where a value came from.
struct Origin {
    std::string key; ///< "training.batch_size"
    Layer layer = Layer::Default;
    std::string place; ///< "my.yaml:4", "DUBITO_TRAINING_BATCH_SIZE", "--batch-size"; empty for a default

    friend bool operator==(const Origin&, const Origin&) = default;
};

/// The configuration in force as one sees it from outside.
struct ConfigStatus {
    std::shared_ptr<const Config> inForce; ///< what the run works with
    std::shared_ptr<const Config> nextStart; ///< what the next start takes; the same pointer when nothing waits for it
    std::uint64_t revision = 0;
    std::string file; ///< path of the file it came from; empty: none
    std::vector<Origin> origins; ///< one per key, of nextStart
    std::vector<Error> refused; ///< why the newest file was not taken; empty when all is well
    bool changedOutside = false; ///< the file on disk is newer than what is in force
};

} // namespace dubito::config
