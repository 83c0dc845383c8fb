// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Error.h"

#include <filesystem>
#include <string>

namespace dubito::session {

/// The folder of what is shipped with the program (resources/tiny, resources/sample): beside the executable where it is
/// installed, else in the source tree it was built from. ErrorCode::NotFound names where it was looked for.
Result<std::filesystem::path> resourceFolder();

/// What a run reads when the user names nothing.
struct ShippedRun {
    std::filesystem::path model;
    std::filesystem::path corpus;
    std::filesystem::path validation;
};

Result<ShippedRun> shippedRun();

} // namespace dubito::session
