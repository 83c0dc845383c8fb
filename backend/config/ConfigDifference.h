// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/config/ConfigFields.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dubito::config {

/// One changed key, old and new as typed.
struct Difference {
    std::string_view key;
    std::string before;
    std::string after;
    When when = When::NextStart;

    friend bool operator==(const Difference&, const Difference&) = default;
};

/// In the order of the table; empty when both say the same.
std::vector<Difference> differences(const Config& before, const Config& after);

/// `running` with the live fields of `wanted`.
Config withLiveFields(Config running, const Config& wanted);

/// "memory.pause_available_gb 15 → 12; training.batch_size 4 → 8 (at the next start)": for events and messages.
std::string toText(std::span<const Difference> changes);

} // namespace dubito::config
