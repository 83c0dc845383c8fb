// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Error.h"
#include "backend/config/ConfigDifference.h"

#include <span>
#include <string>
#include <string_view>

namespace dubito::config {

/// The text of a configuration file with one value changed where it stands: comments, order, indentation and line ends
/// stay. A key that is not there is added to its section, a section that is not there at the end.
///
/// The result is read again before it is given out: it says exactly what the old text said, but for this key. Where
/// that cannot be done in place (a value that others refer to, text over several lines) the Error names the line to
/// edit by hand. Requires: a value of the field's type.
Result<std::string> withValue(std::string_view text, const Field& field, const Value& value);

/// The same for what the window changed, one after the other.
Result<std::string> withChanges(std::string_view text, std::span<const Difference> changes);

} // namespace dubito::config
