// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/AtomicFile.h"
#include "backend/base/Error.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

namespace dubito::train {

/// The list of a checkpoint's files with size and checksum of each, itself guarded by a checksum.
///
/// It is written last: a folder without it is not a checkpoint yet. Damage is found, malice is not its matter.
struct Manifest {
    std::int64_t step = 0;
    std::map<std::string, FileSum> files; ///< by path below the folder: "state/state.json"
};

inline constexpr const char* kManifestName = "manifest.json";

/// ErrorCode::Output.
Result<FileSum> writeManifest(const std::filesystem::path& folder, const Manifest& manifest);

/// ErrorCode::Model when it is absent, damaged, or of a newer version.
Result<Manifest> readManifest(const std::filesystem::path& folder);

/// Every listed file is there with its size and checksum. ErrorCode::Model names the first that is not.
Result<void> verifyFiles(const std::filesystem::path& folder, const Manifest& manifest);

} // namespace dubito::train
