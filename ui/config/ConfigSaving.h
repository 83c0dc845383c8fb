// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Error.h"
#include "backend/config/ConfigDifference.h"
#include "backend/config/ConfigStatus.h"

#include <QString>

#include <string>
#include <string_view>
#include <vector>

namespace dubito::ui {

/// What a save must write into the file: what was edited here, what the window applied before without saving, and what
/// the file says otherwise because its newest change was not taken over.
std::vector<config::Difference> toBeSaved(
    std::string_view fileText, const config::ConfigStatus& status, const config::Config& draft);

/// The text of a file with what must be saved changed in place: comments and order stay.
Result<std::string> textToSave(std::string_view fileText, const config::ConfigStatus& status, const config::Config& draft);

/// What the file says, on top of what is in force.
Result<config::Config> withFileValues(const config::Config& inForce, std::string_view fileText, const std::string& name);

/// The whole file; empty when there is none.
Result<std::string> readText(const QString& path);

/// Written beside and renamed.
Result<void> writeText(const QString& path, std::string_view text);

} // namespace dubito::ui
