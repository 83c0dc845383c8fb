// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Error.h"

#include <exception>
#include <string>

namespace dubito {

/// What was thrown, as a sentence: the last net of a thread and of a program. Want of memory and of threads is
/// ErrorCode::Memory and says what to do; everything else is ErrorCode::Internal.
Error errorOf(const std::exception_ptr& thrown, const std::string& where);

} // namespace dubito
