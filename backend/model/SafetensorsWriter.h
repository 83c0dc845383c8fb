// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/AtomicFile.h"
#include "backend/base/Error.h"
#include "backend/model/Dtype.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace dubito::model {

/// A tensor to be written, without its numbers.
struct TensorPlan {
    std::string name;
    std::vector<std::int64_t> shape;
    Dtype dtype = Dtype::F32; ///< F32 is written bit for bit

    std::uint64_t count() const;
    std::uint64_t bytes() const { return count() * bytesOf(dtype); }
};

/// Gives the numbers of a plan when it is its turn; what it gives stays until it is asked again. Asked once for each, in
/// their order. An error ends the writing, and no file is there.
using TensorNumbers = std::function<Result<std::span<const float>>(const TensorPlan& plan)>;

/// Writes a safetensors file that appears whole or not at all, tensor by tensor, and says its size and checksum.
///
/// Beside the numbers that it is given it holds one small buffer. The metadata {"format": "pt"} is always there, because
/// other readers ask for it. ErrorCode::Output. Requires: names are unique, dtypes are decodable.
Result<FileSum> streamSafetensors(const std::filesystem::path& path, std::span<const TensorPlan> plans,
    const TensorNumbers& numbers, std::map<std::string, std::string> metadata = {});

/// A tensor to be written: numbers that somebody else keeps alive until writeSafetensors() is back.
struct TensorToWrite {
    std::string name;
    std::vector<std::int64_t> shape;
    std::span<const float> values;
    Dtype dtype = Dtype::F32; ///< F32 is written bit for bit
};

/// The same of tensors that are all there. Requires: shapes explain the values.
Result<FileSum> writeSafetensors(const std::filesystem::path& path, std::span<const TensorToWrite> tensors,
    std::map<std::string, std::string> metadata = {});

} // namespace dubito::model
