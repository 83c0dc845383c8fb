// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Error.h"
#include "backend/session/Command.h"
#include "backend/train/RunState.h"

#include <string>

namespace dubito::session {

/// Whether a command fits a state; else a sentence that says why not. The window disables its buttons by the same table.
Result<void> mayPost(const Command& command, train::RunState state);

} // namespace dubito::session
