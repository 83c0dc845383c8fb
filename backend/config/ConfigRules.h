// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/config/Config.h"

#include <string>
#include <string_view>
#include <vector>

namespace dubito::config {

/// What is wrong with one key in the light of the others, in a sentence that the window shows under the field.
struct Problem {
    std::string_view key;
    std::string message;

    friend bool operator==(const Problem&, const Problem&) = default;
};

/// Every rule between keys that does not hold. Ranges of single values are the table's (parseValue).
std::vector<Problem> brokenRules(const Config& config);

} // namespace dubito::config
