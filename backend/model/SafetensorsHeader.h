// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Error.h"
#include "backend/model/Safetensors.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace dubito::model {

/// What the JSON at the beginning of a safetensors file says, in the order of the data.
struct SafetensorsHeader {
    std::vector<StoredTensor> tensors;
    std::map<std::string, std::string> metadata;
};

/// The longest header that a file may have, as the format says.
inline constexpr std::uint64_t kLongestHeader = 100'000'000;

/// Parses and checks the JSON text of a header against the length of the data section that follows it.
///
/// Strict: begins with {, is UTF-8, no name twice, no number that is no offset, tensors that cover the data without
/// hole or overlap, shape and dtype that explain the bytes. Depth and memory stay bounded whatever the text is.
Result<SafetensorsHeader> parseSafetensorsHeader(
    std::string_view json, std::uint64_t dataBytes, const std::string& where);

} // namespace dubito::model
