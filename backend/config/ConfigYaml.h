// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/config/ConfigFields.h"
#include "backend/config/ConfigStatus.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dubito::config {

/// What stands between the dots of a key: a section each, and the name.
std::vector<std::string_view> partsOf(std::string_view key);

/// A value as it stands in a file: quoted only where YAML, or a reader with other habits, would misread it.
std::string yamlScalar(const Value& value);

/// Every key with its value, and its origin as a comment: run.yaml. Read again, it gives the same configuration.
std::string effectiveYaml(const Config& config, std::span<const Origin> origins);

/// configs/default.yaml: every key with its default, and help, range, unit and when it acts as comments.
std::string defaultYaml();

/// Every value with its origin, for people: one line per key.
std::string reportText(const Config& config, std::span<const Origin> origins);

/// The same as a JSON array of {key, value, unit, layer, place, live, default}.
std::string reportJson(const Config& config, std::span<const Origin> origins);

} // namespace dubito::config
