// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/AtomicFile.h"
#include "backend/base/Error.h"
#include "backend/model/Dtype.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace dubito::model {

/// A tensor to be written: numbers that somebody else keeps alive until writeSafetensors() is back.
struct TensorToWrite {
    std::string name;
    std::vector<std::int64_t> shape;
    std::span<const float> values;
    Dtype dtype = Dtype::F32; ///< F32 is written bit for bit
};

/// Writes a safetensors file that appears whole or not at all, and says its size and checksum.
///
/// Streams: beside the tensors themselves it holds one small buffer. The metadata {"format": "pt"} is always there,
/// because other readers ask for it. ErrorCode::Output. Requires: names are unique, shapes explain the values.
Result<FileSum> writeSafetensors(const std::filesystem::path& path, std::span<const TensorToWrite> tensors,
    std::map<std::string, std::string> metadata = {});

} // namespace dubito::model
