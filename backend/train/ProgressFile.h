// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Error.h"
#include "backend/train/TrainState.h"

#include <string>
#include <string_view>

namespace dubito::train {

/// TrainProgress as the text of state.json and back, bit for bit: 64-bit words are hexadecimal, an infinity is null.
std::string toStateJson(const TrainProgress& progress);

/// ErrorCode::Model names the field; `where` names the file.
Result<TrainProgress> parseStateJson(std::string_view text, const std::string& where);

} // namespace dubito::train
